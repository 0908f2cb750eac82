import type { Plan } from "../plan/plan.ts";
import { forgetBefore } from "../remembered.ts";
import type { CoreState } from "../state.ts";
import { forgetAgents } from "./last-agent.ts";

/** How long a caller is remembered when the plan does not say. */
const usualMs = 90 * 24 * 3_600_000;

/**
 * Whoever has not rung for as long as the plan allows is known no more: neither their language nor their district. With each call
 * that comes, so that nothing of a caller outlives its use by more than the time to the next one.
 */
export function forgetCallers(core: CoreState, plan: Plan, at: number): void {
  const then = at - (plan.rememberCallersMs ?? usualMs);
  forgetBefore(core.lastLanguages, then);
  forgetBefore(core.lastDistricts, then);
  forgetAgents(core, at);
}
