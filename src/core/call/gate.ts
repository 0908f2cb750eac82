import { isOpen } from "../hours/open.ts";
import type { Plan } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Call, CoreState } from "../state.ts";
import { inQueue } from "./waiting.ts";

/** Whether a group takes a call now. What nobody has said otherwise about is open, and has room for everybody. */

export function isClosed(plan: Plan, hours: string | undefined, at: number): boolean {
  const known = hours === undefined ? undefined : plan.hours[hours];
  return known !== undefined && !isOpen(known, plan.calendar, at);
}

/**
 * Why a call is not let in; undefined when it is. An urgent one is never turned away because of a long queue, and no call twice by the
 * same: what a full group offers instead may lead back to it.
 */
export function turnedAway(core: CoreState, plan: Plan, call: Call, ask: Ask, at: number): "closed" | "full" | undefined {
  const group = plan.groups[ask.group];
  if (group?.closed && isClosed(plan, group.hours, at)) return "closed";
  if (!group?.full || ask.priority === "urgent" || call.sentOn?.includes(ask.group)) return undefined;
  return inQueue(core, ask.group) >= group.full.waiting ? "full" : undefined;
}
