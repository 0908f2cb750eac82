import { type PromptId, spokenPlaces } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import { type Call, type CoreState, setTimer, type Turn } from "../state.ts";
import { estimateFor } from "./explain.ts";
import { offerCall } from "./offer.ts";
import { reviewSecondLine } from "./second-line.ts";
import { say, startMusic } from "./sound.ts";
import { placeTimer } from "./timers.ts";
import { armRung, dropQuestion, leaveQueue, movePlace, placeOf, takePlace, waits, waitsNoMore } from "./waiting.ts";

/** Waiting for an agent: in one place from start to answer, with its number told and music between. */

/** Enters the queue; `before` (a greeting) is spoken ahead of the place. */
export function enterQueue(core: CoreState, turn: Turn, call: Call, ask: Ask, before: readonly PromptId[]): void {
  call.stage = { name: "queue" };
  takePlace(core, turn, call, ask);
  if (!offerOrTell(core, turn, call, before)) tellEstimate(core, turn, call);
  reviewSecondLine(core, turn, ask.group);
}

/** A call that waits goes over to another queue, or asks for less in its own: with the waiting time and the order it has. */
export function changeQueue(core: CoreState, turn: Turn, call: Call, ask: Ask, before: readonly PromptId[]): void {
  const left = call.queued?.ask.group ?? "";
  waitsNoMore(core, turn, call);
  leaveQueue(core, turn, call);
  dropQuestion(core, turn, call);
  movePlace(core, turn, call, ask);
  offerOrTell(core, turn, call, before);
  for (const group of new Set([left, ask.group])) reviewSecondLine(core, turn, group);
}

function offerOrTell(core: CoreState, turn: Turn, call: Call, before: readonly PromptId[]): boolean {
  waits(core, turn, call);
  const offered = offerCall(core, turn, call);
  const place = placeOf(core, call);
  if (call.queued) call.queued.toldPlace = place;
  say(turn, call, [...before, offered ? "to-agent" : placePrompt(place)]);
  armPlace(core, turn, call);
  return offered;
}

/** A prompt ended while waiting: music until something else is to be said. */
export function queueSpoken(turn: Turn, call: Call): void {
  if (call.stage.name === "queue" && !call.callerGone) startMusic(turn, call);
}

/** Time to tell the place again; said only when it has become better. */
export function tellPlace(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "queue" || !call.queued || call.callerGone) return;
  const place = placeOf(core, call);
  if (!call.offer && !call.playback && !call.stage.question && place < call.queued.toldPlace) {
    call.queued.toldPlace = place;
    say(turn, call, [placePrompt(place)]);
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

function placePrompt(place: number): PromptId {
  if (place <= 1) return "place-first";
  return place <= spokenPlaces ? `place-${place}` : "place-many";
}

/** Kept in the log beside what the wait then was, so that estimates can be judged. */
function tellEstimate(core: CoreState, turn: Turn, call: Call): void {
  const estimate = estimateFor(core, call, turn.at);
  if (estimate)
    turn.facts.push({ at: turn.at, type: "call.estimated", call: call.id, group: call.queued?.ask.group ?? "", ...estimate });
}
