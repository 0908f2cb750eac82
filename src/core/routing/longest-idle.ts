import type { GroupId } from "../plan/plan.ts";
import type { Agent, Call, CoreState } from "../state.ts";

/**
 * Who waits and who is free, in order, per group. A call that is being offered leaves the waiting index but keeps its
 * `order`; it comes back to the same place. Every change of state that matters here goes through these functions.
 */

/** Adds an item to a group's order; `newest` tells that nothing comes after it, which spares the sorting. */
function insert<T>(
  index: Map<GroupId, Map<string, T>>,
  group: GroupId,
  id: string,
  item: T,
  newest: boolean,
  order: (item: T) => number,
): void {
  const items = index.get(group) ?? new Map<string, T>();
  index.set(group, items);
  items.set(id, item);
  if (newest) return;
  const sorted = [...items].sort((a, b) => order(a[1]) - order(b[1]));
  items.clear();
  for (const [key, value] of sorted) items.set(key, value);
}

const callOrder = (call: Call): number => call.queued?.order ?? 0;
const idleOrder = (agent: Agent): number => agent.idleOrder;

export function addWaiting(core: CoreState, call: Call): void {
  const place = call.queued;
  if (place) insert(core.waiting, place.group, call.id, call, place.order === core.nextOrder - 1, callOrder);
}

export function removeWaiting(core: CoreState, call: Call): void {
  if (call.queued) core.waiting.get(call.queued.group)?.delete(call.id);
}

/** Puts an agent among the free ones, or takes them out, according to state and phones. */
export function indexAgent(core: CoreState, agent: Agent): void {
  const free = agent.state === "available" && (agent.phones.browser || agent.phones.desk);
  for (const group of agent.groups) {
    if (free) insert(core.idle, group, agent.id, agent, agent.idleOrder === core.nextIdle - 1, idleOrder);
    else core.idle.get(group)?.delete(agent.id);
  }
}

/** The call this agent should take: of all their groups, the one that came first. */
export function firstCallFor(core: CoreState, agent: Agent): Call | undefined {
  let best: Call | undefined;
  for (const group of agent.groups) {
    const head = core.waiting.get(group)?.values().next().value;
    if (head && (best === undefined || callOrder(head) < callOrder(best))) best = head;
  }
  return best;
}

/** The agent of the call's group who has been free longest. */
export function longestIdleFor(core: CoreState, call: Call): Agent | undefined {
  return call.queued ? core.idle.get(call.queued.group)?.values().next().value : undefined;
}

/** The caller's place in the group's queue, 1 = next. Calls being offered now count as before it when they came before. */
export function placeOf(core: CoreState, call: Call): number {
  const mine = call.queued;
  if (!mine) return 0;
  let before = 0;
  for (const other of core.calls.values()) {
    const theirs = other.queued;
    if (theirs && other.stage.name === "queue" && !other.callerGone && theirs.group === mine.group && theirs.order < mine.order)
      before++;
  }
  return before + 1;
}
