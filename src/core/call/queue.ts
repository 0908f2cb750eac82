import { nodeOf } from "../menu/walk.ts";
import type { NodeId, Plan } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { estimateFor } from "./explain.ts";
import { offerCall } from "./offer.ts";
import { saidOf } from "./pieces.ts";
import { reviewSecondLine } from "./second-line.ts";
import { say, startMusic } from "./sound.ts";
import { placeTimer } from "./timers.ts";
import { armRung, leaveQueue, placeOf, takePlace, waits, waitsNoMore } from "./waiting.ts";

/** Waiting for an agent: in one place from start to answer, with its number told and music between. */

/** Enters the queue; `before` (a greeting) is spoken ahead of the place. */
export function enterQueue(core: CoreState, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
  call.stage = { name: "queue" };
  takePlace(core, turn, call, ask);
  waits(core, turn, call);
  const offered = offerCall(core, turn, call);
  const place = placeOf(core, call);
  if (call.queued) call.queued.toldPlace = place;
  const wait = offered ? [] : saidOf(core, call, "$wait", turn.at);
  say(turn, call, [...before, offered ? "to-agent" : { place }, ...wait]);
  armPlace(core, turn, call);
  if (!offered) tellEstimate(core, turn, call);
  reviewSecondLine(core, turn, ask.group);
}

/** The menu whose keys work while the call waits. */
export function waitingMenuOf(plan: Plan | null, call: Call): NodeId | undefined {
  return plan?.groups[call.queued?.ask.group ?? ""]?.waitingMenu;
}

/** The caller chose something else: nobody is offered the call, and its place is kept. */
export function stepAside(core: CoreState, turn: Turn, call: Call): void {
  call.aside = true;
  waitsNoMore(core, turn, call);
  clearTimer(core, turn, placeTimer(call.id));
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
}

/** The place is given up for good. */
export function leaveAside(core: CoreState, turn: Turn, call: Call): void {
  delete call.aside;
  leaveQueue(core, turn, call);
  reviewSecondLine(core, turn, call.queued?.ask.group ?? "");
}

/** A prompt ended while waiting: music until something else is to be said. */
export function queueSpoken(turn: Turn, call: Call): void {
  if (call.stage.name === "queue" && !call.callerGone) startMusic(turn, call);
}

/**
 * Time to be heard again: the place and how long it will be, when the place has become better; else that the caller is not forgotten.
 * Then what else they may choose.
 */
export function tellPlace(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "queue" || !call.queued || call.callerGone) return;
  const place = placeOf(core, call);
  if (!call.offer && !call.playback) {
    const better = place < call.queued.toldPlace;
    if (better) call.queued.toldPlace = place;
    const news: readonly Said[] = better ? [{ place }, ...saidOf(core, call, "$wait", turn.at)] : comfort(core);
    say(turn, call, [...news, ...waitingMenuSays(core, call, turn.at)]);
  }
  armPlace(core, turn, call);
}

const comfort = ({ plan }: CoreState): readonly Said[] =>
  plan && Object.hasOwn(plan.prompts, "waiting-comfort") ? ["waiting-comfort"] : [];

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
