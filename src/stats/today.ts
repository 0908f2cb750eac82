import type { Fact } from "../core/facts.ts";
import { type Counts, emptyCounts } from "../core/metrics/counts.ts";
import { city, emptyTally, type Tally, talliedFacts, tally } from "../core/metrics/tally.ts";
import type { Plan } from "../core/plan/plan.ts";
import { dayOf, startOfDay } from "../core/time/civil.ts";
import type { LogReader } from "../store/event-log.ts";
import { figuresOf, groupSettings, hasCalls } from "./figures.ts";
import { callbacksBefore, leadMs } from "./lead.ts";
import type { GroupFigures } from "./report.ts";

/**
 * The figures of the day, kept up by reading only what the log has got since the last time; by the same fold as the
 * historical ones. A call that entered the queue before midnight belongs to the day before.
 */
export class TodayTally {
  readonly #reader: LogReader;
  readonly #plan: Plan;
  readonly #now: () => number;
  readonly #state: Tally;
  #after: number | undefined;
  #day = "";
  #reading: Promise<void> = Promise.resolve();

  /** `now`: ms since the epoch. */
  constructor(reader: LogReader, plan: Plan, now: () => number = Date.now) {
    this.#reader = reader;
    this.#plan = plan;
    this.#now = now;
    this.#state = emptyTally({
      periodOf: (at) => dayOf(at, plan.timezone),
      targetOf: (group) => groupSettings(plan, group),
    });
  }

  /** Per group with calls today, in order of name, the city ("*") last. Errors: STORE_FAILED; the next call goes on from there. */
  async rows(): Promise<readonly GroupFigures[]> {
    const turn = this.#reading.then(() => this.#read());
    this.#reading = turn.catch(() => undefined);
    await turn;
    const groups = this.#state.periods.get(this.#day) ?? new Map<string, Counts>();
    const called = [...groups].flatMap(([group, counts]) => (group !== city && hasCalls(counts) ? [group] : []));
    const names = called.sort((a, b) => a.localeCompare(b, "sv"));
    return [...names, city].map((group) => figuresOf(group, groups.get(group) ?? emptyCounts()));
  }

  async #read(): Promise<void> {
    const now = this.#now();
    const day = dayOf(now, this.#plan.timezone);
    if (day !== this.#day) {
      this.#day = day;
      for (const period of this.#state.periods.keys()) if (period !== day) this.#state.periods.delete(period);
    }
    // The first time the index by type and time finds what belongs to the day; from then on only the log's end is read.
    const first = this.#after === undefined;
    const start = startOfDay(now, this.#plan.timezone);
    const from = start - leadMs;
    const upTo = first ? await this.#reader.lastSeq() : 0;
    if (first) for await (const fact of callbacksBefore(this.#reader, start)) tally(this.#state, fact);
    const query = first ? { types: talliedFacts, from } : { after: this.#after ?? 0 };
    for await (const page of this.#reader.read({ sort: "fact", ...query })) {
      for (const entry of page) {
        tally(this.#state, JSON.parse(entry.json) as Fact);
        this.#after = entry.seq;
      }
    }
    this.#after = Math.max(this.#after ?? 0, upTo);
  }
}
