import { type GroupId, type PromptId, spokenPlaces } from "../plan/plan.ts";
import { addWaiting, placeOf } from "../routing/longest-idle.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { offerCall } from "./offer.ts";
import { say, startMusic } from "./sound.ts";
import { placeTimer } from "./timers.ts";

/** Waiting for an agent: in one place from start to answer, with its number told and music between. */

/** Enters the group's queue; `before` (a greeting) is spoken ahead of the place. */
export function enterQueue(core: CoreState, turn: Turn, call: Call, group: GroupId, before: readonly PromptId[]): void {
  call.stage = { name: "queue" };
  call.queued = { group, at: turn.at, order: core.nextOrder++, toldPlace: 0 };
  turn.facts.push({ at: turn.at, type: "call.queued", call: call.id, group, language: call.language });
  addWaiting(core, call);
  const offered = offerCall(core, turn, call);
  const place = placeOf(core, call);
  call.queued.toldPlace = place;
  say(turn, call, [...before, offered ? "to-agent" : placePrompt(place)]);
  armPlace(core, turn, call);
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
  if (!call.offer && !call.playback && place < call.queued.toldPlace) {
    call.queued.toldPlace = place;
    say(turn, call, [placePrompt(place)]);
  }
  armPlace(core, turn, call);
}

/** After the engine was away: music at once. */
export function waitAgain(core: CoreState, turn: Turn, call: Call): void {
  startMusic(turn, call);
  armPlace(core, turn, call);
}

export function leaveQueue(core: CoreState, turn: Turn, call: Call): void {
  clearTimer(core, turn, placeTimer(call.id));
}

function armPlace(core: CoreState, turn: Turn, call: Call): void {
  const every = core.plan?.groups[call.queued?.group ?? ""]?.placeEveryMs ?? 0;
  if (every > 0) setTimer(core, turn, placeTimer(call.id), turn.at + every);
}

function placePrompt(place: number): PromptId {
  if (place <= 1) return "place-first";
  return place <= spokenPlaces ? `place-${place}` : "place-many";
}
