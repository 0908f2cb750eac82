import { release, setAgent, wrappedUp } from "../agent/agent.ts";
import { endCaller, forgetIfOver } from "../call/end.ts";
import { rememberAgent } from "../call/last-agent.ts";
import { endLeg, serve } from "../call/offer.ts";
import { callbackTimer, endTimer, lookAfterMs, ringTimer } from "../call/timers.ts";
import { leaveQueue } from "../call/waiting.ts";
import type { EventOf, LegCause } from "../events.ts";
import type { CallbackCancelledBy, NotReached } from "../facts.ts";
import { type Agent, type Call, type CoreState, clearTimer, type Offer, setTimer, type Turn } from "../state.ts";
import { forget } from "./booking.ts";
import { mayRing, rulesOf } from "./hours.ts";
import { rest, takeTurn } from "./rest.ts";

/**
 * One attempt to reach a citizen, from the agent's answer to the end of both halves:
 *
 *   agent answers ─▶ citizen rung ─answers─▶ bridged, talk ─▶ what the agent says of it: reached, or not
 *                        └─ busy, no answer, agent gone ─▶ not reached
 *
 * What it came to is concluded once; what follows from that (rung again later, over) is done when both halves are gone, so that a
 * citizen's telephone never rings twice at a time.
 */

/** Asterisk's own limit ends the ring; what still rings this much later we end, ms. */
const backstopMs = 5_000;
/** The least wrap-up after a talk of which the agent has not said whether it reached anybody, ms. */
export const confirmMs = 15_000;

/** The agent has answered: now the citizen is rung, while the agent hears it ring. */
export function ringCitizen(core: CoreState, turn: Turn, call: Call, offer: Offer): void {
  const { callback, from } = call;
  const group = call.queued?.ask.group ?? "";
  if (!callback || from === null || offer.state !== "ringing") return;
  // The group closed while it rang at the agent.
  if (!mayRing(core.plan, group, turn.at)) return endLeg(core, turn, call, offer, "withdrawn");
  const { ringMs } = rulesOf(core.plan);
  offer.state = "dialling";
  leaveQueue(core, turn, call);
  call.absent = "ringing";
  callback.attempts += 1;
  clearTimer(core, turn, callbackTimer(call.id));
  setTimer(core, turn, ringTimer(call.id), turn.at + ringMs + backstopMs);
  turn.effects.push({ do: "ringback", call: call.id, offer: offer.n, on: true });
  turn.effects.push({ do: "dial-caller", call: call.id, number: from, shows: call.number, ringMs });
  const about = { at: turn.at, call: call.id, group, agent: offer.agent };
  turn.facts.push({ type: "callback.rung", ...about, attempt: callback.attempts });
  const agent = core.agents.get(offer.agent);
  if (agent) setAgent(core, turn, agent, "talking");
}

export function citizenAnswered(core: CoreState, turn: Turn, event: EventOf<"caller.answered">): void {
  const call = core.calls.get(event.call);
  if (call && !call.absent && !call.callerGone) return; // told twice
  const offer = call?.offer;
  if (call?.absent !== "ringing" || offer?.state !== "dialling") {
    // Rung by an engine that was killed, and not known to this one.
    turn.effects.push({ do: "end-caller", call: event.call });
    return;
  }
  delete call.absent;
  offer.state = "connecting";
  setTimer(core, turn, ringTimer(call.id), turn.at + lookAfterMs);
  turn.effects.push({ do: "ringback", call: call.id, offer: offer.n, on: false });
  call.bridged = true;
  turn.effects.push({ do: "bridge", call: call.id, offer: offer.n });
}

/** The citizen's channel is gone, or could not be made. */
export function citizenGone(core: CoreState, turn: Turn, call: Call, cause: LegCause): void {
  if (call.callerGone || (call.absent && call.absent !== "ringing")) return;
  clearTimer(core, turn, endTimer(call.id));
  const { offer } = call;
  if (call.absent) {
    call.absent = "asleep";
    notReached(turn, call, causes[cause]);
    if (offer) endLeg(core, turn, call, offer, "not-reached");
  } else {
    call.callerGone = true;
    const talked = call.stage.name === "talk";
    if (talked) call.talkEndedAt = turn.at;
    else if (call.stage.name === "queue") notReached(turn, call, "failed");
    call.stage = { name: "over" };
    if (offer) endLeg(core, turn, call, offer, talked ? "talk-over" : "not-reached");
  }
  attemptOver(core, turn, call);
}

const causes: Readonly<Record<LegCause, NotReached>> = {
  busy: "busy",
  normal: "no-answer",
  "no-answer": "no-answer",
  declined: "busy",
  unavailable: "failed",
  failed: "failed",
};

/** The agent's leg is gone before there was a talk. True: an attempt was under way, and the callback does not simply wait on. */
export function agentLeft(core: CoreState, turn: Turn, call: Call): boolean {
  if (!call.callback) return false;
  if (call.callback.result === undefined && call.absent && call.absent !== "ringing") return false;
  notReached(turn, call, "agent-gone");
  if (call.absent === "ringing" || !(call.absent || call.callerGone)) endCaller(core, turn, call);
  return true;
}

/** The talk is over; true when the agent has something left to do about it. */
export function talkWasOver(core: CoreState, turn: Turn, call: Call, agentId: string): "wrap-up" | "free" {
  const { callback } = call;
  if (!callback) return "wrap-up";
  call.stage = { name: "over" };
  const wrapUpMs = core.plan?.groups[call.queued?.ask.group ?? ""]?.wrapUpMs ?? 0;
  const stated = callback.saidReached || (call.outcome !== undefined && wrapUpMs === 0);
  if (stated) reached(core, turn, call, agentId);
  return callback.result?.is === "not-reached" || callback.result?.is === "cancelled" ? "free" : "wrap-up";
}

/** The agent says whether it was the citizen who answered: an answering machine, or an announcement, is nobody. */
export function agentSays(core: CoreState, turn: Turn, event: EventOf<"agent.reached" | "agent.not-reached">): void {
  const call = core.calls.get(event.call);
  const agent = core.agents.get(event.agent);
  if (!call?.callback || !agent || call.callback.result) return;
  const offer = call.offer?.agent === event.agent ? call.offer : undefined;
  const wraps = agent.wrapUp?.call === call.id;
  if (event.type === "agent.reached") {
    if (offer?.state === "talking") call.callback.saidReached = true;
    else if (wraps) reached(core, turn, call, agent.id);
  } else if (wraps) {
    notReached(turn, call, "said");
    release(core, turn, agent);
    serve(core, turn, agent);
  } else if (offer && (offer.state === "talking" || offer.state === "dialling" || offer.state === "connecting")) {
    notReached(turn, call, "said");
    endLeg(core, turn, call, offer, offer.state === "talking" ? "talk-over" : "not-reached");
    if (!call.callerGone) endCaller(core, turn, call);
  }
  attemptOver(core, turn, call);
}

/** The wrap-up is over: of a callback the agent has said nothing about, the outcome tells whether anybody was reached. */
export function contactOver(core: CoreState, turn: Turn, agent: Agent): void {
  const call = core.calls.get(agent.wrapUp?.call ?? "");
  if (!call?.callback || call.callback.result) return wrappedUp(core, turn, agent);
  if (agent.wrapUp?.outcome) {
    reached(core, turn, call, agent.id);
    wrappedUp(core, turn, agent);
  } else {
    notReached(turn, call, "said");
    release(core, turn, agent);
  }
  attemptOver(core, turn, call);
}

/** It is not wanted any more. False when it cannot be called off: the citizen is being talked with, or it is over already. */
export function cancel(core: CoreState, turn: Turn, call: Call, by: CallbackCancelledBy): boolean {
  const { callback, offer } = call;
  if (!callback || !mayCancel(call)) return false;
  callback.result = { is: "cancelled" };
  const group = call.queued?.ask.group ?? "";
  turn.facts.push({ at: turn.at, type: "callback.cancelled", call: call.id, group, by });
  rest(core, turn, call);
  if (call.absent === "waiting") call.absent = "asleep";
  if (offer) endLeg(core, turn, call, offer, "withdrawn");
  if (call.absent === "ringing" || !(call.absent || call.callerGone)) endCaller(core, turn, call);
  attemptOver(core, turn, call);
  return true;
}

/** Not while the citizen is talked with, nor after it, before the agent has said what it was. */
export function mayCancel({ callback, stage }: Call): boolean {
  return callback !== undefined && callback.result === undefined && stage.name === "queue";
}

function reached(core: CoreState, turn: Turn, call: Call, agent: string): void {
  if (!call.callback || call.callback.result) return;
  call.callback.result = { is: "reached" };
  const about = { at: turn.at, call: call.id, group: call.queued?.ask.group ?? "", agent };
  const waitedMs = (call.callback.talkSince ?? turn.at) - (call.queued?.since ?? turn.at);
  turn.facts.push({ type: "callback.reached", ...about, attempt: call.callback.attempts, waitedMs });
  rememberAgent(core, call.from, agent, turn.at);
}

function notReached(turn: Turn, call: Call, cause: NotReached): void {
  if (!call.callback || call.callback.result) return;
  call.callback.result = { is: "not-reached" };
  const group = call.queued?.ask.group ?? "";
  turn.facts.push({ at: turn.at, type: "callback.not-reached", call: call.id, group, attempt: call.callback.attempts, cause });
}

/** When both halves are gone and it is known what the attempt came to: what follows from that. */
export function attemptOver(core: CoreState, turn: Turn, call: Call): void {
  const { callback } = call;
  if (!callback) return forgetIfOver(core, turn, call);
  if (!callback.result || call.offer || call.outside || call.absent === "ringing" || !(call.absent || call.callerGone)) return;
  if (call.bridged) turn.effects.push({ do: "free-bridge", call: call.id });
  call.bridged = false;
  const { is } = callback.result;
  rest(core, turn, call);
  if (is === "reached" || is === "cancelled") return forget(core, call);
  const rules = rulesOf(core.plan);
  if (is === "not-reached" && callback.attempts >= rules.attempts) return fail(core, turn, call);
  delete callback.result;
  delete callback.saidReached;
  delete callback.talkSince;
  delete call.talkEndedAt;
  call.callerGone = false;
  call.absent = "asleep";
  if (is === "not-reached") callback.notBefore = turn.at + rules.retryMs;
  takeTurn(core, turn, call);
}

/** How many callbacks that reached nobody are kept for the board. */
const mostFailed = 50;

function fail(core: CoreState, turn: Turn, call: Call): void {
  const { callback, from, queued, language } = call;
  if (!callback || from === null || !queued) return;
  const { group } = queued.ask;
  const { attempts, bookedAt } = callback;
  const about = { at: turn.at, call: call.id, group };
  turn.facts.push({ type: "callback.failed", ...about, number: from, language, attempts, bookedAt });
  core.failedCallbacks.push({ ...about, number: from, attempts });
  if (core.failedCallbacks.length > mostFailed) core.failedCallbacks.shift();
  forget(core, call);
}
