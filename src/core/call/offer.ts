import { missed, release, restPhone, setAgent } from "../agent/agent.ts";
import type { EventOf, LegCause } from "../events.ts";
import type { OfferEnd } from "../facts.ts";
import { addWaiting, firstCallFor, indexAgent, longestIdleFor, removeWaiting } from "../routing/longest-idle.ts";
import { type Agent, type Call, type CoreState, clearTimer, type Offer, setTimer, type Turn } from "../state.ts";
import { forgetIfOver } from "./end.ts";
import { quiet, startMusic } from "./sound.ts";
import { talkEnded, talkStarted } from "./talk.ts";

/**
 * An offer, from the ring to the leg's confirmed end:
 *
 *   ringing ──answered──▶ connecting ──bridged──▶ talking ──▶ ended
 *      │                      │
 *      └─ ring time over, refused, caller gone ─▶ ending ──leg ended──▶ ended
 *
 * A timer only asks the leg to end; what ends the offer is the leg. An answer that crosses with that request is no miss.
 */

export const ringTimer = (call: string): string => `ring:${call}`;
/** After this long without the end we asked for, it is asked for again; a leg that does not exist ends by that, ms. */
const lookAfterMs = 3_000;
/** Asterisk's own limit lies this much behind ours, for the time when no engine is there, ms. */
const backstopMs = 5_000;

/** Offers a waiting call to the agent who has been free longest; false when nobody is. */
export function offerCall(core: CoreState, turn: Turn, call: Call): boolean {
  const agent = longestIdleFor(core, call);
  if (!agent) return false;
  makeOffer(core, turn, call, agent);
  return true;
}

/** An agent became free: the call that came first is theirs, in the same turn. */
export function serve(core: CoreState, turn: Turn, agent: Agent): void {
  if (agent.state !== "available" || !(agent.phones.browser || agent.phones.desk)) return;
  const call = firstCallFor(core, agent);
  if (call) makeOffer(core, turn, call, agent);
}

function makeOffer(core: CoreState, turn: Turn, call: Call, agent: Agent): void {
  const group = call.queued?.group ?? "";
  const ringMs = core.plan?.groups[group]?.ringMs ?? 20_000;
  removeWaiting(core, call);
  call.offers += 1;
  call.offer = { n: call.offers, agent: agent.id, since: turn.at, state: "ringing", holdMs: 0 };
  agent.call = call.id;
  setAgent(core, turn, agent, "ringing");
  turn.facts.push({ at: turn.at, type: "call.offered", call: call.id, group, agent: agent.id, offer: call.offers });
  const phone = agent.phones.browser ? "browser" : "desk";
  turn.effects.push({ do: "offer", call: call.id, offer: call.offers, agent: agent.id, phone, limitMs: ringMs + backstopMs });
  setTimer(core, turn, ringTimer(call.id), turn.at + ringMs);
}

/** The offer an event of a leg is about, if it is the present one. */
export function offerOf(
  core: CoreState,
  event: { readonly call: string; readonly offer: number },
): { call: Call; offer: Offer } | undefined {
  const call = core.calls.get(event.call);
  return call?.offer?.n === event.offer ? { call, offer: call.offer } : undefined;
}

/** Asks the leg to end, and says why it will count as that. */
export function endLeg(core: CoreState, turn: Turn, call: Call, offer: Offer, why: NonNullable<Offer["why"]>): void {
  if (offer.state === "ending") return;
  offer.state = "ending";
  offer.why = why;
  turn.effects.push({ do: "end-leg", call: call.id, offer: offer.n });
  setTimer(core, turn, ringTimer(call.id), turn.at + lookAfterMs);
}

/** The ring timer: first the ring time is over, later the end we asked for has not come. */
export function ringTimeOver(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  const offer = call?.offer;
  if (!call || !offer) return;
  if (offer.state === "ringing") return endLeg(core, turn, call, offer, "missed");
  turn.effects.push({ do: offer.state === "ending" ? "end-leg" : "look", call: call.id, offer: offer.n });
  setTimer(core, turn, ringTimer(call.id), turn.at + lookAfterMs);
}

export function legAnswered(core: CoreState, turn: Turn, event: EventOf<"leg.answered">): void {
  const found = offerOf(core, event);
  if (!found) return;
  const { call, offer } = found;
  offer.answeredAt = turn.at;
  // Asterisk forgets a hang-up that comes between a leg's answer and its entry to our application: said again, it holds.
  if (offer.state === "ending") turn.effects.push({ do: "end-leg", call: call.id, offer: offer.n });
  if (offer.state !== "ringing") return;
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

export function answering(core: CoreState, event: EventOf<"agent.answering">): void {
  const offer = core.calls.get(event.call)?.offer;
  if (offer?.agent === event.agent) offer.answering = true;
}

export function refuse(core: CoreState, turn: Turn, event: EventOf<"agent.refuse">): void {
  const call = core.calls.get(event.call);
  if (call?.offer?.agent === event.agent && call.offer.state === "ringing") endLeg(core, turn, call, call.offer, "refused");
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
    group: call.queued?.group ?? "",
    agent: offer.agent,
    offer: offer.n,
    how,
  });
  const waitsOn = call.stage.name === "queue" && !call.callerGone;
  if (waitsOn) returnToQueue(core, turn, call);
  if (agent) agentAfter(core, turn, agent, how);
  // Whoever has been free longest, before the one with whom it did not work out: that agent may take it again only if nobody else can.
  if (waitsOn && longestIdleFor(core, call) !== agent) offerCall(core, turn, call);
  if (agent) serve(core, turn, agent);
  forgetIfOver(core, turn, call);
}

/** Same place, same waiting time: the order it got on entering decides. */
function returnToQueue(core: CoreState, turn: Turn, call: Call): void {
  if (call.bridged) {
    turn.effects.push({ do: "unbridge", call: call.id });
    call.bridged = false;
  }
  if (!call.playback) startMusic(turn, call);
  addWaiting(core, call);
}

function endOf(offer: Offer, cause: LegCause): OfferEnd {
  const crossed = offer.answeredAt !== undefined || offer.answering === true;
  if (offer.why === "caller-gone" || offer.why === "withdrawn") return offer.why;
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
