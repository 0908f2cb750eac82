import type { AgentProfile, ChosenReason, EventOf, Phones } from "../events.ts";
import type { AgentStateName, PauseReason } from "../facts.ts";
import { sawHandling } from "../routing/estimate.ts";
import { busy, free, setAgent as joinRouter, removeAgent, setDuty } from "../routing/router.ts";
import { type Agent, type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";

/**
 * An agent's states:
 *
 *   offline ◀──▶ available ──offer──▶ ringing ──answered──▶ talking ──leg ended──▶ wrap-up ──▶ available
 *      ▲            ▲  ▲                 │                                            │
 *      └─ paused ◀──┴──┴── missed, busy, failed, caller gone ◀──┘                     └──▶ next, when chosen
 *
 * From ringing and talking only the leg's confirmed end or its answer leads on, so no agent can hold two offers.
 */

export const wrapTimer = (agent: string): string => `wrap:${agent}`;
export const phoneTimer = (agent: string): string => `phone:${agent}`;

/** Two misses in a row pause an agent. */
export const missesBeforePause = 2;
/** How long a phone that was busy or broken is left alone before it is tried again, ms. */
export const phoneRestMs = 30_000;

export function setAgent(core: CoreState, turn: Turn, agent: Agent, state: AgentStateName, reason?: PauseReason): void {
  clearTimer(core, turn, phoneTimer(agent.id));
  agent.state = state;
  agent.since = turn.at;
  if (state === "paused" || state === "offline") delete agent.calledIn;
  if (reason === undefined) delete agent.reason;
  else agent.reason = reason;
  if (state === "available") agent.idleOrder = core.nextIdle++;
  indexAgent(core, agent);
  turn.facts.push({ at: turn.at, type: "agent.state", agent: agent.id, state, ...(reason === undefined ? {} : { reason }) });
}

/** Where an agent goes when nothing holds them any more: what they chose beforehand, else free. */
export function release(core: CoreState, turn: Turn, agent: Agent): void {
  delete agent.call;
  delete agent.wrapUp;
  clearTimer(core, turn, wrapTimer(agent.id));
  const next = agent.leaving ? "offline" : agent.next;
  delete agent.next;
  if (next === undefined || next === "available") setAgent(core, turn, agent, "available");
  else if (next === "offline") signedOut(core, turn, agent);
  else setAgent(core, turn, agent, "paused", next);
}

/** A phone that was busy or failed: unavailable for a while, which is no miss. */
export function restPhone(core: CoreState, turn: Turn, agent: Agent, reason: "phone-busy" | "phone-failed"): void {
  delete agent.call;
  if (agent.next !== undefined || agent.leaving) return release(core, turn, agent);
  setAgent(core, turn, agent, "paused", reason);
  setTimer(core, turn, phoneTimer(agent.id), turn.at + phoneRestMs);
}

/** The ring went unanswered, or was refused. The second in a row pauses. */
export function missed(core: CoreState, turn: Turn, agent: Agent): void {
  agent.missedInRow += 1;
  if (agent.missedInRow >= missesBeforePause && agent.next === undefined) agent.next = "missed-calls";
  release(core, turn, agent);
}

/** The talk is over: wrap-up, of `leastMs` at least, or free at once when the group has none. */
export function wrapUp(core: CoreState, turn: Turn, agent: Agent, call: Call, talkMs: number, leastMs = 0): void {
  const group = call.queued?.ask.group ?? "";
  const length = Math.max(leastMs, core.plan?.groups[group]?.wrapUpMs ?? 0);
  agent.wrapUp = {
    call: call.id,
    group,
    since: turn.at,
    until: turn.at + length,
    talkMs,
    ...(call.outcome ? { outcome: call.outcome } : {}),
    ...(call.district ? { district: call.district } : {}),
  };
  if (length === 0) return wrappedUp(core, turn, agent);
  setAgent(core, turn, agent, "wrap-up");
  setTimer(core, turn, wrapTimer(agent.id), agent.wrapUp.until);
}

/** Ends wrap-up, by the agent's word or by time; what was not said about the contact is "not-stated". */
export function wrappedUp(core: CoreState, turn: Turn, agent: Agent): void {
  const wrap = agent.wrapUp;
  if (!wrap) return;
  const about = { at: turn.at, call: wrap.call, group: wrap.group, agent: agent.id };
  const where = wrap.district ? { district: wrap.district.name } : {};
  turn.facts.push({ type: "call.outcome", ...about, outcome: wrap.outcome ?? "not-stated", ...where });
  turn.facts.push({ type: "call.wrapped-up", ...about, wrapUpMs: turn.at - wrap.since });
  sawHandling(core.handling, wrap.group, wrap.talkMs + turn.at - wrap.since);
  release(core, turn, agent);
}

export function choose(core: CoreState, turn: Turn, agent: Agent, wish: ChosenReason | "available" | "offline"): void {
  delete agent.calledIn; // their own word counts more than the rule's
  if (agent.state === "ringing" || agent.state === "talking" || agent.state === "wrap-up") {
    agent.next = wish;
    return;
  }
  if (wish === "available") {
    agent.missedInRow = 0;
    if (agent.state !== "available") setAgent(core, turn, agent, "available");
  } else if (wish === "offline") signedOut(core, turn, agent);
  else setAgent(core, turn, agent, "paused", wish);
}

/** Puts an agent among the free ones, or takes them out, according to state and phones. */
export function indexAgent(core: CoreState, agent: Agent): void {
  const isFree = agent.state === "available" && (agent.phones.browser || agent.phones.desk);
  if (isFree) free(core.router, agent.id, agent.idleOrder);
  else busy(core.router, agent.id);
  setDuty(core.router, agent.id, agent.state !== "offline" && agent.state !== "paused");
}

export function setPhones(core: CoreState, agent: Agent, phones: Phones): void {
  agent.phones = phones;
  indexAgent(core, agent);
}

/** The directory as it now is. Agents who left it finish their call first. */
export function setAgents(core: CoreState, turn: Turn, profiles: readonly AgentProfile[]): void {
  const named = new Set<string>();
  for (const profile of profiles) {
    named.add(profile.id);
    const agent = core.agents.get(profile.id);
    if (!agent) {
      core.agents.set(profile.id, newAgent(profile, turn.at));
      joinRouter(core.router, profile.id, profile.competence);
      continue;
    }
    delete agent.leaving;
    agent.name = profile.name;
    agent.competence = profile.competence;
    joinRouter(core.router, agent.id, agent.competence);
    indexAgent(core, agent);
  }
  for (const agent of [...core.agents.values()]) {
    if (named.has(agent.id)) continue;
    agent.leaving = true;
    // Whoever only finishes a call is nobody's hope any more.
    removeAgent(core.router, agent.id);
    if (agent.call === undefined && !agent.wrapUp) signedOut(core, turn, agent);
  }
}

/** The outcome may be given while talking or in wrap-up; the last word counts. */
export function giveOutcome(core: CoreState, event: EventOf<"agent.outcome">): void {
  const call = core.calls.get(event.call);
  if (call && call.offer?.agent === event.agent) call.outcome = event.outcome;
  const wrap = core.agents.get(event.agent)?.wrapUp;
  if (wrap?.call === event.call) wrap.outcome = event.outcome;
}

function signedOut(core: CoreState, turn: Turn, agent: Agent): void {
  if (agent.state !== "offline") setAgent(core, turn, agent, "offline");
  if (agent.leaving) core.agents.delete(agent.id);
}

function newAgent(profile: AgentProfile, at: number): Agent {
  return {
    id: profile.id,
    name: profile.name,
    competence: profile.competence,
    state: "offline",
    since: at,
    phones: { browser: false, desk: false },
    missedInRow: 0,
    idleOrder: 0,
  };
}
