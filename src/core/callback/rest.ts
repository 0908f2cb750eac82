import { offerCall } from "../call/offer.ts";
import { reviewSecondLine } from "../call/second-line.ts";
import { callbackTimer } from "../call/timers.ts";
import { joinQueue, leaveQueue, waits, waitsNoMore } from "../call/waiting.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { closesAt, mayRing, opensAt } from "./hours.ts";

/**
 * A callback between its attempts. Its order and the instant from which it waits are those of the call it was booked in, and never
 * change: so it is never ahead of, and never behind, the place that call had.
 *
 *   asleep ──time has come, group open──▶ waiting ──agent answers──▶ ringing
 *      ▲                                    │  ▲ offer missed           │
 *      └────────── group closes ────────────┘  └─                       │
 *      └────────── nobody reached, attempts left ───────────────────────┘
 */

/** It waits for an agent in its place, or sleeps until it may. */
export function takeTurn(core: CoreState, turn: Turn, call: Call): void {
  const { callback, queued } = call;
  if (!callback || !queued) return;
  const { group } = queued.ask;
  call.stage = { name: "queue" };
  if (callback.notBefore > turn.at) return sleep(core, turn, call, callback.notBefore);
  if (!mayRing(core.plan, group, turn.at)) return sleep(core, turn, call, opensAt(core.plan, group, turn.at));
  if (call.absent === "asleep" && callback.attempts > 0)
    turn.facts.push({ at: turn.at, type: "callback.offered-again", call: call.id, group, attempt: callback.attempts + 1 });
  call.absent = "waiting";
  joinQueue(core, call);
  waits(core, turn, call);
  const closes = closesAt(core.plan, group, turn.at);
  if (closes !== undefined) setTimer(core, turn, callbackTimer(call.id), closes);
  offerCall(core, turn, call);
  reviewSecondLine(core, turn, group);
}

/** The group opens or closes, the time between two attempts is over, or another plan holds from now on. */
export function lookAgain(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  // An agent whom it rings at finds out by answering: see `attempt.ts`.
  if (!call?.absent || call.absent === "ringing" || call.offer) return;
  waitsNoMore(core, turn, call);
  takeTurn(core, turn, call);
}

/** It waits for nobody from now on. */
export function rest(core: CoreState, turn: Turn, call: Call): void {
  waitsNoMore(core, turn, call);
  leaveQueue(core, turn, call);
  clearTimer(core, turn, callbackTimer(call.id));
}

function sleep(core: CoreState, turn: Turn, call: Call, until: number): void {
  rest(core, turn, call);
  call.absent = "asleep";
  setTimer(core, turn, callbackTimer(call.id), until);
  reviewSecondLine(core, turn, call.queued?.ask.group ?? "");
}

/** Another plan may have other hours. */
export function lookAgainAtAll(core: CoreState, turn: Turn): void {
  for (const { id, absent, offer } of core.calls.values())
    if (absent !== undefined && absent !== "ringing" && !offer) setTimer(core, turn, callbackTimer(id), turn.at);
}
