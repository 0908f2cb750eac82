import type { Language } from "../core/plan/plan.ts";
import type { Ask } from "../core/routing/types.ts";
import type { Arrivals, SimCall } from "./call.ts";
import { type Sampler, samplerOf } from "./distribution.ts";
import { Random } from "./random.ts";
import type { Mix, Scenario, ScenarioGroup } from "./scenario.ts";

const dayMs = 86_400_000;

/**
 * The calls of a scenario: Poisson, at a rate that is even within each slot of a day. Each group and purpose has its own stream of
 * random numbers, and a call draws all it will ever need when it arrives: so every policy meets the same calls, and a change in
 * one group leaves the others' calls as they were.
 */
export function drawnArrivals(scenario: Scenario, seed: number): Arrivals {
  const flows = scenario.groups.map((group, index) => new Flow(scenario, group, index, ratesOf(scenario, group), seed, ""));
  const all = scenario.groups.reduce((sum, group) => sum + group.callsPerDay, 0);
  for (const [number, burst] of scenario.bursts.entries()) {
    for (const [index, group] of scenario.groups.entries()) {
      const rate = (burst.calls * group.callsPerDay) / all / burst.length;
      const rates = new Rates([burst.at], [burst.at + burst.length], [rate]);
      flows.push(new Flow(scenario, group, index, rates, seed, `burst ${number}`));
    }
  }
  return new Merged(flows);
}

/** The flow that is due first gives the next call. There are few: a look at each is quicker than keeping them in order. */
class Merged implements Arrivals {
  readonly #flows: readonly Flow[];
  #first: Flow | undefined;

  constructor(flows: readonly Flow[]) {
    this.#flows = flows;
    this.#seek();
  }

  get due(): number {
    return this.#first?.due ?? Number.POSITIVE_INFINITY;
  }

  take(into: SimCall): void {
    this.#first?.take(into);
    this.#seek();
  }

  #seek(): void {
    let first = this.#flows[0];
    for (const flow of this.#flows) if (first && flow.due < first.due) first = flow;
    this.#first = first;
  }
}

/** Rates of calls, per ms, from moment to moment. */
class Rates {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly rate: Float64Array;

  constructor(from: readonly number[], to: readonly number[], rate: readonly number[]) {
    this.from = Float64Array.from(from);
    this.to = Float64Array.from(to);
    this.rate = Float64Array.from(rate);
  }
}

function ratesOf(scenario: Scenario, group: ScenarioGroup): Rates {
  const from: number[] = [];
  const to: number[] = [];
  const rate: number[] = [];
  for (let day = 0; day < scenario.days; day++) {
    if (!scenario.isOpen(day)) continue;
    const midnight = scenario.firstDay + day * dayMs;
    const calls = group.callsPerDay * (group.weekdays[weekdayOf(midnight)] ?? 1);
    for (const slot of group.spread) {
      from.push(midnight + slot.from);
      to.push(midnight + slot.to);
      rate.push((calls * slot.share) / (slot.to - slot.from));
    }
  }
  return new Rates(from, to, rate);
}

/** Monday 0 … Sunday 6; 1970-01-01 was a Thursday. */
export function weekdayOf(midnight: number): number {
  return (((Math.floor(midnight / dayMs) + 3) % 7) + 7) % 7;
}

/** The calls of one group. */
class Flow {
  /** Whole ms, as in the live engine: a step of the ladder comes exactly its time after. */
  due = 0;
  #exact = 0;
  readonly #group: number;
  readonly #rates: Rates;
  readonly #arrival: Random;
  readonly #who: Random;
  readonly #talkRandom: Random;
  readonly #wrapRandom: Random;
  readonly #patienceRandom: Random;
  readonly #luck: Random;
  readonly #talk: Sampler;
  readonly #wrapUp: Sampler;
  readonly #patience: Sampler;
  readonly #asks: Asks;
  #segment = 0;

  constructor(scenario: Scenario, group: ScenarioGroup, index: number, rates: Rates, seed: number, extra: string) {
    const stream = (purpose: string): Random => new Random(seed, `${purpose} ${group.id} ${extra}`);
    this.#group = index;
    this.#rates = rates;
    this.#arrival = stream("arrival");
    this.#who = stream("who");
    this.#talkRandom = stream("talk");
    this.#wrapRandom = stream("wrap-up");
    this.#patienceRandom = stream("patience");
    this.#luck = stream("luck");
    this.#talk = samplerOf(group.talk);
    this.#wrapUp = samplerOf(group.wrapUp);
    this.#patience = samplerOf(group.patience);
    this.#asks = new Asks(scenario, group);
    this.#exact = rates.from[0] ?? 0;
    this.#advance();
  }

  take(into: SimCall): void {
    into.since = this.due;
    into.group = this.#group;
    this.#asks.draw(this.#who, into);
    into.talkMs = this.#talk(this.#talkRandom);
    into.wrapUpMs = this.#wrapUp(this.#wrapRandom);
    into.patienceMs = this.#patience(this.#patienceRandom);
    into.luck = this.#luck.whole();
    this.#advance();
  }

  /** An exponential amount of expected calls further on: a Poisson process whose clock runs as fast as the rate is high. */
  #advance(): void {
    const { from, to, rate } = this.#rates;
    let left = -Math.log(this.#arrival.next());
    for (; this.#segment < rate.length; this.#segment++) {
      const begin = Math.max(this.#exact, from[this.#segment] ?? 0);
      const speed = rate[this.#segment] ?? 0;
      const until = begin + left / speed;
      if (speed > 0 && until < (to[this.#segment] ?? 0)) {
        this.#exact = until;
        this.due = Math.round(until);
        return;
      }
      left -= Math.max(0, (to[this.#segment] ?? 0) - begin) * speed;
    }
    this.due = Number.POSITIVE_INFINITY;
  }
}

/** What callers of a group ask. There are few different asks: each is made once, and used by all calls that ask the same. */
class Asks {
  readonly #group: string;
  readonly #mix: Mix;
  readonly #languages: readonly Language[];
  readonly #agents: readonly string[];
  readonly #made = new Map<number, Ask>();

  constructor(scenario: Scenario, group: ScenarioGroup) {
    this.#group = group.id;
    this.#mix = group.mix;
    this.#languages = scenario.languages;
    this.#agents = scenario.agents
      .filter((agent) => agent.competence.skills.some((skill) => skill.group === group.id))
      .map(({ id }) => id);
  }

  draw(random: Random, into: SimCall): void {
    const { languages, districts, urgent, returning } = this.#mix;
    const language = pick(languages, random.next());
    const district = pick(districts, random.next());
    const isUrgent = random.next() < urgent ? 1 : 0;
    const u = random.next();
    const agent = u < returning ? Math.floor((u / returning) * this.#agents.length) : -1;
    const value = languages[language]?.value ?? "";
    into.language = this.#languages.indexOf(value);
    const key = ((agent + 1) * 64 + district) * 128 + language * 2 + isUrgent;
    let ask = this.#made.get(key);
    if (!ask) {
      const lives = districts[district]?.value;
      const preferred = this.#agents[agent];
      ask = {
        group: this.#group,
        languages: [value],
        priority: isUrgent ? "urgent" : "normal",
        ...(lives === undefined ? {} : { district: lives }),
        ...(preferred === undefined ? {} : { preferred }),
      };
      this.#made.set(key, ask);
    }
    into.ask = ask;
  }
}

function pick(parts: readonly { readonly share: number }[], u: number): number {
  let left = u;
  for (let index = 0; index < parts.length; index++) {
    left -= parts[index]?.share ?? 0;
    if (left < 0) return index;
  }
  return parts.length - 1;
}
