import { indexAgent, missed, release, restPhone } from "../agent/agent.ts";
import { agentLeft, attemptOver, ringCitizen } from "../callback/attempt.ts";
import { takeTurn } from "../callback/rest.ts";
import type { EventOf, LegCause } from "../events.ts";
import type { OfferEnd } from "../facts.ts";
import { type Agent, type Call, type CoreState, clearTimer, type Offer, setTimer, type Turn } from "../state.ts";
import { armSpeakers } from "./busy-speakers.ts";
import { leadOn } from "./fallback.ts";
import { legId } from "./ids.ts";
import { endLeg, offerCall, offerOf, serve } from "./offer.ts";
import { quiet, startMusic } from "./sound.ts";
import { talkEnded, talkStarted } from "./talk.ts";
import { lookAfterMs, ringTimer, speakersTimer } from "./timers.ts";
import { waits } from "./waiting.ts";

/** What the agent's leg tells: it was answered, it is in the bridge, it is gone. The states are drawn in `offer.ts`. */

export function legAnswered(core: CoreState, turn: Turn, event: EventOf<"leg.answered">): void {
  const found = offerOf(core, event);
  if (!found) {
    // Asked for by an engine that was killed, and made after its successor had read Asterisk back: nobody waits for it.
    turn.effects.push({ do: "end-stray", channel: legId(event.call, event.offer) });
    return;
  }
  const { call, offer } = found;
  offer.answeredAt = turn.at;
  // Asterisk forgets a hang-up that comes between a leg's answer and its entry to our application: said again, it holds.
  if (offer.state === "ending") turn.effects.push({ do: "end-leg", call: call.id, offer: offer.n });
  if (offer.state !== "ringing") return;
  if (call.absent) return ringCitizen(core, turn, call, offer);
  offer.state = "connecting";
  setTimer(core, turn, ringTimer(call.id), turn.at + lookAfterMs);
  quiet(turn, call);
  call.bridged = true;
  turn.effects.push({ do: "bridge", call: call.id, offer: offer.n });
}

export function bridged(core: CoreState, turn: Turn, event: EventOf<"bridged">): void {
  const found = offerOf(core, event);
  if (found?.offer.state !== "connecting") return;
  clearTimer(core, turn, ringTimer(found.call.id));
  talkStarted(core, turn, found.call, found.offer);
}

/** The leg or the caller went while we connected them; its own end tells which. Until then the leg is let go. */
export function bridgeFailed(core: CoreState, turn: Turn, event: EventOf<"bridge.failed">): void {
  const found = offerOf(core, event);
  if (found?.offer.state !== "connecting") return;
  endLeg(core, turn, found.call, found.offer, "withdrawn");
}

/** The leg's confirmed end: the one place where an offer ends. */
export function legEnded(core: CoreState, turn: Turn, event: EventOf<"leg.ended">): void {
  const found = offerOf(core, event);
  if (!found) return;
  const { call, offer } = found;
  clearTimer(core, turn, ringTimer(call.id));
  if (offer.state === "talking" || offer.why === "talk-over") return talkEnded(core, turn, call, offer);
  const how = endOf(offer, event.cause);
  delete call.offer;
  const agent = core.agents.get(offer.agent);
  turn.facts.push({
    at: turn.at,
    type: "call.offer-ended",
    call: call.id,
    group: call.queued?.ask.group ?? "",
    agent: offer.agent,
    offer: offer.n,
    how,
  });
  const waitsOn = !agentLeft(core, turn, call) && call.stage.name === "queue" && !call.callerGone;
  if (waitsOn) returnToQueue(core, turn, call);
  // Whoever else is free comes before the one with whom it did not work out; that agent may take it again only if nobody else can.
  if (waitsOn && !call.absent) offerCall(core, turn, call);
  if (agent) {
    agentAfter(core, turn, agent, how);
    serve(core, turn, agent);
  }
  // The directory may have lost, while it rang, all who could take it.
  if (waitsOn && core.plan) leadOn(core, core.plan, turn, call);
  attemptOver(core, turn, call);
}

/** Same place, same waiting time: the order it got on entering decides. */
function returnToQueue(core: CoreState, turn: Turn, call: Call): void {
  if (call.absent) return takeTurn(core, turn, call);
  waits(core, turn, call);
  // What was asked while it rang, or the time to ask, went with the ring.
  if (!core.timers.has(speakersTimer(call.id))) armSpeakers(core, turn, call);
  if (turn.settling) return;
  if (call.bridged) {
    turn.effects.push({ do: "unbridge", call: call.id });
    call.bridged = false;
  }
  if (!call.playback) startMusic(turn, call);
}

function endOf(offer: Offer, cause: LegCause): OfferEnd {
  const crossed = offer.answeredAt !== undefined || offer.answering === true;
  if (offer.why === "caller-gone" || offer.why === "withdrawn") return offer.why;
  if (offer.why === "not-reached" || offer.state === "dialling") return "not-reached";
  if (offer.why === "refused") return "refused";
  if (crossed) return "withdrawn";
  if (offer.why === "missed") return "missed";
  if (cause === "busy" || cause === "unavailable") return "busy";
  if (cause === "declined") return "refused";
  return cause === "no-answer" ? "missed" : "failed";
}

function agentAfter(core: CoreState, turn: Turn, agent: Agent, how: OfferEnd): void {
  if (how === "missed" || how === "refused") missed(core, turn, agent);
  else if (how === "busy") restPhone(core, turn, agent, "phone-busy");
  else if (how === "failed") restPhone(core, turn, agent, "phone-failed");
  else {
    // The agent did nothing wrong, so the place as longest idle is theirs again.
    const order = agent.idleOrder;
    release(core, turn, agent);
    if (agent.state === "available") regain(core, agent, order);
  }
}

function regain(core: CoreState, agent: Agent, order: number): void {
  agent.idleOrder = order;
  indexAgent(core, agent);
}
