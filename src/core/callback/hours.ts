import { isOpen, nextClosing, nextOpening } from "../hours/open.ts";
import type { CallbackRules, GroupId, Plan } from "../plan/plan.ts";

/** When a group may ring citizens back: within its hours. All instants are ms since the epoch, UTC. */

/** A citizen is rung back also when a new plan has no rules for it any more: what was promised holds. */
const plainRules: CallbackRules = { attempts: 3, retryMs: 600_000, ringMs: 25_000, nordicMobiles: false };

export const rulesOf = (plan: Plan | null): CallbackRules => plan?.callbacks ?? plainRules;

const hoursOf = (plan: Plan | null, group: GroupId) => plan?.hours[plan.groups[group]?.hours ?? ""];

export function mayRing(plan: Plan | null, group: GroupId, at: number): boolean {
  const hours = hoursOf(plan, group);
  return !plan || !hours || isOpen(hours, plan.calendar, at);
}

/** Hours are looked at again at least so often: a timer holds no longer. */
const lookAgainMs = 24 * 3_600_000;

/** When the group opens, or whether it does is to be looked at again. */
export function opensAt(plan: Plan | null, group: GroupId, at: number): number {
  const hours = hoursOf(plan, group);
  const opens = plan && hours && nextOpening(hours, plan.calendar, at);
  return Math.min(opens ?? Number.POSITIVE_INFINITY, at + lookAgainMs);
}

/** When the group closes, or that is to be looked at again; undefined: it never does. */
export function closesAt(plan: Plan | null, group: GroupId, at: number): number | undefined {
  const hours = hoursOf(plan, group);
  if (!plan || !hours) return undefined;
  return Math.min(nextClosing(hours, plan.calendar, at) ?? Number.POSITIVE_INFINITY, at + lookAgainMs);
}

/** Whether the group is open now or will be. */
export function everOpens(plan: Plan, group: GroupId, at: number): boolean {
  const hours = hoursOf(plan, group);
  return !hours || isOpen(hours, plan.calendar, at) || nextOpening(hours, plan.calendar, at) !== undefined;
}
