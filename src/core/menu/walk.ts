import type { Piece, PlanNode } from "../plan/node.ts";
import type { EntryNumber, GroupId, Language, NodeId, Plan, Priority, Target, Text } from "../plan/plan.ts";
import type { Said } from "../speech/said.ts";

/**
 * The walk through a menu, one key or silence at a time. Pure: the caller keeps the place and hands it in again.
 *
 *            startMenu ──▶ node ──key──▶ node | group
 *                          │  ▲
 *        wrong key, silence│  │`*`, or tries left: the prompt again
 *                          ▼  │
 *                        repeat ──no tries left──▶ fallback: node | group
 *
 * No function here throws. A way that leads nowhere (a plan changed under a call, say) leads to the plan's last resort.
 */

/** Where a caller is in the menu. `tries`: how often silence or a wrong key has happened at this node. */
export interface MenuPlace {
  readonly node: NodeId;
  readonly language: Language;
  readonly tries: number;
  /** Nodes come through before, for the way back. */
  readonly trail?: readonly NodeId[];
  /** Where within a node of several questions, the digits keyed in so far, and which of several parts: the node's own. */
  readonly step?: string;
  readonly typed?: string;
  readonly part?: number;
  /** Who the caller has shown to be, by a PIN. */
  readonly who?: string;
}

/**
 * Why a step was taken. "start": the call came in; "key": the node has that key; "wrong-key", "no-key": it has not, or silence;
 * "lost": the plan has no such way, the last resort answers.
 */
export type MenuCause = "start" | "key" | "wrong-key" | "no-key" | "lost";

/** What happens next. `say`: to be spoken, in this order, before waiting for a key or before the queue. */
export type MenuStep =
  /** Another node, or the first one. `label`: what to add to the path the agent sees, null when there is nothing new. */
  | {
      readonly to: "node";
      readonly place: MenuPlace;
      readonly because: MenuCause;
      readonly say: readonly Said[];
      readonly label: Text | null;
    }
  /** The same node once more. */
  | {
      readonly to: "repeat";
      readonly place: MenuPlace;
      readonly because: "key" | "wrong-key" | "no-key";
      readonly say: readonly Said[];
    }
  /** The menu is over: the call enters the group's queue. */
  | {
      readonly to: "group";
      readonly group: GroupId;
      readonly language: Language;
      readonly priority?: Priority;
      readonly district?: string;
      readonly because: MenuCause;
      readonly say: readonly Said[];
      readonly label: Text | null;
    }
  /** The caller is thanked, and the call ends. */
  | { readonly to: "end"; readonly language: Language; readonly because: MenuCause; readonly say: readonly Said[] };

/** The first step of a call: the number's greeting, then its menu or at once its group. The path starts with `entry.name`. */
export function startMenu(plan: Plan, entry: EntryNumber, start: Target = entry.start): MenuStep {
  const step = lead(plan, start, entry.language, "start");
  if (step.to === "repeat") return lost(plan, entry.language);
  const { extension } = entry;
  if (extension === undefined || start !== entry.start || step.to !== "node") return greeted(step, entry);
  return { ...step, place: { ...step.place, step: directStep, typed: extension }, say: [], label: null };
}

/** Where within its node a call to an officer's own number stands. */
export const directStep = "direct";

function greeted<S extends Exclude<MenuStep, { to: "repeat" }>>(step: S, entry: EntryNumber): MenuStep {
  const say = [...(entry.greeting === "" ? [] : [entry.greeting]), ...step.say];
  return step.to === "end" ? { ...step, say } : { ...step, say, label: null };
}

/** A key at a menu. Any string may come from the line; what the menu does not have is a wrong key. */
export function pressKey(plan: Plan, place: MenuPlace, key: string): MenuStep {
  const node = nodeOf(plan, place.node);
  if (!node) return lost(plan, place.language);
  if (node.kind !== "menu") return { to: "repeat", place, because: "wrong-key", say: [] };
  const target = own(node.keys as Readonly<Record<string, Target>>, key);
  return target ? lead(plan, target, place.language, "key", place) : again(plan, place, node, "wrong-key", spokenBy(node));
}

/** Silence at a menu: its wait is over and no key came. */
export function noKey(plan: Plan, place: MenuPlace): MenuStep {
  const node = nodeOf(plan, place.node);
  if (!node) return lost(plan, place.language);
  if (node.kind !== "menu") return { to: "repeat", place, because: "no-key", say: [] };
  return again(plan, place, node, "no-key", spokenBy(node));
}

/** The same question once more, `say` after the reason why; with no tries left, the node's way for who presses nothing. */
export function again(
  plan: Plan,
  place: MenuPlace,
  node: { readonly tries: number; readonly fallback: Target },
  because: "wrong-key" | "no-key",
  say: readonly Said[],
): MenuStep {
  const tries = place.tries + 1;
  if (tries < node.tries) return { to: "repeat", place: { ...place, tries }, because, say: [because, ...say] };
  // A fallback to "repeat" would hold a silent caller for ever, so it counts as no way at all.
  return lead(plan, node.fallback, place.language, because);
}

/** Goes where a target leads. `from`: the place left, when there is one that may be repeated, or come back to. */
export function lead(
  plan: Plan,
  target: Target,
  spoken: Language,
  because: Exclude<MenuCause, "lost">,
  from?: MenuPlace,
): MenuStep {
  if (target.to === "repeat") {
    const node = from && nodeOf(plan, from.node);
    return node ? { to: "repeat", place: from, because: "key", say: spokenBy(node) } : lost(plan, spoken);
  }
  if (target.to === "end") return { to: "end", language: spoken, because, say: [] };
  if (target.to === "back") {
    const trail = from?.trail ?? [];
    const before = trail.at(-1);
    const node = nodeOf(plan, before ?? from?.node ?? "");
    // With nothing before it a menu is said again; a step that leads back would only come to itself.
    if (!node || (before === undefined && node.kind !== "menu")) return lost(plan, spoken);
    const place = { node: node.id, language: spoken, tries: 0, trail: trail.slice(0, -1) };
    return { to: "node", place, because, say: spokenBy(node), label: null };
  }
  const language = target.language ?? spoken;
  if (target.to === "group") {
    const group = own(plan.groups, target.group);
    if (!group) return lost(plan, language);
    const { priority, district } = target;
    const asks = { ...(priority === undefined ? {} : { priority }), ...(district === undefined ? {} : { district }) };
    return { to: "group", group: group.id, language, ...asks, because, say: [], label: group.name };
  }
  const node = nodeOf(plan, target.node);
  if (!node) return lost(plan, language);
  // The same node in another language is no new choice of subject.
  const same = node.id === from?.node;
  const label = same || node.kind === "message" ? null : node.label;
  const before = same ? (from.trail ?? []) : from ? [...(from.trail ?? []), from.node].slice(-longestTrail) : [];
  const trail = before.length > 0 ? { trail: before } : {};
  return { to: "node", place: { node: node.id, language, tries: 0, ...trail }, because, say: spokenBy(node), label };
}

/** Whoever goes round in circles comes back this many steps at most. */
const longestTrail = 9;

/** What is said on coming to a node; the other kinds say what their rules say. */
function spokenBy(node: PlanNode): readonly Piece[] {
  return node.kind === "menu" ? [...(node.says ?? []), node.prompt] : [];
}

/** The last resort: for a way that leads nowhere. */
export function lost(plan: Plan, language: Language): MenuStep {
  const label = own(plan.groups, plan.lastResort)?.name ?? null;
  return { to: "group", group: plan.lastResort, language, because: "lost", say: [], label };
}

export function nodeOf(plan: Plan, id: NodeId): PlanNode | undefined {
  return own(plan.nodes, id);
}

/** A record's own member: ids come from outside, and "constructor" is not one of them. */
function own<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}
