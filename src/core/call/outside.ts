import { attemptOver } from "../callback/attempt.ts";
import type { EventOf, LegCause } from "../events.ts";
import type { OutsideEnd } from "../facts.ts";
import { dialable } from "../numbers/allowed.ts";
import type { Language, PhoneNumber } from "../plan/plan.ts";
import { type Call, type CoreState, clearTimer, type OutsideLeg, setTimer, type Turn } from "../state.ts";
import { endCaller, over } from "./end.ts";
import { helpedElsewhere } from "./queue.ts";
import { quiet } from "./sound.ts";
import { lookAfterMs, menuTimer, outsideTimer } from "./timers.ts";

/**
 * A number outside that a call rings: instead of an agent (those on duty, say), or to join a talk (an interpreter).
 *
 *   ringing ──answered──▶ connecting ──bridged──▶ talking ──▶ ended
 *      │                      │
 *      └─ ring time over, caller gone, withdrawn ─▶ ending ──leg ended──▶ ended
 *
 * As with offers, what ends it is its leg. Its leg's ids are counted together with the call's offers.
 */

/** Asterisk ends the ring at its time; should it not, the leg is ended so much later, ms. */
const asteriskEndsMs = 1_000;

/** Rings a number; false when it may not be rung. `joins`: to join a talk, as an interpreter of that language. */
export function ringOutside(
  core: CoreState,
  turn: Turn,
  call: Call,
  wanted: PhoneNumber,
  ringMs: number,
  joins?: Language,
): boolean {
  const number = dialable(wanted, { nordicMobiles: core.plan?.callbacks?.nordicMobiles ?? false });
  if (number === undefined || call.outside) return false;
  call.offers += 1;
  const n = call.offers;
  call.outside = { n, number, since: turn.at, state: "ringing", ...(joins === undefined ? {} : { joins }) };
  const language = joins === undefined ? {} : { language: joins };
  turn.facts.push({ at: turn.at, type: "call.outside-rung", call: call.id, number, ...language });
  turn.effects.push({ do: "dial", call: call.id, offer: n, number, shows: call.number, ringMs });
  setTimer(core, turn, outsideTimer(call.id), turn.at + ringMs + asteriskEndsMs);
  return true;
}

/** The number outside that an event of a leg is about, if it is the present one. */
export function outsideOf(
  core: CoreState,
  event: { readonly call: string; readonly offer: number },
): { call: Call; outside: OutsideLeg } | undefined {
  const call = core.calls.get(event.call);
  return call?.outside?.n === event.offer ? { call, outside: call.outside } : undefined;
}

export function outsideAnswered(core: CoreState, turn: Turn, call: Call, outside: OutsideLeg): void {
  if (outside.state !== "ringing") return;
  outside.state = "connecting";
  setTimer(core, turn, outsideTimer(call.id), turn.at + lookAfterMs);
  if (outside.joins === undefined) quiet(turn, call);
  call.bridged = true;
  const joins = outside.joins === undefined ? {} : { joins: true as const };
  turn.effects.push({ do: "bridge", call: call.id, offer: outside.n, ...joins });
}

export function outsideBridged(core: CoreState, turn: Turn, call: Call, outside: OutsideLeg): void {
  if (outside.state !== "connecting") return;
  outside.state = "talking";
  outside.talkSince = turn.at;
  clearTimer(core, turn, outsideTimer(call.id));
  if (outside.joins === undefined) {
    clearTimer(core, turn, menuTimer(call.id));
    if (call.aside) helpedElsewhere(core, turn, call);
    call.stage = { name: "outside" };
  }
  const ms = turn.at - outside.since;
  turn.facts.push({ at: turn.at, type: "call.outside-answered", call: call.id, number: outside.number, ms });
}

/** The leg or the caller went while we connected them; its own end tells which. Until then the leg is let go. */
export function outsideNotBridged(core: CoreState, turn: Turn, call: Call, outside: OutsideLeg): void {
  if (outside.state === "connecting") endOutside(core, turn, call, "withdrawn");
}

/** Asks the number's leg to end, if there is one, and says why it will count as that. */
export function endOutside(core: CoreState, turn: Turn, call: Call, why: OutsideEnd): void {
  const { outside } = call;
  if (!outside || outside.state === "ending") return;
  outside.why = outside.state === "talking" ? "talked" : why;
  outside.state = "ending";
  turn.effects.push({ do: "end-leg", call: call.id, offer: outside.n });
  setTimer(core, turn, outsideTimer(call.id), turn.at + lookAfterMs);
}

/** First the ring time is over, later the end we asked for has not come. */
export function outsideTimeOver(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (!call?.outside) return;
  const { n, state } = call.outside;
  if (state === "ringing") return endOutside(core, turn, call, "unanswered");
  turn.effects.push({ do: state === "ending" ? "end-leg" : "look", call: id, offer: n });
  setTimer(core, turn, outsideTimer(id), turn.at + lookAfterMs);
}

/**
 * The leg's confirmed end: the one place where it ends. Returns how, when the caller is still there and nobody was reached: what
 * then is up to the node the call is at.
 */
export function outsideEnded(
  core: CoreState,
  turn: Turn,
  call: Call,
  outside: OutsideLeg,
  { cause }: EventOf<"leg.ended">,
): OutsideEnd | undefined {
  clearTimer(core, turn, outsideTimer(call.id));
  delete call.outside;
  const how = outside.why ?? (outside.state === "talking" ? "talked" : (ends[cause] ?? "failed"));
  const ms = turn.at - (outside.talkSince ?? outside.since);
  turn.facts.push({ at: turn.at, type: "call.outside-ended", call: call.id, number: outside.number, how, ms });
  if (outside.joins !== undefined || call.callerGone) {
    attemptOver(core, turn, call);
    return undefined;
  }
  if (call.stage.name === "outside") {
    over(turn, call, "outside", "outside");
    endCaller(core, turn, call);
    return undefined;
  }
  if (call.bridged && !call.offer && !turn.settling) {
    turn.effects.push({ do: "unbridge", call: call.id });
    call.bridged = false;
  }
  return call.stage.name === "menu" ? how : undefined;
}

const ends: Readonly<Partial<Record<LegCause, OutsideEnd>>> = {
  busy: "busy",
  unavailable: "unanswered",
  "no-answer": "unanswered",
  declined: "refused",
};
