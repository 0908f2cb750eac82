import { estimateFor } from "../call/explain.ts";
import type { NodeId, Plan } from "../plan/plan.ts";
import { canBeServed } from "../routing/check.ts";
import type { Ask } from "../routing/types.ts";
import type { Call, CoreState } from "../state.ts";
import { bookedFor } from "./booking.ts";
import { closesAt, everOpens, mayRing } from "./hours.ts";

/** Whether a callback can be offered, and where it is booked. */

/**
 * Only where it is clear who will ring, somebody could, and the group is open then: one that closes before the call's turn can have
 * come would first ring on another day, and waiting is better than that.
 */
export function mayBook(core: CoreState, plan: Plan, call: Call, wanted: Ask, at: number): boolean {
  if (!plan.callbacks || !Object.hasOwn(plan.groups, wanted.group)) return false;
  if (!canBeServed(core.router, wanted) || !everOpens(plan, wanted.group, at)) return false;
  if (!mayRing(plan, wanted.group, at)) return true;
  const closes = closesAt(plan, wanted.group, at);
  const soonest = at + (estimateFor(core, call, at)?.fromMs ?? 0);
  return closes === undefined || soonest < closes;
}

/** The step where a call that waits can book one for its place: one of its waiting menu's, or else any; undefined when it cannot. */
export function bookingNode(core: CoreState, plan: Plan, call: Call, at: number): NodeId | undefined {
  const { queued, from } = call;
  if (!queued || bookedFor(core, from) || !mayBook(core, plan, call, queued.ask, at)) return undefined;
  const menu = plan.nodes[plan.groups[queued.ask.group]?.waitingMenu ?? ""];
  const near = menu?.kind === "menu" ? Object.values(menu.keys) : [];
  const nodes = [...near.map((target) => (target?.to === "node" ? target.node : "")), ...Object.keys(plan.nodes)];
  return nodes.find((id) => Object.hasOwn(plan.nodes, id) && plan.nodes[id]?.kind === "callback");
}
