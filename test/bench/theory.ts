import { compare, lineOf, points, slowPoints } from "../simulator/theory.ts";
import { print, say } from "./figures.ts";
import type { Options } from "./options.ts";

/**
 * `npm run bench -- theory`: the simulator beside Erlang C and Erlang A, with longer runs and larger houses than the test has time
 * for. Shares and times with their 99 % intervals; over many seeds one interval in a hundred misses.
 */
export async function theory({ rounds = 1 }: Options): Promise<void> {
  for (let seed = 1; seed <= rounds; seed++) {
    for (const point of [...points, ...slowPoints]) {
      const before = performance.now();
      const comparison = compare({ ...point, calls: 2 * point.calls }, seed);
      const { theory, waiting, meanWaitMs } = comparison;
      say(lineOf(comparison));
      print({
        bench: "theory",
        system: "kontaktlots",
        seed,
        agents: point.agents,
        load: point.load,
        model: point.patience === undefined ? "erlang-c" : "erlang-a",
        waiting_theory_percent: 100 * theory.waiting,
        waiting_percent: 100 * waiting.mean,
        waiting_half_percent: (100 * waiting.half) / theory.waiting,
        waiting_within: Math.abs(waiting.mean - theory.waiting) <= waiting.half,
        mean_wait_theory_s: theory.meanWaitMs / 1000,
        mean_wait_s: meanWaitMs.mean / 1000,
        mean_wait_half_percent: (100 * meanWaitMs.half) / theory.meanWaitMs,
        mean_wait_within: Math.abs(meanWaitMs.mean - theory.meanWaitMs) <= meanWaitMs.half,
        took_s: (performance.now() - before) / 1000,
      });
    }
  }
}
