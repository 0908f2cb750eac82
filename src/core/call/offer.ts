import { setAgent } from "../agent/agent.ts";
import type { EventOf } from "../events.ts";
import { agentFor, type Choice, callFor } from "../routing/choose.ts";
import { type Agent, type Call, type CoreState, type Offer, setTimer, type Turn } from "../state.ts";
import { lookAfterMs, ringTimer } from "./timers.ts";
import { dropQuestion, waitsNoMore } from "./waiting.ts";

/**
 * An offer, from the ring to the leg's confirmed end:
 *
 *   ringing ──answered──▶ connecting ──bridged──▶ talking ──▶ ended
 *      │                      │
 *      └─ ring time over, refused, caller gone ─▶ ending ──leg ended──▶ ended
 *
 * Of a callback the agent's answer leads to `dialling`, from where `callback/attempt.ts` goes on to connecting or ending.
 *
 * A timer only asks the leg to end; what ends the offer is the leg. An answer that crosses with that request is no miss.
 */

/**
 * The phone is told the ring time (`Expires`, RFC 3261 section 13.3.1) and ends the ring by itself, so that its answer and our
 * CANCEL cannot cross on the wire; one that does not is cancelled this much later, ms. Should it be answered at that very moment, Asterisk
 * ends that by itself and tells nobody: the ring counts as missed, for its time was over, which a page that says `answering` would have undone.
 */
const phoneEndsMs = 1_000;
/** Asterisk's own limit lies this much behind ours, for the time when no engine is there, ms. */
const backstopMs = 5_000;

/** Offers a waiting call to the agent who suits it best; false when none is free who may take it. */
export function offerCall(core: CoreState, turn: Turn, call: Call): boolean {
  if (turn.settling || !call.queued) return false;
  return makeOffer(core, turn, agentFor(core.router, call.queued, turn.at));
}

/** An agent became free: the most pressing call they may take is theirs, in the same turn. */
export function serve(core: CoreState, turn: Turn, agent: Agent): void {
  if (turn.settling || agent.state !== "available" || !(agent.phones.browser || agent.phones.desk)) return;
  makeOffer(core, turn, callFor(core.router, agent.id, turn.at));
}

function makeOffer(core: CoreState, turn: Turn, choice: Choice | undefined): boolean {
  const call = choice && core.calls.get(choice.call);
  const agent = choice && core.agents.get(choice.agent);
  if (!call || !agent) return false;
  const group = call.queued?.ask.group ?? "";
  const ringMs = core.plan?.groups[group]?.ringMs ?? 20_000;
  waitsNoMore(core, turn, call);
  dropQuestion(core, turn, call);
  call.offers += 1;
  const { why } = choice;
  call.offer = { n: call.offers, agent: agent.id, since: turn.at, chosen: why, state: "ringing", holdMs: 0 };
  agent.call = call.id;
  setAgent(core, turn, agent, "ringing");
  turn.facts.push({ at: turn.at, type: "call.offered", call: call.id, group, agent: agent.id, offer: call.offers, why });
  const phone = agent.phones.browser ? "browser" : "desk";
  const limitMs = ringMs + backstopMs;
  const back = call.absent && call.from !== null ? { back: call.from } : {};
  turn.effects.push({ do: "offer", call: call.id, offer: call.offers, agent: agent.id, phone, ringMs, limitMs, ...back });
  setTimer(core, turn, ringTimer(call.id), turn.at + ringMs + phoneEndsMs);
  return true;
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
  // Asterisk has not ended the citizen's ring by itself.
  if (offer.state === "dialling") turn.effects.push({ do: "end-caller", call: call.id });
  else turn.effects.push({ do: offer.state === "ending" ? "end-leg" : "look", call: call.id, offer: offer.n });
  setTimer(core, turn, ringTimer(call.id), turn.at + lookAfterMs);
}

export function answering(core: CoreState, event: EventOf<"agent.answering">): void {
  const offer = core.calls.get(event.call)?.offer;
  if (offer?.agent === event.agent) offer.answering = true;
}

export function refuse(core: CoreState, turn: Turn, event: EventOf<"agent.refuse">): void {
  const call = core.calls.get(event.call);
  if (call?.offer?.agent === event.agent && call.offer.state === "ringing") endLeg(core, turn, call, call.offer, "refused");
}
