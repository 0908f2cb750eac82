import type { EntryNumber, GroupId, Language, MenuNode, NodeId, Plan, Priority, PromptId, Target, Text } from "../plan/plan.ts";

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
}

/**
 * Why a step was taken. "start": the call came in; "key": the node has that key; "wrong-key", "no-key": it has not, or silence;
 * "lost": the plan has no such way, the last resort answers.
 */
export type MenuCause = "start" | "key" | "wrong-key" | "no-key" | "lost";

/** What happens next. `say`: prompts to speak, in this order, before waiting for a key or before the queue. */
export type MenuStep =
  /** Another node, or the first one. `label`: what to add to the path the agent sees, null when there is nothing new. */
  | {
      readonly to: "node";
      readonly place: MenuPlace;
      readonly because: MenuCause;
      readonly say: readonly PromptId[];
      readonly label: Text | null;
    }
  /** The same node once more. */
  | {
      readonly to: "repeat";
      readonly place: MenuPlace;
      readonly because: "key" | "wrong-key" | "no-key";
      readonly say: readonly PromptId[];
    }
  /** The menu is over: the call enters the group's queue. */
  | {
      readonly to: "group";
      readonly group: GroupId;
      readonly language: Language;
      readonly priority?: Priority;
      readonly district?: string;
      readonly because: MenuCause;
      readonly say: readonly PromptId[];
      readonly label: Text | null;
    };

/** The first step of a call: the number's greeting, then its menu or at once its group. The path starts with `entry.name`. */
export function startMenu(plan: Plan, entry: EntryNumber): MenuStep {
  const step = follow(plan, entry.start, entry.language, "start");
  return step.to === "repeat" ? lost(plan, entry.language) : { ...step, say: [entry.greeting, ...step.say], label: null };
}

/** A key at a place. Any string may come from the line; what the node does not have is a wrong key. */
export function pressKey(plan: Plan, place: MenuPlace, key: string): MenuStep {
  const node = nodeOf(plan, place.node);
  if (!node) return lost(plan, place.language);
  const target = own(node.keys as Readonly<Record<string, Target>>, key);
  return target ? follow(plan, target, place.language, "key", place) : again(plan, node, place, "wrong-key");
}

/** Silence at a place: the node's wait is over and no key came. */
export function noKey(plan: Plan, place: MenuPlace): MenuStep {
  const node = nodeOf(plan, place.node);
  return node ? again(plan, node, place, "no-key") : lost(plan, place.language);
}

/** The same place spoken again, with its tries kept: after a restart of the engine. */
export function resumeMenu(plan: Plan, place: MenuPlace): MenuStep {
  const node = nodeOf(plan, place.node);
  return node ? { to: "repeat", place, because: "key", say: [node.prompt] } : lost(plan, place.language);
}

function again(plan: Plan, node: MenuNode, place: MenuPlace, because: "wrong-key" | "no-key"): MenuStep {
  const tries = place.tries + 1;
  if (tries < node.tries) return { to: "repeat", place: { ...place, tries }, because, say: [because, node.prompt] };
  // A fallback to "repeat" would hold a silent caller for ever, so it counts as no way at all.
  return follow(plan, node.fallback, place.language, because);
}

/** Goes where a target leads. `from`: the place left, when there is one that may be repeated. */
function follow(plan: Plan, target: Target, spoken: Language, because: Exclude<MenuCause, "lost">, from?: MenuPlace): MenuStep {
  if (target.to === "repeat") {
    const node = from && nodeOf(plan, from.node);
    return node ? { to: "repeat", place: from, because: "key", say: [node.prompt] } : lost(plan, spoken);
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
  const label = node.id === from?.node ? null : node.label;
  return { to: "node", place: { node: node.id, language, tries: 0 }, because, say: [node.prompt], label };
}

function lost(plan: Plan, language: Language): MenuStep {
  const label = own(plan.groups, plan.lastResort)?.name ?? null;
  return { to: "group", group: plan.lastResort, language, because: "lost", say: [], label };
}

function nodeOf(plan: Plan, id: NodeId): MenuNode | undefined {
  return own(plan.nodes, id);
}

/** A record's own member: ids come from outside, and "constructor" is not one of them. */
function own<T>(record: Readonly<Record<string, T>>, id: string): T | undefined {
  return Object.hasOwn(record, id) ? record[id] : undefined;
}
