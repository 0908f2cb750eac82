import type { Fact } from "../facts.ts";
import { type Call, type CoreState, setTimer, type Turn } from "../state.ts";
import { endTimer, lookAfterMs } from "./timers.ts";

/** How calls end: one half first, then the other; what was made for the call is let go of. */

/** Forgets a call when both its halves are gone. */
export function forgetIfOver(core: CoreState, turn: Turn, call: Call): void {
  if (!call.callerGone || call.offer || call.outside) return;
  if (call.bridged) turn.effects.push({ do: "free-bridge", call: call.id });
  core.calls.delete(call.id);
}

/** Asks for the end of the caller's half. */
export function endCaller(core: CoreState, turn: Turn, call: Call): void {
  turn.effects.push({ do: "end-caller", call: call.id });
  setTimer(core, turn, endTimer(call.id), turn.at + lookAfterMs);
}

type CallEnd = Extract<Fact, { type: "call.ended" }>;

/** The call is over: where it was, and who ended it. */
export function over(turn: Turn, call: Call, stage: CallEnd["stage"], by: CallEnd["by"]): void {
  call.stage = { name: "over" };
  turn.facts.push({ at: turn.at, type: "call.ended", call: call.id, stage, by });
}
