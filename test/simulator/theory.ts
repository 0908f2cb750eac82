import { erlangA, erlangC, type Queueing } from "../../src/core/metrics/erlang.ts";
import { plainLadder } from "../../src/core/routing/ladder.ts";
import { Agenda } from "../../src/simulator/agenda.ts";
import { drawnArrivals } from "../../src/simulator/arrivals.ts";
import type { Arrivals, SimCall } from "../../src/simulator/call.ts";
import { exponential, fixed, never } from "../../src/simulator/distribution.ts";
import { live, type Policy } from "../../src/simulator/policy.ts";
import type { Scenario } from "../../src/simulator/scenario.ts";
import { simulate } from "../../src/simulator/simulate.ts";
import { type Batch, estimate, type Interval } from "./estimate.ts";

/** One group of equal agents, as theory has it. */
export interface Point {
  readonly agents: number;
  /** Offered load per agent. */
  readonly load: number;
  /** Mean patience in mean talk times; without one nobody gives up (Erlang C). */
  readonly patience?: number;
  /** How many calls are simulated in CI. */
  readonly calls: number;
}

export interface Comparison {
  readonly point: Point;
  readonly theory: Queueing;
  readonly waiting: Interval;
  readonly meanWaitMs: Interval;
}

/** What CI compares: loads and numbers of calls such that each interval is at most 2 % wide to either side, in a minute in all. */
export const points: readonly Point[] = [
  { agents: 1, load: 0.3, calls: 250_000 },
  { agents: 3, load: 0.6, calls: 500_000 },
  { agents: 5, load: 0.6, calls: 600_000 },
  { agents: 10, load: 0.6, calls: 1_300_000 },
  { agents: 20, load: 0.7, calls: 2_100_000 },
  { agents: 1, load: 0.5, patience: 1, calls: 100_000 },
  { agents: 5, load: 0.8, patience: 1, calls: 350_000 },
  { agents: 10, load: 0.85, patience: 1, calls: 300_000 },
  { agents: 20, load: 0.9, patience: 0.5, calls: 350_000 },
  { agents: 50, load: 0.9, patience: 0.5, calls: 1_000_000 },
  { agents: 100, load: 0.93, patience: 0.5, calls: 1_200_000 },
  { agents: 200, load: 0.95, patience: 0.5, calls: 1_800_000 },
];

/** Only the bench takes the time for these: without anybody giving up, a large house forgets a bad hour slowly. */
export const slowPoints: readonly Point[] = [
  { agents: 30, load: 0.75, calls: 3_700_000 },
  { agents: 50, load: 0.8, calls: 5_000_000 },
  { agents: 100, load: 0.85, calls: 4_000_000 },
  { agents: 200, load: 0.9, calls: 6_000_000 },
];

const talkMs = 240_000;
const batchCount = 60;

/**
 * Simulates a point with the live routing and estimates the share who wait, and the mean wait, with 99 % confidence intervals by
 * batch means, the first calls left out.
 *
 * The intervals are made narrower by control variates that know nothing of queues: the same callers with as many agents as
 * callers. How many are then talking when a call comes is Poisson distributed, whatever the routing; where chance brought more of
 * them than that, more callers waited too.
 */
export function compare(point: Point, seed: number, policy: (scenario: Scenario) => Policy = livePolicy): Comparison {
  const { agents, load, patience } = point;
  const arrivalsPerMs = (agents * load) / talkMs;
  const staffing = { agents, arrivalsPerMs, handlingMs: talkMs };
  const theory = patience === undefined ? erlangC(staffing) : erlangA(staffing, patience * talkMs);
  const scenario = scenarioOf(point, arrivalsPerMs);
  const controls = controlsOf(agents, agents * load);
  const inputs = new Watched(drawnArrivals(scenario, seed), [1, long]);
  const { calls } = simulate(scenario, inputs, policy(scenario));
  // Warm-up: at least thirty mean talk times, in which the start with an empty house is forgotten.
  const first = Math.max(Math.ceil(calls.size / 50), Math.ceil(30 * agents * load));
  const size = Math.floor((calls.size - first) / batchCount);
  const waiting: Batch[] = [];
  const waits: Batch[] = [];
  for (let batch = 0; batch < batchCount; batch++) {
    const from = first + batch * size;
    let waited = 0;
    let waitMs = 0;
    for (let row = from; row < from + size; row++) {
      const wait = calls.waitedMs[row] ?? 0;
      if (wait > 0) waited++;
      waitMs += wait;
    }
    const means = controls.map((control) => inputs.mean(control, from, from + size));
    waiting.push({ value: waited / size, controls: means });
    waits.push({ value: waitMs / size, controls: means });
  }
  const expected = controls.map(({ stretch, of }) => poissonMean(stretch * agents * load, of));
  return { point, theory, waiting: estimate(waiting, expected), meanWaitMs: estimate(waits, expected) };
}

/** A function of how many would be talking if nobody had to wait and everybody talked `stretch` times as long. */
interface Control {
  readonly stretch: number;
  readonly of: (talking: number) => number;
}

const long = 3;

/** All agents taken, how far above, how many; and, for loads that last, how far above with talks three times as long. */
function controlsOf(agents: number, load: number): readonly Control[] {
  const above = (talking: number): number => Math.max(0, talking - agents + 1);
  const longAbove = (talking: number): number => Math.max(0, talking - long * load - Math.sqrt(long) * (agents - load));
  const short: Control[] = [
    { stretch: 1, of: (talking) => (talking >= agents ? 1 : 0) },
    { stretch: 1, of: (talking) => talking },
    { stretch: 1, of: (talking) => (talking - load) ** 2 },
  ];
  // With one agent these two say the same as those before.
  if (agents > 1) short.push({ stretch: 1, of: above }, { stretch: 1, of: (talking) => above(talking) ** 2 });
  return [...short, { stretch: long, of: longAbove }, { stretch: long, of: (talking) => longAbove(talking) ** 2 }];
}

/** The mean of a function under the Poisson distribution. */
function poissonMean(mean: number, of: (count: number) => number): number {
  let sum = 0;
  let log = -mean;
  for (let count = 0; count < mean + 40 * Math.sqrt(mean + 1) + 40; count++) {
    sum += Math.exp(log) * of(count);
    log += Math.log(mean / (count + 1));
  }
  return sum;
}

const livePolicy = (scenario: Scenario): Policy => live(scenario.groups.map(({ rules }) => rules));

function scenarioOf({ agents, patience, calls }: Point, arrivalsPerMs: number): Scenario {
  const length = calls / arrivalsPerMs;
  const text = { sv: "", en: "" };
  return {
    id: "theory",
    name: text,
    about: text,
    firstDay: 0,
    days: 1,
    isOpen: () => true,
    languages: ["sv"],
    groups: [
      {
        id: "group",
        name: text,
        rules: { id: "group", ladder: plainLadder, answerTargetMs: 60_000, preferMs: 0 },
        ringMs: 20_000,
        shortAbandonMs: 0,
        callsPerDay: calls,
        spread: [{ from: 0, to: length, share: 1 }],
        weekdays: [1, 1, 1, 1, 1, 1, 1],
        mix: { languages: [{ value: "sv", share: 1 }], districts: [{ value: undefined, share: 1 }], urgent: 0, returning: 0 },
        talk: exponential(talkMs),
        wrapUp: fixed(0),
        patience: patience === undefined ? never : exponential(patience * talkMs),
      },
    ],
    agents: Array.from({ length: agents }, (_, index) => ({
      id: `a${index}`,
      team: "all",
      competence: { skills: [{ group: "group", level: 3, line: 1 }], languages: { sv: "native" }, districts: [], site: "" },
      shift: { from: 0, to: 2 * length + 1000 * talkMs, breaks: [] },
    })),
    bursts: [],
    ring: { answer: fixed(0), missed: 0, pauseMs: 0 },
  };
}

/** Counts, as calls come, how many would be talking if nobody ever had to wait. */
class Watched implements Arrivals {
  readonly #arrivals: Arrivals;
  readonly #crowds: readonly { readonly stretch: number; readonly ends: Agenda; readonly seen: number[]; now: number }[];

  constructor(arrivals: Arrivals, stretches: readonly number[]) {
    this.#arrivals = arrivals;
    this.#crowds = stretches.map((stretch) => ({ stretch, ends: new Agenda(), seen: [], now: 0 }));
  }

  get due(): number {
    return this.#arrivals.due;
  }

  take(into: SimCall): void {
    this.#arrivals.take(into);
    for (const crowd of this.#crowds) {
      while (crowd.ends.due <= into.since && crowd.ends.next()) crowd.now--;
      crowd.seen.push(crowd.now++);
      crowd.ends.plan(into.since + crowd.stretch * into.talkMs, 0, 0, 0);
    }
  }

  /** The mean of a control over some of the calls. */
  mean({ stretch, of }: Control, from: number, to: number): number {
    const seen = this.#crowds.find((crowd) => crowd.stretch === stretch)?.seen ?? [];
    let sum = 0;
    for (let row = from; row < to; row++) sum += of(seen[row] ?? 0);
    return sum / (to - from);
  }
}

/** One line of the table: theory and interval of both figures. */
export function lineOf({ point, theory, waiting, meanWaitMs }: Comparison): string {
  const model = point.patience === undefined ? "Erlang C" : `Erlang A, patience ${point.patience}`;
  const shown = (interval: Interval, value: number, digits: number): string =>
    `${value.toFixed(digits)} in ${interval.mean.toFixed(digits)} ± ${interval.half.toFixed(digits)} (${((100 * interval.half) / value).toFixed(2)} %)`;
  const wait = { mean: meanWaitMs.mean / 1000, half: meanWaitMs.half / 1000 };
  return [
    `${String(point.agents).padStart(3)} agents, load ${point.load.toFixed(2)}, ${model}`.padEnd(46),
    `occupancy ${theory.occupancy.toFixed(3)}`,
    `waiting ${shown(waiting, theory.waiting, 4)}`,
    `mean wait s ${shown(wait, theory.meanWaitMs / 1000, 3)}`,
  ].join("  ");
}
