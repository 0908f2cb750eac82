import { type Road, roads, roadTo, rungAt } from "./ladder.ts";
import type { Line } from "./line.ts";
import { lateness } from "./order.ts";
import { type AgentIndex, type GroupIndex, groupOf, languageOf, type NeedIndex, type Router } from "./router.ts";
import { callScore, price, rate } from "./scarcity.ts";
import type { Ask, Rung, Waiting } from "./types.ts";

/**
 * The two questions: which agent for this call, which call for this agent. An idle agent who may take a waiting call is never left
 * idle, as long as the first is asked whenever a call comes, comes back, or rises on its ladder, and the second whenever an agent
 * becomes free.
 */

/** Why this agent for this call. */
export interface Why {
  readonly road: Road;
  readonly rung: Rung;
  /** How many free agents could have taken the call, or how many lines of calls the freed agent could have taken. */
  readonly among: number;
  /** The agent knows the caller's district. */
  readonly local: boolean;
}

export interface Choice {
  readonly call: string;
  readonly agent: string;
  readonly why: Why;
}

/**
 * The agent for a call that came, came back, or has risen on its ladder: the one it asks for; else by the nearest road, who knows
 * the district, whose other skills are least needed now, who has been idle longest.
 */
export function agentFor(router: Router, waiting: Waiting, at: number): Choice | undefined {
  const { ask } = waiting;
  const own = groupOf(router, ask.group);
  const rung = rungAt(waiting, own.rules, at);
  let fits: Candidate[] = [];
  let among = 0;
  const look = (agent: AgentIndex): void => {
    const road = roadTo(ask, rung, own.rules, agent, own.calledIn);
    if (road === undefined) return;
    among++;
    const candidate = candidateOf(agent, road, ask);
    const best = fits[0]?.fit ?? candidate.fit;
    if (candidate.fit < best) fits = [candidate];
    else if (candidate.fit === best) fits.push(candidate);
  };
  const asked = ask.preferred === undefined ? undefined : router.agents.get(ask.preferred);
  if (asked?.free) look(asked);
  if (fits.length === 0 && rung !== "asked") {
    for (const agent of own.free) look(agent);
    if (fits.length === 0) {
      const step = own.rules.ladder[rung] ?? own.rules.ladder[0];
      for (const group of step.neighbours) for (const agent of groupOf(router, group).free) look(agent);
    }
  }
  const best = leastMissed(router, waiting, fits, at);
  if (!best) return undefined;
  const { agent, road, local } = best;
  return { call: waiting.id, agent: agent.id, why: { road, rung, among, local } };
}

/**
 * The call for an agent who became free: of the heads of all lines the agent may serve, the one with the strongest claim (how late it
 * is, and how few there are for how many that wait in its group); of equals the first that came.
 */
export function callFor(router: Router, id: string, at: number): Choice | undefined {
  const agent = router.agents.get(id);
  if (!agent?.free) return undefined;
  let best: { waiting: Waiting; rung: Rung; road: Road; score: number } | undefined;
  let among = 0;
  const look = (line: Line, group: GroupIndex): void => {
    const waiting = line.head?.waiting;
    if (!waiting) return;
    const rung = rungAt(waiting, group.rules, at);
    const road = roadTo(waiting.ask, rung, group.rules, agent, group.calledIn);
    if (road === undefined) return;
    among++;
    const score = callScore({
      lateness: lateness(waiting, group.rules, at, road === "asked-for"),
      waiting: group.waiting,
      agents: Math.max(1, group.need.onDuty),
    });
    if (!best || score > best.score || (score === best.score && waiting.order < best.waiting.order))
      best = { waiting, rung, road, score };
  };
  for (const line of router.asking.get(id) ?? []) look(line, groupOf(router, line.ask.group));
  for (const group of agent.reach) for (const line of group.lines.values()) look(line, group);
  if (!best) return undefined;
  const { waiting, rung, road } = best;
  const local = waiting.ask.district !== undefined && agent.districts.has(waiting.ask.district);
  return { call: waiting.id, agent: id, why: { road, rung, among, local } };
}

interface Candidate {
  readonly agent: AgentIndex;
  readonly road: Road;
  readonly local: boolean;
  /** The lower the better: the road, then knowing the district. */
  readonly fit: number;
}

function candidateOf(agent: AgentIndex, road: Road, ask: Ask): Candidate {
  const local = ask.district !== undefined && agent.districts.has(ask.district);
  return { agent, road, local, fit: roads.indexOf(road) * 2 - (local ? 1 : 0) };
}

/** Of agents who suit the call equally: the one whom other callers will miss least, then the longest idle. */
function leastMissed(router: Router, { ask }: Waiting, fits: readonly Candidate[], at: number): Candidate | undefined {
  if (fits.length < 2) return fits[0];
  // What the call itself needs is no loss to others; each other need is priced once.
  const prices = new Map<NeedIndex, number>([[groupOf(router, ask.group).need, 0]]);
  for (const language of ask.languages) prices.set(languageOf(router, language), 0);
  const priceOf = (need: NeedIndex): number => {
    let worth = prices.get(need);
    if (worth === undefined) {
      const { onDuty, free } = need;
      worth = price({ rate: rate(router.rates, need.name, at), agents: Math.max(1, onDuty), idle: Math.max(1, free) });
      prices.set(need, worth);
    }
    return worth;
  };
  let best: { candidate: Candidate; cost: number } | undefined;
  for (const candidate of fits) {
    let cost = 0;
    for (const need of candidate.agent.needs) cost += priceOf(need);
    if (!best || cost < best.cost || (cost === best.cost && candidate.agent.order < best.candidate.agent.order))
      best = { candidate, cost };
  }
  return best?.candidate;
}
