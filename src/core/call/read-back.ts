import { setAgent } from "../agent/agent.ts";
import { forgetUnheard } from "../announcements/hearing.ts";
import { contactOver } from "../callback/attempt.ts";
import { settleBack, talksAlready, undoStray } from "../callback/read-back.ts";
import type { EventOf, LiveChannel } from "../events.ts";
import type { Plan } from "../plan/plan.ts";
import { type Agent, type Call, type CoreState, clearTimer, type Offer, type OutsideLeg, type Turn } from "../state.ts";
import { arrive, newCall } from "./arrival.ts";
import { endCaller } from "./end.ts";
import { legId, parseLegId } from "./ids.ts";
import { awaitsKey, speakAgain } from "./keys.ts";
import { bridged, legAnswered, legEnded } from "./leg.ts";
import { endLeg } from "./offer.ts";
import { endOutside, outsideAnswered, outsideBridged, outsideEnded } from "./outside.ts";
import { stepAside, waitAgain } from "./queue.ts";
import { callerGone, talkFound } from "./talk.ts";
import { menuTimer } from "./timers.ts";
import { takePlace, waitsNoMore } from "./waiting.ts";

/**
 * What Asterisk really has, held against what we believe: after each start and each reconnect, always by this one function.
 * A talking pair goes on; a half whose other half went away is ended; a waiting caller has music again and the old place;
 * a ring is undone and the call offered anew; a menu is spoken again; what nobody knows of is ended.
 *
 * In this order: first what we know of is brought up to date, so that agents whose call has ended are free for what they really
 * do; then talks are taken over that the log has not heard of; only then is it settled what each caller hears. Nobody is offered
 * anything before all that is done.
 */
export function readBack(core: CoreState, plan: Plan, event: EventOf<"read-back">, turn: Turn): void {
  const live = new Map(event.channels.map((channel) => [channel.id, channel]));
  const known = [...core.calls.values()];
  const lost = known.filter((call) => isExpected(call) && !live.has(call.id)).length;
  turn.facts.push({ at: turn.at, type: "engine.recovered", calls: known.length - lost, lost });
  turn.settling = true;
  // Agents first: who joins their talk comes after them.
  const strays = event.channels
    .filter((channel) => isStray(core, channel))
    .sort((a, b) => Number(a.agent === null) - Number(b.agent === null));
  for (const call of known) settle(core, call, live, turn);
  for (const channel of strays) adopt(core, plan, channel, live, turn);
  for (const call of core.calls.values()) hearAgain(core, plan, call, live.get(call.id), turn);
  for (const { id, arrival, bridge, outside } of event.channels) {
    if (core.calls.has(id)) continue;
    // A citizen whom a lost engine rang: nobody waits for them.
    if (!arrival && outside !== undefined && !parseLegId(id)) turn.effects.push({ do: "end-stray", channel: id });
    if (!arrival) continue;
    if (bridge !== null) turn.effects.push({ do: "unbridge", call: id });
    // Music that a lost engine began would go on under the menu, and into a bridge.
    turn.effects.push({ do: "music", call: id, on: false });
    arrive(core, plan, { at: turn.at, type: "call.arrived", call: id, ...arrival }, turn);
  }
  turn.settling = false;
}

/** Whether the caller's channel should be there. */
const isExpected = ({ callerGone, absent }: Call): boolean => !callerGone && (absent === undefined || absent === "ringing");

/** A leg the log has not heard of: the last entries before a kill may be missing, or the whole log. */
function isStray(core: CoreState, channel: LiveChannel): boolean {
  const owner = parseLegId(channel.id);
  const call = owner && core.calls.get(owner.call);
  return owner !== undefined && call?.offer?.n !== owner.offer && call?.outside?.n !== owner.offer;
}

/** When a stray already talks with its caller it is taken over as it is, else it is ended and the call offered anew. */
function adopt(core: CoreState, plan: Plan, channel: LiveChannel, live: ReadonlyMap<string, LiveChannel>, turn: Turn): void {
  const owner = parseLegId(channel.id);
  if (!owner) return;
  if (channel.outside !== undefined && adoptOutside(core, plan, { ...channel, ...owner, number: channel.outside }, live, turn))
    return;
  const wrapping = core.agents.get(channel.agent ?? "");
  if (wrapping?.wrapUp) contactOver(core, turn, wrapping); // they talk again, so it was over
  // Whoever is no longer in the directory went with that.
  const agent = core.agents.get(channel.agent ?? "");
  const caller = live.get(owner.call);
  const talks = caller !== undefined && channel.bridge !== null && channel.bridge === caller.bridge;
  const free = agent?.call === undefined ? agent : undefined;
  const call = talks && free ? inQueue(core, plan, owner.call, caller, free, turn) : undefined;
  const heard = core.calls.get(owner.call);
  // A number already given belongs to an offer that has ended: its leg is on its way out.
  if (!free || !call || call.offer || call.offers >= owner.offer) {
    // The next offer must not take the id of a leg that is still on its way out.
    if (heard) heard.offers = Math.max(heard.offers, owner.offer);
    turn.effects.push({ do: "end-stray", channel: channel.id });
    return;
  }
  endOutside(core, turn, call, "withdrawn");
  waitsNoMore(core, turn, call);
  call.offers = owner.offer;
  call.offer = { n: owner.offer, agent: free.id, since: turn.at, state: "connecting", answeredAt: turn.at, holdMs: 0 };
  call.bridged = true;
  free.call = call.id;
  if (free.state === "paused" && free.reason) free.next ??= free.reason;
  setAgent(core, turn, free, "ringing");
  if (call.callback) return talksAlready(core, turn, call, call.offer);
  bridged(core, turn, { at: turn.at, type: "bridged", call: call.id, offer: owner.offer });
}

/** The same of a number outside: it talks with its caller, alone or with an agent. */
function adoptOutside(
  core: CoreState,
  plan: Plan,
  leg: { readonly call: string; readonly offer: number; readonly number: string; readonly bridge: string | null },
  live: ReadonlyMap<string, LiveChannel>,
  turn: Turn,
): boolean {
  const caller = live.get(leg.call);
  if (!caller || leg.bridge === null || leg.bridge !== caller.bridge) return false;
  const { arrival } = caller;
  const call =
    core.calls.get(leg.call) ??
    (arrival && newCall(core, plan, { at: turn.at, type: "call.arrived", call: caller.id, ...arrival }, turn));
  const stage = call?.stage.name;
  if (!call || call.outside || call.callerGone || call.offers >= leg.offer) return false;
  // From the queue it had stepped aside for that.
  if (stage === "queue" && !call.offer) stepAside(core, turn, call);
  else if (stage !== "menu" && stage !== "talk") return false;
  call.offers = leg.offer;
  const joins = stage === "talk" ? { joins: call.interpreter ?? call.language } : {};
  call.outside = { n: leg.offer, number: leg.number, since: turn.at, state: "connecting", ...joins };
  call.bridged = true;
  turn.facts.push({ at: turn.at, type: "call.outside-rung", call: call.id, number: leg.number });
  outsideBridged(core, turn, call, call.outside);
  return true;
}

/**
 * The call of a talking caller, as if it had just waited. Of one that only its channel knows, or that has not got beyond the
 * menu as far as we know, the group stands nowhere any more: the agent's first.
 */
function inQueue(core: CoreState, plan: Plan, id: string, caller: LiveChannel, agent: Agent, turn: Turn): Call | undefined {
  const known = core.calls.get(id);
  if (known?.aside) backInLine(known);
  if (known && known.stage.name !== "menu") return known.stage.name === "queue" ? known : undefined;
  // A citizen who was rung back, of which the log has nothing, is a caller like others.
  const arrival = caller.arrival ?? (caller.outside === undefined ? undefined : { dialled: "", from: caller.outside, tag: null });
  const call =
    known ?? (arrival && newCall(core, plan, { at: turn.at, type: "call.arrived", call: caller.id, ...arrival }, turn));
  if (!call) return undefined;
  const group = agent.competence.skills[0]?.group ?? plan.lastResort;
  clearTimer(core, turn, menuTimer(id));
  call.stage = { name: "queue" };
  takePlace(core, turn, call, { group, languages: [call.language], priority: "normal" });
  return call;
}

/** It had chosen something else while it waited, and talks now: so it waited on. */
function backInLine(call: Call): void {
  delete call.aside;
  call.stage = { name: "queue" };
}

/** Brings a call's halves up to date, each with what Asterisk has of it. */
function settle(core: CoreState, call: Call, live: ReadonlyMap<string, LiveChannel>, turn: Turn): void {
  const { at } = turn;
  const caller = live.get(call.id);
  const offer = call.offer;
  const leg = offer && live.get(legId(call.id, offer.n));
  const outside = call.outside;
  const outsideLeg = outside && live.get(legId(call.id, outside.n));
  if (call.callback) {
    if (outside && outsideLeg) readBackOutside(core, call, outside, caller, outsideLeg, turn);
    settleBack(core, turn, call, caller, leg);
    if (outside && !outsideLeg && call.outside) outsideEnded(core, turn, call, outside, outsideGone(call, outside, at));
    return;
  }
  const wasOver = call.stage.name === "over";
  if (call.playback) turn.effects.push({ do: "stop-play", call: call.id, playback: call.playback.n });
  forgetUnheard(call);
  delete call.playback;
  call.music = false;
  if (offer && leg) readBackLeg(core, call, offer, caller, leg, turn);
  if (outside && outsideLeg) readBackOutside(core, call, outside, caller, outsideLeg, turn);
  // A recording would keep the caller from hearing anything else.
  if (caller && call.recordings > 0) turn.effects.push({ do: "stop-record", call: call.id, recording: call.recordings });
  if (!caller) callerGone(core, turn, { at, type: "caller.gone", call: call.id, cause: "normal" });
  if (offer && !leg) {
    // Whatever ended a ring while nobody looked, the agent is not to blame.
    if (offer.state !== "talking") offer.why ??= "withdrawn";
    legEnded(core, turn, { at, type: "leg.ended", call: call.id, offer: offer.n, cause: "failed" });
  }
  if (outside && !outsideLeg) {
    if (outside.state !== "talking") outside.why ??= "withdrawn";
    outsideEnded(core, turn, call, outside, outsideGone(call, outside, at));
  }
  if (caller && wasOver && core.calls.has(call.id)) endCaller(core, turn, call);
}

const outsideGone = (call: Call, { n }: OutsideLeg, at: number): EventOf<"leg.ended"> => ({
  ...{ at, type: "leg.ended", call: call.id, offer: n, cause: "failed" },
});

/** Nobody stays in silence: the menu from its start, or music in the old place. */
function hearAgain(core: CoreState, plan: Plan, call: Call, caller: LiveChannel | undefined, turn: Turn): void {
  const stage = call.stage.name;
  if (stage === "talk") return talkFound(core, turn, call);
  if (call.callback) return undoStray(core, turn, call, caller);
  if (call.outside?.state === "connecting") return;
  if (!caller || call.offer?.state === "connecting" || (stage !== "menu" && stage !== "queue" && stage !== "goodbye")) return;
  if (caller.bridge !== null) turn.effects.push({ do: "unbridge", call: call.id });
  call.bridged = false;
  if (stage === "queue" && !awaitsKey(call)) return waitAgain(core, turn, call);
  // Music or the bed that the lost engine began would go on under what is said now, and into a bridge.
  turn.effects.push({ do: "music", call: call.id, on: false });
  if (awaitsKey(call)) speakAgain(core, plan, call, turn);
  else endCaller(core, turn, call);
}

function readBackOutside(
  core: CoreState,
  call: Call,
  outside: OutsideLeg,
  caller: LiveChannel | undefined,
  leg: LiveChannel,
  turn: Turn,
): void {
  const together = caller !== undefined && caller.bridge !== null && caller.bridge === leg.bridge;
  if (outside.state === "ending") turn.effects.push({ do: "end-leg", call: call.id, offer: outside.n });
  else if (together) {
    if (outside.state === "ringing") outside.state = "connecting";
    call.bridged = true;
    outsideBridged(core, turn, call, outside);
  } else if (outside.state !== "talking" && leg.up && caller) {
    if (outside.joins === undefined) turn.effects.push({ do: "music", call: call.id, on: false });
    outside.state = "ringing";
    outsideAnswered(core, turn, call, outside);
  } else endOutside(core, turn, call, "withdrawn");
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
  const together = caller !== undefined && caller.bridge !== null && caller.bridge === leg.bridge;
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
