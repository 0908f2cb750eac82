import { drawnArrivals } from "./arrivals.ts";
import type { Arrivals } from "./call.ts";
import { type Summary, summaryOf } from "./figures.ts";
import { plain } from "./plain.ts";
import { live, type Policy } from "./policy.ts";
import type { Scenario } from "./scenario.ts";
import { type Series, seriesOf } from "./series.ts";
import { type Run, simulate } from "./simulate.ts";

/** One policy's outcome. */
export interface Outcome {
  readonly policy: "draft" | "today";
  readonly run: Run;
  readonly summary: Summary;
  readonly series: Series;
  /** How long the computer took, ms. */
  readonly tookMs: number;
}

/** A draft and today's rules on the same calls: side by side, in this order. */
export interface Comparison {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly outcomes: readonly [Outcome, Outcome];
}

/** `clock`: reads ms, for `tookMs`. */
export function compare(
  scenario: Scenario,
  seed: number,
  clock: () => number,
  arrivals: () => Arrivals = () => drawnArrivals(scenario, seed),
): Comparison {
  const outcome = (policy: Outcome["policy"], rules: Policy): Outcome => {
    const before = clock();
    const run = simulate(scenario, arrivals(), rules);
    const tookMs = clock() - before;
    return { policy, run, summary: summaryOf(scenario, run), series: seriesOf(run), tookMs };
  };
  const draft = outcome("draft", live(scenario.groups.map(({ rules }) => rules)));
  return { scenario, seed, outcomes: [draft, outcome("today", plain())] };
}
