import t from "tap";
import { compare, lineOf, points } from "./theory.ts";

// One in a hundred intervals misses the true value by chance; the seed is fixed, so the same ones hold each time.
const seed = 2;

t.test("the simulator meets Erlang C and Erlang A within its 99 % confidence intervals", async (t) => {
  t.ok(points.length >= 12);
  for (const point of points) {
    const comparison = compare(point, seed);
    const { theory, waiting, meanWaitMs } = comparison;
    const line = lineOf(comparison);
    t.comment(line);
    t.ok(theory.waiting >= 0.05 && theory.occupancy <= 0.95, `worth comparing: ${line}`);
    t.ok(Math.abs(waiting.mean - theory.waiting) <= waiting.half, `waiting probability: ${line}`);
    t.ok(waiting.half <= 0.02 * theory.waiting, `waiting probability to 2 %: ${line}`);
    t.ok(Math.abs(meanWaitMs.mean - theory.meanWaitMs) <= meanWaitMs.half, `mean wait: ${line}`);
    t.ok(meanWaitMs.half <= 0.02 * theory.meanWaitMs, `mean wait to 2 %: ${line}`);
  }
});
