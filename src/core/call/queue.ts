import { takeWaiting } from "../announcements/hearing.ts";
import { nodeOf } from "../menu/walk.ts";
import type { NodeId, Plan } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { armSpeakers, askIfDue } from "./busy-speakers.ts";
import { estimateFor } from "./explain.ts";
import { offerCall } from "./offer.ts";
import { saidOf } from "./pieces.ts";
import { reviewSecondLine } from "./second-line.ts";
import { say, startMusic } from "./sound.ts";
import { placeTimer, speakersTimer } from "./timers.ts";
import { armRung, dropQuestion, leaveQueue, movePlace, placeOf, takePlace, waits, waitsNoMore } from "./waiting.ts";

/** Waiting for an agent: in one place from start to answer, with its number told and music between. */

/** Enters the queue; `before` (a greeting) is spoken ahead of the place. */
export function enterQueue(core: CoreState, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
  call.stage = { name: "queue" };
  takePlace(core, turn, call, ask);
  if (!offerOrTell(core, turn, call, before)) tellEstimate(core, turn, call);
  reviewSecondLine(core, turn, ask.group);
}

/** A call that waits goes over to another queue, or asks for less in its own: with the waiting time and the order it has. */
export function changeQueue(core: CoreState, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
  const left = call.queued?.ask.group ?? "";
  waitsNoMore(core, turn, call);
  leaveQueue(core, turn, call);
  if (call.aside) call.stage = { name: "queue" };
  delete call.aside;
  dropQuestion(core, turn, call);
  movePlace(core, turn, call, ask);
  offerOrTell(core, turn, call, before);
  for (const group of new Set([left, ask.group])) reviewSecondLine(core, turn, group);
}

function offerOrTell(core: CoreState, turn: Turn, call: Call, before: readonly Said[]): boolean {
  waits(core, turn, call);
  const offered = offerCall(core, turn, call);
  const place = placeOf(core, call);
  if (call.queued) call.queued.toldPlace = place;
  const wait = offered ? [] : saidOf(core, call, "$wait", turn.at);
  say(turn, call, [...before, offered ? "to-agent" : { place }, ...wait]);
  armPlace(core, turn, call);
  armSpeakers(core, turn, call);
  return offered;
}

/** The menu whose keys work while the call waits. */
export function waitingMenuOf(plan: Plan | null, call: Call): NodeId | undefined {
  return plan?.groups[call.queued?.ask.group ?? ""]?.waitingMenu;
}

/** The caller chose something else: nobody is offered the call, and its place is kept. */
export function stepAside(core: CoreState, turn: Turn, call: Call): void {
  call.aside = true;
  waitsNoMore(core, turn, call);
  for (const timer of [placeTimer(call.id), speakersTimer(call.id)]) clearTimer(core, turn, timer);
}

/** Back in line, in the place kept. */
export function comeBack(core: CoreState, turn: Turn, call: Call): void {
  delete call.aside;
  call.stage = { name: "queue" };
  waits(core, turn, call);
  const offered = offerCall(core, turn, call);
  const place = placeOf(core, call);
  if (call.queued) call.queued.toldPlace = place;
  say(turn, call, [offered ? "to-agent" : { place }]);
  armPlace(core, turn, call);
  armSpeakers(core, turn, call);
}

/** The place is given up for good. */
function leaveAside(core: CoreState, turn: Turn, call: Call): void {
  delete call.aside;
  leaveQueue(core, turn, call);
  reviewSecondLine(core, turn, call.queued?.ask.group ?? "");
}

/** The caller who had stepped aside needs no agent of the group any more. */
export function helpedElsewhere(core: CoreState, turn: Turn, call: Call): void {
  const { group } = call.queued?.ask ?? { group: "" };
  const waitedMs = turn.at - (call.queued?.since ?? turn.at);
  turn.facts.push({ at: turn.at, type: "call.left-queue", call: call.id, group, waitedMs });
  leaveAside(core, turn, call);
}

/** A prompt ended while waiting: an announcement that came meanwhile, or music until something else is to be said. */
export function queueSpoken(core: CoreState, turn: Turn, call: Call): void {
  if (call.stage.name !== "queue" || call.callerGone) return;
  const announcements = takeWaiting(core, call);
  if (announcements.length > 0) say(turn, call, announcements);
  else if (!askIfDue(core, turn, call)) startMusic(turn, call);
}

/**
 * Time to be heard again: the place and how long it will be, when the place has become better; else that the caller is not forgotten.
 * Then what else they may choose.
 */
export function tellPlace(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "queue" || !call.queued || call.callerGone) return;
  const place = placeOf(core, call);
  if (!call.offer && !call.playback && !call.stage.question) {
    const better = place < call.queued.toldPlace;
    if (better) call.queued.toldPlace = place;
    const news: readonly Said[] = better ? [{ place }, ...saidOf(core, call, "$wait", turn.at)] : comfort(core);
    say(turn, call, [...news, ...waitingMenuSays(core, call, turn.at)]);
  }
  armPlace(core, turn, call);
}

const comfort = ({ plan }: CoreState): readonly Said[] =>
  plan && Object.hasOwn(plan.prompts, "waiting-comfort") ? ["waiting-comfort"] : [];

/** That the caller is not forgotten, and music after it. */
export function sayComfort(core: CoreState, turn: Turn, call: Call): void {
  say(turn, call, comfort(core));
}

function waitingMenuSays(core: CoreState, call: Call, at: number): readonly Said[] {
  const node = core.plan && nodeOf(core.plan, waitingMenuOf(core.plan, call) ?? "");
  if (node?.kind !== "menu") return [];
  return [...(node.says ?? []), node.prompt].flatMap((piece) => saidOf(core, call, piece, at));
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
  armSpeakers(core, turn, call);
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
