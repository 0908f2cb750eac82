import { choose, giveOutcome, phoneTimer, setAgent, setAgents, setPhones, wrapTimer } from "./agent/agent.ts";
import { announcementTimer } from "./announcements/announcement.ts";
import { clearAnnouncement, hearInLanguage, setAnnouncement } from "./announcements/in-force.ts";
import { arrive } from "./call/arrival.ts";
import { speakersDue } from "./call/busy-speakers.ts";
import { agentSaysDistrict } from "./call/district.ts";
import { leadAllOn, leadOn } from "./call/fallback.ts";
import { awaitsKey, keyDown, keyPressed, menuSpoken, silence } from "./call/keys.ts";
import { bridged, bridgeFailed, legAnswered, legEnded } from "./call/leg.ts";
import { found, goodbyeSpoken, recorded, unreached } from "./call/menu.ts";
import { answering, refuse, ringTimeOver, serve } from "./call/offer.ts";
import { outsideAnswered, outsideBridged, outsideEnded, outsideNotBridged, outsideOf, outsideTimeOver } from "./call/outside.ts";
import { queueSpoken, rungRises, tellPlace } from "./call/queue.ts";
import { readBack } from "./call/read-back.ts";
import { reviewSecondLine, sendBackUnruled } from "./call/second-line.ts";
import { spoken } from "./call/sound.ts";
import { agentHangsUp, agentInterprets, callerGone, endIsLate, held, resumed } from "./call/talk.ts";
import {
  callbackTimer,
  endTimer,
  menuTimer,
  outsideTimer,
  placeTimer,
  ringTimer,
  rungTimer,
  secondLineTimer,
  speakersTimer,
} from "./call/timers.ts";
import { agentSays, cancel, citizenAnswered, contactOver } from "./callback/attempt.ts";
import { lookAgain, lookAgainAtAll } from "./callback/rest.ts";
import type { CoreEvent, EventOf } from "./events.ts";
import { linkAnswered } from "./nodes/survey.ts";
import { rebuildRouter } from "./rebuild.ts";
import type { Agent, CoreState, Turn } from "./state.ts";

/**
 * One step: an event comes in, the state is brought up to date, and what is to be done and what has happened comes out.
 * Deterministic: the same events on the same state give the same turns. Never throws on any event the types allow;
 * an event about a call or agent that is gone changes nothing.
 */
export function step(core: CoreState, event: CoreEvent): Turn {
  const turn: Turn = { at: event.at, effects: [], facts: [] };
  const plan = core.plan;
  switch (event.type) {
    case "plan.set":
      core.plan = event.plan;
      rebuildRouter(core);
      sendBackUnruled(core, turn);
      lookAgainAtAll(core, turn);
      break;
    case "spoken.set":
      if (plan) core.plan = { ...plan, spoken: event.languages };
      break;
    case "agents.set":
      setAgents(core, turn, event.agents);
      serveAll(core, turn);
      if (plan) leadAllOn(core, plan, turn);
      break;
    case "call.arrived":
      if (plan) arrive(core, plan, event, turn);
      break;
    case "key":
      if (plan) keyPressed(core, plan, event, turn);
      break;
    case "playback.ended": {
      const call = spoken(core, event.call, event.playback);
      if (call && plan && awaitsKey(call)) menuSpoken(core, plan, call, turn);
      else if (call?.stage.name === "goodbye") goodbyeSpoken(core, turn, call);
      else if (call) queueSpoken(core, turn, call);
      break;
    }
    case "key.down":
      if (plan) keyDown(core, plan, event, turn);
      break;
    case "found":
      if (plan) found(core, plan, event, turn);
      break;
    case "recorded":
      if (plan) recorded(core, plan, event, turn);
      break;
    case "caller.answered":
      citizenAnswered(core, turn, event);
      break;
    case "caller.gone":
      callerGone(core, turn, event);
      backOn(core, turn, event.call);
      break;
    case "leg.answered":
    case "leg.ended":
    case "bridged":
    case "bridge.failed":
      legEvent(core, turn, event);
      break;
    case "leg.held":
      held(core, turn, event);
      break;
    case "leg.resumed":
      resumed(core, turn, event);
      break;
    case "timer":
      if (core.timers.delete(event.timer)) timer(core, turn, event.timer);
      break;
    case "announcement.set":
      setAnnouncement(core, turn, event.announcement);
      break;
    case "announcement.language":
      hearInLanguage(core, turn, event);
      break;
    case "announcement.cleared":
      clearAnnouncement(core, turn, event.announcement, event.by);
      break;
    case "read-back":
      if (plan) readBack(core, plan, event, turn);
      serveAll(core, turn);
      if (plan) leadAllOn(core, plan, turn);
      break;
    case "callers.forgotten":
      for (const call of event.calls) core.toForget.delete(call);
      break;
    case "agent.answering":
      answering(core, event);
      break;
    case "agent.refuse":
      refuse(core, turn, event);
      break;
    case "agent.reached":
    case "agent.not-reached":
      agentSays(core, turn, event);
      break;
    case "callback.cancel": {
      const call = core.calls.get(event.call);
      if (call) cancel(core, turn, call, "lead");
      break;
    }
    case "survey.answered":
      linkAnswered(core, turn, event);
      break;
    case "agent.hang-up":
      agentHangsUp(core, turn, event);
      break;
    case "agent.interpreter":
      agentInterprets(core, turn, event);
      break;
    case "agent.district":
      agentSaysDistrict(core, turn, event);
      break;
    case "agent.outcome":
      giveOutcome(core, event);
      break;
    default:
      agentEvent(core, turn, event);
  }
  return turn;
}

/** What a leg tells: an agent's, or that of a number outside. */
function legEvent(core: CoreState, turn: Turn, event: EventOf<"leg.answered" | "leg.ended" | "bridged" | "bridge.failed">): void {
  const found = outsideOf(core, event);
  if (event.type === "leg.answered") {
    if (found) outsideAnswered(core, turn, found.call, found.outside);
    else legAnswered(core, turn, event);
  } else if (event.type === "bridged") {
    if (found) outsideBridged(core, turn, found.call, found.outside);
    else bridged(core, turn, event);
  } else if (event.type === "bridge.failed") {
    if (found) outsideNotBridged(core, turn, found.call, found.outside);
    else bridgeFailed(core, turn, event);
  } else if (found) {
    const how = outsideEnded(core, turn, found.call, found.outside, event);
    if (how !== undefined && core.plan) unreached(core, core.plan, found.call, turn, how);
  } else legEnded(core, turn, event);
}

/** Events about one agent that may make them free. */
function agentEvent(
  core: CoreState,
  turn: Turn,
  event: Extract<CoreEvent, { type: "phones" | "agent.available" | "agent.pause" | "agent.sign-out" | "agent.done" }>,
): void {
  const agent = core.agents.get(event.agent);
  if (!agent) return;
  switch (event.type) {
    case "phones":
      setPhones(core, agent, event.phones);
      break;
    case "agent.available":
      choose(core, turn, agent, "available");
      break;
    case "agent.pause":
      choose(core, turn, agent, event.reason);
      break;
    case "agent.sign-out":
      choose(core, turn, agent, "offline");
      break;
    case "agent.done":
      if (agent.wrapUp?.call === event.call) contactOver(core, turn, agent);
      break;
  }
  serve(core, turn, agent);
}

function timer(core: CoreState, turn: Turn, name: string): void {
  const colon = name.indexOf(":");
  const id = name.slice(colon + 1);
  const agent = core.agents.get(id);
  if (name === menuTimer(id) && core.plan) silence(core, core.plan, id, turn);
  else if (name === ringTimer(id)) ringTimeOver(core, turn, id);
  else if (name === rungTimer(id)) rungRises(core, turn, id);
  else if (name === outsideTimer(id)) outsideTimeOver(core, turn, id);
  else if (name === secondLineTimer(id)) reviewSecondLine(core, turn, id);
  else if (name === announcementTimer(id)) clearAnnouncement(core, turn, id, null);
  else if (name === placeTimer(id)) tellPlace(core, turn, id);
  else if (name === speakersTimer(id)) speakersDue(core, turn, id);
  else if (name === endTimer(id)) endIsLate(core, turn, id);
  else if (name === callbackTimer(id)) {
    lookAgain(core, turn, id);
    backOn(core, turn, id);
  } else if (name === wrapTimer(id) && agent) freed(core, turn, agent, () => contactOver(core, turn, agent));
  else if (name === phoneTimer(id) && agent?.state === "paused")
    freed(core, turn, agent, () => setAgent(core, turn, agent, "available"));
}

/** A callback waits again, and the directory may have lost meanwhile all who could take it. */
function backOn(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.callback && call.absent === "waiting" && core.plan) leadOn(core, core.plan, turn, call);
}

function freed(core: CoreState, turn: Turn, agent: Agent, how: () => void): void {
  how();
  serve(core, turn, agent);
}

/** After the directory or Asterisk has been read: whoever is free is served, longest idle first. */
function serveAll(core: CoreState, turn: Turn): void {
  const free = [...core.agents.values()].filter((agent) => agent.state === "available");
  for (const agent of free.sort((a, b) => a.idleOrder - b.idleOrder)) serve(core, turn, agent);
}
