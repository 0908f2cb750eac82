import type { Fact } from "../core/facts.ts";
import type { Counts } from "../core/metrics/counts.ts";
import { emptyTally, hasUnfinished, type Tally, talliedFacts, tally, unfinishedCounts } from "../core/metrics/tally.ts";
import type { GroupId, Plan } from "../core/plan/plan.ts";
import { addDays, dayOf, parseDay } from "../core/time/civil.ts";
import type { LogReader } from "../store/event-log.ts";
import { groupSettings } from "./figures.ts";
import { callbacksBefore, leadMs } from "./lead.ts";

const hourMs = 3_600_000;
/** A day that ended so long ago is not read again, unless somebody is to be rung back. Until then entries may still come in late, after a full disk. */
const closedAfterMs = 48 * hourMs;

export type DayCounts = ReadonlyMap<GroupId, Counts>;

/** What was counted on each day of the city. Days that are long over are counted once and remembered. */
export class DayBook {
  readonly #reader: LogReader;
  readonly #plan: Plan;
  readonly #now: () => number;
  readonly #closed = new Map<string, DayCounts>();

  /** `now`: ms since the epoch. */
  constructor(reader: LogReader, plan: Plan, now: () => number = Date.now) {
    this.#reader = reader;
    this.#plan = plan;
    this.#now = now;
  }

  /** Counts of the days `first` to `last`, both included, from the log up to entry `asOf`. Errors: STORE_FAILED. */
  async counts(first: string, last: string, asOf: number): Promise<Map<string, DayCounts>> {
    const days = new Map<string, DayCounts>();
    let open: string[] = [];
    for (let day: string | undefined = first; day !== undefined && day <= last; day = addDays(day, 1)) {
      const closed = this.#closed.get(day);
      if (closed === undefined) {
        open.push(day);
        continue;
      }
      await this.#read(open, asOf, days);
      open = [];
      days.set(day, closed);
    }
    await this.#read(open, asOf, days);
    return days;
  }

  /** Whether the day has ended. */
  isOver(day: string): boolean {
    return this.#end(day) <= this.#now();
  }

  /** Counts days that follow one another. */
  async #read(run: readonly string[], asOf: number, days: Map<string, DayCounts>): Promise<void> {
    const first = run[0];
    const last = run.at(-1);
    if (first === undefined || last === undefined) return;
    const state = await this.#count(this.#start(first), this.#end(last), asOf);
    const now = this.#now();
    const open = unfinishedCounts(state, now);
    for (const day of run) {
      const counts: DayCounts = state.periods.get(day) ?? new Map();
      days.set(day, counts);
      const isOver = this.#end(day) + closedAfterMs < now && ![...counts.values()].some((one) => open.has(one));
      if (isOver) this.#closed.set(day, counts);
    }
  }

  async #count(start: number, end: number, asOf: number): Promise<Tally> {
    const plan = this.#plan;
    const state = emptyTally({
      periodOf: (at) => dayOf(at, plan.timezone),
      counted: (at) => start <= at && at < end,
      targetOf: (group) => groupSettings(plan, group),
    });
    const feed = async (from: number, to: number, take: (fact: Fact) => boolean) => {
      for await (const page of this.#reader.read({ sort: "fact", types: talliedFacts, from, to })) {
        for (const entry of page) {
          if (entry.seq > asOf) return;
          const fact = JSON.parse(entry.json) as Fact;
          if (take(fact)) tally(state, fact);
        }
      }
    };
    for await (const fact of callbacksBefore(this.#reader, start)) tally(state, fact);
    await feed(start - leadMs, end, () => true);
    // New calls after the end are none of ours.
    const known = (fact: Fact) => "call" in fact && state.calls.has(fact.call);
    for (let at = end; hasUnfinished(state, at); at += hourMs) await feed(at, at + hourMs, known);
    return state;
  }

  #start(day: string): number {
    return parseDay(day, this.#plan.timezone) ?? Number.NaN;
  }

  #end(day: string): number {
    return this.#start(addDays(day, 1) ?? "");
  }
}
