import { release, setAgent, wrapUp } from "../agent/agent.ts";
import { attemptOver, cancel, citizenGone, confirmMs, talkWasOver } from "../callback/attempt.ts";
import { bookedIn } from "../callback/booking.ts";
import type { EventOf } from "../events.ts";
import { lead } from "../menu/walk.ts";
import type { Language, NodeId, Plan } from "../plan/plan.ts";
import { type Call, type CoreState, clearTimer, type Offer, type Turn } from "../state.ts";
import { endCaller, over } from "./end.ts";
import { rememberAgent } from "./last-agent.ts";
import { sendWhatWasSaid } from "./left-message.ts";
import { follow, left } from "./menu.ts";
import { endLeg, offerOf, serve } from "./offer.ts";
import { endOutside, ringOutside } from "./outside.ts";
import { leftQueue, reviewSecondLine } from "./second-line.ts";
import { endTimer, menuTimer } from "./timers.ts";
import { leaveQueue, waitsNoMore } from "./waiting.ts";

/** Caller and agent in one bridge, until either goes. */

export function talkStarted(core: CoreState, turn: Turn, call: Call, offer: Offer): void {
  const group = call.queued?.ask.group ?? "";
  offer.state = "talking";
  offer.talkSince = turn.at;
  call.stage = { name: "talk" };
  leaveQueue(core, turn, call);
  const about = { at: turn.at, call: call.id, group, agent: offer.agent };
  turn.facts.push({ type: "call.offer-ended", ...about, offer: offer.n, how: "answered" });
  const waitedMs = (offer.answeredAt ?? turn.at) - (call.queued?.since ?? turn.at);
  if (call.callback) call.callback.talkSince = turn.at;
  else turn.facts.push({ type: "call.answered", ...about, waitedMs });
  const agent = core.agents.get(offer.agent);
  if (agent) {
    agent.missedInRow = 0;
    setAgent(core, turn, agent, "talking");
  }
  if (call.interpreter !== undefined && !turn.settling) callInterpreter(core, turn, call, call.interpreter);
  if (call.callback) return reviewSecondLine(core, turn, group);
  leftQueue(core, turn, group, waitedMs <= (core.plan?.groups[group]?.answerTargetMs ?? 0));
  // Whoever was to be rung back has got through in another way.
  const back = bookedIn(core, call.from, group);
  if (back) cancel(core, turn, back, "answered");
}

/** The agent's leg ended after a talk: the agent wraps up, and the caller's half is ended if it is still there. */
export function talkEnded(core: CoreState, turn: Turn, call: Call, offer: Offer): void {
  const { talk, hold } = lengths(turn, call, offer);
  const group = call.queued?.ask.group ?? "";
  delete call.offer;
  turn.facts.push({ at: turn.at, type: "call.talked", call: call.id, group, agent: offer.agent, talkMs: talk, holdMs: hold });
  if (call.callback) return backTalkEnded(core, turn, call, offer, talk);
  const survey = call.callerGone ? undefined : core.plan?.groups[group]?.survey;
  if (!call.callerGone && survey === undefined) over(turn, call, "talk", "agent");
  rememberAgent(core, call.from, offer.agent, turn.at);
  const agent = core.agents.get(offer.agent);
  if (agent) {
    wrapUp(core, turn, agent, call, talk);
    // The next caller's ring goes out before the last caller's hang-up: nobody waits for the latter.
    serve(core, turn, agent);
  }
  endOutside(core, turn, call, "withdrawn");
  if (survey !== undefined && core.plan) askSurvey(core, core.plan, turn, call, survey);
  else if (!call.callerGone) endCaller(core, turn, call);
  attemptOver(core, turn, call);
}

/** The same of a callback, of which the agent may still have to say whether it reached anybody. */
function backTalkEnded(core: CoreState, turn: Turn, call: Call, offer: Offer, talk: number): void {
  const left = talkWasOver(core, turn, call, offer.agent);
  const agent = core.agents.get(offer.agent);
  if (agent) {
    if (left === "free") release(core, turn, agent);
    else wrapUp(core, turn, agent, call, talk, call.callback?.result ? 0 : confirmMs);
    serve(core, turn, agent);
  }
  endOutside(core, turn, call, "withdrawn");
  if (!call.callerGone) endCaller(core, turn, call);
  attemptOver(core, turn, call);
}

/** The agent let go first, and the group asks how it went. */
function askSurvey(core: CoreState, plan: Plan, turn: Turn, call: Call, survey: NodeId): void {
  call.talkEndedAt = turn.at;
  turn.effects.push({ do: "unbridge", call: call.id });
  call.bridged = false;
  follow(core, plan, turn, call, lead(plan, { to: "node", node: survey }, call.language, "start"));
}

export function held(core: CoreState, turn: Turn, event: EventOf<"leg.held">): void {
  const found = offerOf(core, event);
  if (found?.offer.state !== "talking" || found.offer.held) return;
  found.offer.held = { since: turn.at };
  turn.facts.push({ at: turn.at, type: "call.held", call: event.call, agent: found.offer.agent });
}

export function resumed(core: CoreState, turn: Turn, event: EventOf<"leg.resumed">): void {
  const found = offerOf(core, event);
  if (!found?.offer.held) return;
  found.offer.holdMs += turn.at - found.offer.held.since;
  delete found.offer.held;
  turn.facts.push({ at: turn.at, type: "call.resumed", call: event.call, agent: found.offer.agent });
}

/** The agent hangs up from the page. */
export function agentHangsUp(core: CoreState, turn: Turn, event: EventOf<"agent.hang-up">): void {
  const call = core.calls.get(event.call);
  if (call?.offer?.agent !== event.agent) return;
  if (call.offer.state === "talking") endLeg(core, turn, call, call.offer, "talk-over");
  else if (call.offer.state === "dialling") endLeg(core, turn, call, call.offer, "not-reached");
}

/** How long an interpreter's telephone rings, ms. */
const interpreterRingMs = 45_000;

/** Rings the interpreter of a language, who joins the talk. Nothing happens when the plan has none, or one is there already. */
function callInterpreter(core: CoreState, turn: Turn, call: Call, language: Language): void {
  const number = core.plan?.interpreters?.[language];
  if (number !== undefined) ringOutside(core, turn, call, number, interpreterRingMs, language);
}

/** A talk of which the log has not heard, all who talk in it being known by now: its interpreter is rung, unless they do. */
export function talkFound(core: CoreState, turn: Turn, call: Call): void {
  if (call.interpreter !== undefined && call.offer?.talkSince === turn.at) callInterpreter(core, turn, call, call.interpreter);
}

/** The agent wants an interpreter, or (null) no longer. */
export function agentInterprets(core: CoreState, turn: Turn, event: EventOf<"agent.interpreter">): void {
  const call = core.calls.get(event.call);
  if (call?.offer?.agent !== event.agent || call.offer.state !== "talking" || call.callerGone) return;
  if (event.language === null) endOutside(core, turn, call, "withdrawn");
  else callInterpreter(core, turn, call, event.language);
}

/** The caller's channel is gone: the one place where a caller's half ends. */
export function callerGone(core: CoreState, turn: Turn, event: EventOf<"caller.gone">): void {
  const call = core.calls.get(event.call);
  if (!call || call.callerGone) return;
  if (call.callback) {
    citizenGone(core, turn, call, event.cause);
    return endOutside(core, turn, call, "caller-gone");
  }
  call.callerGone = true;
  delete call.playback;
  call.music = false;
  clearTimer(core, turn, menuTimer(call.id));
  clearTimer(core, turn, endTimer(call.id));
  sendWhatWasSaid(turn, call);
  if (core.plan) left(core, core.plan, call, turn);
  const stage = call.stage.name;
  if (stage === "talk") call.talkEndedAt = turn.at;
  if (stage === "queue" || call.aside) abandoned(core, turn, call);
  if (stage !== "over") over(turn, call, stageOfEnd(call), "caller");
  const offer = call.offer;
  if (offer) endLeg(core, turn, call, offer, offer.state === "talking" ? "talk-over" : "caller-gone");
  endOutside(core, turn, call, "caller-gone");
  attemptOver(core, turn, call);
}

/** The end we asked for is long in coming: it is asked for again, and a channel that does not exist ends by that. */
export function endIsLate(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (!call || call.callerGone || (call.absent && call.absent !== "ringing")) return;
  endCaller(core, turn, call);
}

/** Where the call was when it ended; one that was asked how it went had been talked. */
function stageOfEnd({ stage, aside, talkEndedAt }: Call): "menu" | "queue" | "talk" | "outside" {
  if (aside) return "queue";
  if (stage.name === "queue" || stage.name === "talk" || stage.name === "outside") return stage.name;
  return talkEndedAt === undefined ? "menu" : "talk";
}

function abandoned(core: CoreState, turn: Turn, call: Call): void {
  waitsNoMore(core, turn, call);
  leaveQueue(core, turn, call);
  if (!call.queued) return;
  const { group } = call.queued.ask;
  const waitedMs = turn.at - call.queued.since;
  turn.facts.push({ at: turn.at, type: "call.abandoned", call: call.id, group, waitedMs });
  if (waitedMs > (core.plan?.groups[group]?.shortAbandonMs ?? 0)) leftQueue(core, turn, group, false);
  else reviewSecondLine(core, turn, group);
}

function lengths(turn: Turn, call: Call, offer: Offer): { talk: number; hold: number } {
  const ended = call.talkEndedAt ?? turn.at;
  const talk = ended - (offer.talkSince ?? ended);
  const hold = offer.holdMs + (offer.held ? ended - offer.held.since : 0);
  return { talk, hold: Math.min(hold, talk) };
}
