import t from "tap";
import { type Distribution, meanOf, normalAt, samplerOf } from "../../src/simulator/distribution.ts";
import { drawOf, Random } from "../../src/simulator/random.ts";

t.test("streams are even, the same for the same purpose, and different for others", async (t) => {
  const [one, same, other] = [new Random(7, "talk"), new Random(7, "talk"), new Random(7, "patience")];
  const values = Array.from({ length: 100_000 }, () => one.next());
  t.same(
    values.slice(0, 100),
    Array.from({ length: 100 }, () => same.next()),
  );
  t.notSame(
    values.slice(0, 100),
    Array.from({ length: 100 }, () => other.next()),
  );
  t.ok(values.every((value) => value > 0 && value < 1));
  const tenths = new Array<number>(10).fill(0);
  for (const value of values) tenths[Math.floor(value * 10)] = (tenths[Math.floor(value * 10)] ?? 0) + 1;
  // Chi squared with 9 degrees of freedom exceeds 27.9 once in a thousand; the seed is fixed.
  t.ok(tenths.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0) < 27.9);
  const drawn = Array.from({ length: 100_000 }, (_, i) => drawOf(i, 3));
  t.ok(Math.abs(drawn.reduce((sum, value) => sum + value, 0) / drawn.length - 0.5) < 0.005);
});

t.test("the normal quantile meets tabled values", async (t) => {
  for (const [p, z] of [
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.005, -2.5758293035489004],
    [0.9999999, 5.199337582187471],
    [1e-12, -7.034483825301131],
  ] as const)
    t.ok(Math.abs(normalAt(p) - z) < 1e-9, `${p}: ${normalAt(p)}`);
});

t.test("distributions have the mean and spread they are given", async (t) => {
  const cases: readonly (readonly [Distribution, number])[] = [
    [{ kind: "fixed", mean: 60 }, 0],
    [{ kind: "exponential", mean: 60 }, 1],
    [{ kind: "lognormal", mean: 60, cv: 0.8 }, 0.8],
    [{ kind: "gamma", mean: 60, cv: 0.5 }, 0.5],
    [{ kind: "gamma", mean: 60, cv: 1.5 }, 1.5],
    [
      {
        kind: "mixture",
        parts: [
          { share: 1, of: { kind: "fixed", mean: 20 } },
          { share: 3, of: { kind: "fixed", mean: 100 } },
        ],
      },
      Math.sqrt(1200) / 80,
    ],
    [{ kind: "recorded", values: [10, 20, 30] }, Math.sqrt(200 / 3) / 20],
  ];
  for (const [distribution, cv] of cases) {
    const sample = samplerOf(distribution);
    const random = new Random(1, distribution.kind);
    const values = Array.from({ length: 200_000 }, () => sample(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
    t.ok(Math.abs(mean / meanOf(distribution) - 1) < 0.015, `${distribution.kind}: mean ${mean}`);
    t.ok(Math.abs(spread - cv) < 0.03 * (1 + cv), `${distribution.kind}: spread ${spread}`);
  }
  t.equal(samplerOf({ kind: "never" })(new Random(1)), Number.POSITIVE_INFINITY);
});
