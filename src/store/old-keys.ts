import { rules } from "../core/nodes/rules.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { LogEntry } from "./event-log.ts";

/**
 * PINs and codes that earlier versions wrote into the log, key by key. The engine hides such keys before anything is written
 * (`engine/secrets.ts`); these are hidden afterwards, once, as they would be today.
 */

/** The nodes of these plans, `plan.set` as JSON, at which a PIN or a code is keyed. */
export function secretNodes(plans: Iterable<string>): Set<string> {
  const secret = new Set(Object.entries(rules).flatMap(([kind, { secret }]) => (secret ? [kind] : [])));
  const found = new Set<string>();
  for (const json of plans) {
    const { plan } = JSON.parse(json) as { readonly plan?: Pick<Plan, "nodes"> };
    for (const node of Object.values(plan?.nodes ?? {})) if (secret.has(node.kind)) found.add(node.id);
  }
  return found;
}

/** What tells of keys, and of where a call is. */
export const keyEntries = ["key", "key.down", "call.key", "call.menu", "call.queued", "call.outside-rung", "call.ended"] as const;

type Row = Pick<LogEntry, "seq" | "type" | "json">;

/**
 * Of one call's entries (`keyEntries`), in order, those that tell a digit keyed at such a node, by `seq`, as they are to be from now
 * on. Which digit begins the code nobody tells, so the number before it goes too; a key that a fact names was a choice, and stays.
 * What is replayed comes to the same: a look-up's answer stands in the log, and is not asked for again.
 */
export function hiddenKeys(entries: readonly Row[], nodes: ReadonlySet<string>): Map<number, string> {
  const hidden = new Map<number, string>();
  const hide = ({ seq, json }: Row): void =>
    void hidden.set(seq, JSON.stringify({ ...(JSON.parse(json) as object), key: "0", hidden: true }));
  let within = false;
  /** The last digit and its going down: a fact right after it would name it. */
  let last: readonly (Row & { readonly key: string })[] = [];
  for (const { seq, type, json } of entries) {
    const { key = "", node = "" } = JSON.parse(json) as { readonly key?: string; readonly node?: string };
    if (type === "key" || type === "key.down") {
      const itsOwn = type === "key" ? last.findLast((one) => one.type === "key.down" && one.key === key) : undefined;
      for (const one of last) if (one !== itsOwn) hide(one);
      last = [...(itsOwn ? [itsOwn] : []), ...(within && /^\d$/.test(key) ? [{ seq, type, json, key }] : [])];
    } else if (type === "call.key") last = [];
    else {
      last.forEach(hide);
      last = [];
      within = type === "call.menu" && nodes.has(node);
    }
  }
  last.forEach(hide);
  return hidden;
}
