import { setAgent } from "../agent/agent.ts";
import type { EventOf, LiveChannel } from "../events.ts";
import type { Plan } from "../plan/plan.ts";
import { removeWaiting } from "../routing/longest-idle.ts";
import type { Agent, Call, CoreState, Offer, Turn } from "../state.ts";
import { bridgeId, legId, parseLegId } from "./ids.ts";
import { bridged, legAnswered, legEnded } from "./leg.ts";
import { arrive, newCall, speakAgain } from "./menu.ts";
import { endLeg } from "./offer.ts";
import { waitAgain } from "./queue.ts";
import { callerGone, endCaller } from "./talk.ts";

/**
 * What Asterisk really has, held against what we believe: after each start and each reconnect, always by this one function.
 * A talking pair goes on; a half whose other half went away is ended; a waiting caller has music again and the old place;
 * a ring is undone and the call offered anew; a menu is spoken again; what nobody knows of is ended.
 */
export function readBack(core: CoreState, plan: Plan, event: EventOf<"read-back">, turn: Turn): void {
  const live = new Map(event.channels.map((channel) => [channel.id, channel]));
  for (const channel of event.channels) adopt(core, plan, channel, live, turn);
  const calls = [...core.calls.values()];
  const lost = calls.filter((call) => !call.callerGone && !live.has(call.id)).length;
  turn.facts.push({ at: turn.at, type: "engine.recovered", calls: calls.length - lost, lost });
  for (const call of calls) readBackCall(core, plan, call, live, turn);
  for (const { id, arrival } of event.channels) {
    if (arrival) arrive(core, plan, { at: turn.at, type: "call.arrived", call: id, ...arrival }, turn);
  }
}

/**
 * A leg the log has not heard of: the last entries before a kill may be missing, or the whole log. When it already talks with its
 * caller it is taken over as it is, else it is ended and the call offered anew.
 */
function adopt(core: CoreState, plan: Plan, channel: LiveChannel, live: ReadonlyMap<string, LiveChannel>, turn: Turn): void {
  const owner = parseLegId(channel.id);
  if (!owner || core.calls.get(owner.call)?.offer?.n === owner.offer) return;
  const agent = channel.agent === null ? undefined : core.agents.get(channel.agent);
  const caller = live.get(owner.call);
  const talks = channel.bridge !== null && channel.bridge === caller?.bridge;
  const free = agent?.call === undefined ? agent : undefined;
  const call = core.calls.get(owner.call) ?? (talks && free ? stranger(core, plan, caller, free, turn) : undefined);
  if (!talks || !free || !call?.queued || call.offer) {
    // The next offer must not take the id of a leg that is still on its way out.
    if (call) call.offers = Math.max(call.offers, owner.offer);
    turn.effects.push({ do: "end-stray", channel: channel.id });
    return;
  }
  removeWaiting(core, call);
  call.offers = owner.offer;
  call.offer = { n: owner.offer, agent: free.id, since: turn.at, state: "connecting", answeredAt: turn.at, holdMs: 0 };
  free.call = call.id;
  if (free.state === "paused" && free.reason) free.next ??= free.reason;
  setAgent(core, turn, free, "ringing");
}

/** A talking caller of whom only the channel knows. Which group it was for stands nowhere any more: the agent's first. */
function stranger(core: CoreState, plan: Plan, caller: LiveChannel, agent: Agent, turn: Turn): Call | undefined {
  if (!caller.arrival) return undefined;
  const call = newCall(core, plan, { at: turn.at, type: "call.arrived", call: caller.id, ...caller.arrival }, turn);
  const group = agent.groups[0] ?? plan.lastResort;
  call.stage = { name: "queue" };
  call.queued = { group, at: turn.at, order: core.nextOrder++, toldPlace: 0 };
  turn.facts.push({ at: turn.at, type: "call.queued", call: call.id, group, language: call.language });
  return call;
}

function readBackCall(core: CoreState, plan: Plan, call: Call, live: ReadonlyMap<string, LiveChannel>, turn: Turn): void {
  const { at } = turn;
  const caller = live.get(call.id);
  const offer = call.offer;
  const leg = offer && live.get(legId(call.id, offer.n));
  const wasOver = call.stage.name === "over";
  if (call.playback) turn.effects.push({ do: "stop-play", call: call.id, playback: call.playback.n });
  delete call.playback;
  call.music = false;
  if (offer && leg) readBackLeg(core, call, offer, caller, leg, turn);
  if (!caller) callerGone(core, turn, { at, type: "caller.gone", call: call.id, cause: "normal" });
  if (offer && !leg) {
    // Whatever ended a ring while nobody looked, the agent is not to blame.
    if (offer.state !== "talking") offer.why ??= "withdrawn";
    legEnded(core, turn, { at, type: "leg.ended", call: call.id, offer: offer.n, cause: "failed" });
  }
  if (!caller || !core.calls.has(call.id)) return;
  if (call.stage.name === "menu") speakAgain(core, plan, call, turn);
  else if (call.stage.name === "queue" && call.offer?.state !== "connecting") waitAgain(core, turn, call);
  else if (wasOver) endCaller(core, turn, call);
}

function readBackLeg(
  core: CoreState,
  call: Call,
  offer: Offer,
  caller: LiveChannel | undefined,
  leg: LiveChannel,
  turn: Turn,
): void {
  const { at } = turn;
  const together = caller !== undefined && leg.bridge === bridgeId(call.id) && caller.bridge === leg.bridge;
  if (offer.state === "ending") turn.effects.push({ do: "end-leg", call: call.id, offer: offer.n });
  else if (together) {
    offer.answeredAt ??= at;
    if (offer.state === "ringing") offer.state = "connecting";
    call.bridged = true;
    bridged(core, turn, { at, type: "bridged", call: call.id, offer: offer.n });
  } else if (offer.state === "talking") endLeg(core, turn, call, offer, "talk-over");
  else if (leg.up && caller) {
    // Music may still play on the caller, whatever we believed: it must not go into the bridge.
    turn.effects.push({ do: "music", call: call.id, on: false });
    offer.state = "ringing";
    legAnswered(core, turn, { at, type: "leg.answered", call: call.id, offer: offer.n });
  } else endLeg(core, turn, call, offer, "withdrawn");
}
