import type { Call, CoreState, Turn } from "../state.ts";

/** How calls end: one half first, then the other; what was made for the call is let go of. */

/** Forgets a call when both its halves are gone. */
export function forgetIfOver(core: CoreState, turn: Turn, call: Call): void {
  if (!call.callerGone || call.offer || call.outside) return;
  if (call.bridged) turn.effects.push({ do: "free-bridge", call: call.id });
  core.calls.delete(call.id);
}
