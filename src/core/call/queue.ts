import { takeWaiting } from "../announcements/hearing.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, setTimer, type Turn } from "../state.ts";
import { estimateFor } from "./explain.ts";
import { offerCall } from "./offer.ts";
import { reviewSecondLine } from "./second-line.ts";
import { say, startMusic } from "./sound.ts";
import { placeTimer } from "./timers.ts";
import { armRung, placeOf, takePlace, waits } from "./waiting.ts";

/** Waiting for an agent: in one place from start to answer, with its number told and music between. */

/** Enters the queue; `before` (a greeting) is spoken ahead of the place. */
export function enterQueue(core: CoreState, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
  call.stage = { name: "queue" };
  takePlace(core, turn, call, ask);
  waits(core, turn, call);
  const offered = offerCall(core, turn, call);
  const place = placeOf(core, call);
  if (call.queued) call.queued.toldPlace = place;
  say(turn, call, [...before, offered ? "to-agent" : { place }]);
  armPlace(core, turn, call);
  if (!offered) tellEstimate(core, turn, call);
  reviewSecondLine(core, turn, ask.group);
}

/** A prompt ended while waiting: an announcement that came meanwhile, or music until something else is to be said. */
export function queueSpoken(core: CoreState, turn: Turn, call: Call): void {
  if (call.stage.name !== "queue" || call.callerGone) return;
  const announcements = takeWaiting(core, call);
  if (announcements.length > 0) say(turn, call, announcements);
  else startMusic(turn, call);
}

/** Time to tell the place again; said only when it has become better. */
export function tellPlace(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "queue" || !call.queued || call.callerGone) return;
  const place = placeOf(core, call);
  if (!call.offer && !call.playback && place < call.queued.toldPlace) {
    call.queued.toldPlace = place;
    say(turn, call, [{ place }]);
  }
  armPlace(core, turn, call);
}

/** The call rises on its ladder: more agents may take it now, and one of them may be free. */
export function rungRises(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "queue" || call.callerGone || call.offer) return;
  armRung(core, turn, call);
  offerCall(core, turn, call);
}

/** After the engine was away: music at once. */
export function waitAgain(core: CoreState, turn: Turn, call: Call): void {
  startMusic(turn, call);
  armPlace(core, turn, call);
}

function armPlace(core: CoreState, turn: Turn, call: Call): void {
  const every = core.plan?.groups[call.queued?.ask.group ?? ""]?.placeEveryMs ?? 0;
  if (every > 0) setTimer(core, turn, placeTimer(call.id), turn.at + every);
}

/** Kept in the log beside what the wait then was, so that estimates can be judged. */
function tellEstimate(core: CoreState, turn: Turn, call: Call): void {
  const estimate = estimateFor(core, call, turn.at);
  if (estimate)
    turn.facts.push({ at: turn.at, type: "call.estimated", call: call.id, group: call.queued?.ask.group ?? "", ...estimate });
}
