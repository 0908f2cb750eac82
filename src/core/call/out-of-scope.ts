import type { PhoneNumber } from "../plan/plan.ts";
import type { Call, CoreState, Turn } from "../state.ts";

/**
 * What is none of the centre's (social services, disability care) stays with the districts: such a call is counted, and nothing of
 * the caller is kept. The core forgets the number at once; from the log it goes when the call is over (`EventLog.erase`).
 */

/** The call is led to its district's own telephone. */
export function leadOutOfScope(core: CoreState, turn: Turn, call: Call): void {
  turn.facts.push({ at: turn.at, type: "call.out-of-scope", call: call.id, district: call.district?.name ?? "" });
  forgetCaller(core, call.from, [call.id]);
}

/** Nothing tells any more who called in these calls, which are one contact. */
export function forgetCaller(core: CoreState, from: PhoneNumber | null, calls: readonly string[]): void {
  if (from === null) return;
  core.lastLanguages.delete(from);
  core.lastDistricts.delete(from);
  core.lastAgents.delete(from);
  for (const id of calls) {
    const call = core.calls.get(id);
    // A callback that reached nobody is still to be rung.
    if (call && !call.callback) call.from = null;
    core.toForget.add(id);
  }
}

/** Of the calls to be forgotten, those that are over: nothing will be decided about them any more. */
export function forgettable(core: CoreState): string[] {
  const wrappedUp = new Set([...core.agents.values()].map(({ wrapUp }) => wrapUp?.call));
  return [...core.toForget].filter((id) => !core.calls.has(id) && !wrappedUp.has(id));
}
