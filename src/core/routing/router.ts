import type { GroupId, Language } from "../plan/plan.ts";
import { type Able, ableOf, nextStepAt as ladderStepAt, plainLadder } from "./ladder.ts";
import { Line, lineKey, type Place } from "./line.ts";
import { type ArrivalRates, observe } from "./scarcity.ts";
import type { Ask, Competence, GroupRules, Waiting } from "./types.ts";

/**
 * Who waits and who is free, so that the two questions of `choose.ts` look at few of either. Everything here is derived: it can be
 * built anew from the calls that wait and the agents that are free.
 */
export interface Router {
  readonly groups: Map<GroupId, GroupIndex>;
  readonly agents: Map<string, AgentIndex>;
  readonly places: Map<string, Place>;
  /** Lines of calls that ask for one agent, by that agent. */
  readonly asking: Map<string, Set<Line>>;
  readonly languages: Map<Language, NeedIndex>;
  /** How often each need is asked for: kept by whoever makes the router, for it outlives it. */
  readonly rates: ArrivalRates;
}

/** A group or a language: who may answer it, for the price of taking one of them away. */
export interface NeedIndex {
  readonly name: string;
  onDuty: number;
  free: number;
}

export interface GroupIndex {
  readonly rules: GroupRules;
  /** Everybody with a skill in the group, and those of them who are free. */
  readonly members: Set<AgentIndex>;
  readonly free: Set<AgentIndex>;
  readonly lines: Map<string, Line>;
  /** Calls in all lines. */
  waiting: number;
  /** The first line. */
  readonly need: NeedIndex;
  /** Groups that this one helps at some step of theirs. */
  readonly helps: Set<GroupId>;
  calledIn: boolean;
}

export interface AgentIndex extends Able {
  free: boolean;
  /** At work: free, on a call, or wrapping one up. */
  onDuty: boolean;
  /** Every group of the first line and every language the agent answers. */
  readonly needs: readonly NeedIndex[];
  /** Rises each time an agent becomes free: lowest is longest idle. */
  order: number;
  /** Groups whose calls the agent may come to take, at some step. */
  readonly reach: ReadonlySet<GroupIndex>;
}

const plain = (id: GroupId): GroupRules => ({ id, ladder: plainLadder, answerTargetMs: 60_000, preferMs: 0 });

export function createRouter(groups: readonly GroupRules[], rates: ArrivalRates): Router {
  const router: Router = {
    groups: new Map(),
    agents: new Map(),
    places: new Map(),
    asking: new Map(),
    languages: new Map(),
    rates,
  };
  for (const rules of groups) router.groups.set(rules.id, indexOf(rules));
  for (const { rules } of router.groups.values()) {
    for (const helper of new Set(rules.ladder.flatMap((step) => step.neighbours))) groupOf(router, helper).helps.add(rules.id);
  }
  return router;
}

const indexOf = (rules: GroupRules): GroupIndex => ({
  rules,
  members: new Set(),
  free: new Set(),
  lines: new Map(),
  waiting: 0,
  need: needOf(`group ${rules.id}`),
  helps: new Set(),
  calledIn: false,
});

const needOf = (name: string): NeedIndex => ({ name, onDuty: 0, free: 0 });

/** A language's index. */
export function languageOf(router: Router, language: Language): NeedIndex {
  let need = router.languages.get(language);
  if (!need) {
    need = needOf(`language ${language}`);
    router.languages.set(language, need);
  }
  return need;
}

/** A group's index. One that the rules do not name is routed plainly: a call in it must not be lost. */
export function groupOf(router: Router, id: GroupId): GroupIndex {
  let group = router.groups.get(id);
  if (!group) {
    group = indexOf(plain(id));
    router.groups.set(id, group);
  }
  return group;
}

// ---- agents -----------------------------------------------------------------------------------------------------------------------

/** An agent joins, or brings something else than before. Free agents stay free. */
export function setAgent(router: Router, id: string, competence: Competence): void {
  const known = router.agents.get(id);
  const { free: wasFree = false, onDuty = false } = known ?? {};
  removeAgent(router, id);
  const reach = new Set<GroupIndex>();
  const able = ableOf(id, competence);
  for (const { group, line } of competence.skills) {
    const index = groupOf(router, group);
    reach.add(index);
    if (line === 1) for (const helped of index.helps) reach.add(groupOf(router, helped));
  }
  const needs = competence.skills.filter(({ line }) => line === 1).map(({ group }) => groupOf(router, group).need);
  for (const language of Object.keys(competence.languages)) needs.push(languageOf(router, language));
  const agent: AgentIndex = { ...able, free: false, onDuty: false, needs, order: 0, reach };
  router.agents.set(id, agent);
  for (const { group } of competence.skills) groupOf(router, group).members.add(agent);
  setDuty(router, id, onDuty);
  if (known && wasFree) free(router, id, known.order);
}

export function removeAgent(router: Router, id: string): void {
  const agent = router.agents.get(id);
  if (!agent) return;
  setDuty(router, id, false);
  for (const { group } of agent.competence.skills) groupOf(router, group).members.delete(agent);
  router.agents.delete(id);
}

/** May be offered calls from now on. `order` rises each time anybody becomes free: the lowest is the longest idle. */
export function free(router: Router, id: string, order: number): void {
  const agent = router.agents.get(id);
  if (!agent) return;
  setDuty(router, id, true);
  if (!agent.free) for (const need of agent.needs) need.free += 1;
  agent.free = true;
  agent.order = order;
  for (const { group } of agent.competence.skills) groupOf(router, group).free.add(agent);
}

export function busy(router: Router, id: string): void {
  const agent = router.agents.get(id);
  if (!agent?.free) return;
  agent.free = false;
  for (const need of agent.needs) need.free -= 1;
  for (const { group } of agent.competence.skills) groupOf(router, group).free.delete(agent);
}

/** At work, or away from the telephone: who is away is not free either. */
export function setDuty(router: Router, id: string, onDuty: boolean): void {
  const agent = router.agents.get(id);
  if (!agent || agent.onDuty === onDuty) return;
  if (!onDuty) busy(router, id);
  agent.onDuty = onDuty;
  for (const need of agent.needs) need.onDuty += onDuty ? 1 : -1;
}

/** The group's second line is called in, or sent back to casework. */
export function callIn(router: Router, group: GroupId, calledIn: boolean): void {
  groupOf(router, group).calledIn = calledIn;
}

// ---- calls ------------------------------------------------------------------------------------------------------------------------

/** A call came that asks this: what is asked for often makes its agents dear. */
export function observeAsk(router: Router, ask: Ask, at: number): void {
  observe(router.rates, groupOf(router, ask.group).need.name, at);
  for (const language of ask.languages) observe(router.rates, languageOf(router, language).name, at);
}

/** The call waits from now on, or again. */
export function add(router: Router, waiting: Waiting): void {
  const { ask } = waiting;
  const group = groupOf(router, ask.group);
  const { lines } = group;
  group.waiting += 1;
  const key = lineKey(waiting);
  let line = lines.get(key);
  if (!line) {
    line = new Line(key, ask);
    lines.set(key, line);
    if (ask.preferred !== undefined) setOf(router.asking, ask.preferred).add(line);
  }
  const place: Place = { waiting, line, previous: undefined, next: undefined };
  line.insert(place);
  router.places.set(waiting.id, place);
}

/** The call waits no longer: it is being offered, or gone. */
export function remove(router: Router, id: string): void {
  const place = router.places.get(id);
  if (!place) return;
  router.places.delete(id);
  const { line } = place;
  line.remove(place);
  const { preferred } = line.ask;
  const group = groupOf(router, line.ask.group);
  group.waiting -= 1;
  if (line.head) return;
  group.lines.delete(line.key);
  if (preferred === undefined) return;
  const asking = router.asking.get(preferred);
  asking?.delete(line);
  if (asking?.size === 0) router.asking.delete(preferred);
}

/** When the call rises next, ms since the epoch: then `agentFor` is to be asked again. */
export function nextStepAt(router: Router, waiting: Waiting, at: number): number | undefined {
  return ladderStepAt(waiting, groupOf(router, waiting.ask.group).rules, at);
}

function setOf<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  const known = map.get(key) ?? new Set<V>();
  map.set(key, known);
  return known;
}
