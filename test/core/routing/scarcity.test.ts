import fc from "fast-check";
import t from "tap";
import { arrivalRates, callScore, observe, price, type Queue, rate } from "../../../src/core/routing/scarcity.ts";

const hour = 3_600_000;
const count = fc.integer({ min: 1, max: 10_000 });
const lateness = fc.double({ min: 0, max: 500, noNaN: true });
const queues: fc.Arbitrary<Queue> = fc.record({ lateness, waiting: count, agents: count });

t.test("a need's price rises as fewer are left, fewer are on duty, more is asked", async (t) => {
  const needs = fc.record({ rate: fc.double({ min: 1e-9, max: 1, noNaN: true }), agents: count, idle: count });
  fc.assert(
    fc.property(needs, (need) => {
      t.ok(price(need) > price({ ...need, idle: need.idle + 1 }));
      t.ok(price(need) > price({ ...need, agents: need.agents + 1 }));
      t.ok(price(need) < price({ ...need, rate: need.rate * 2 }));
    }),
  );
});

t.test(
  "one of two speakers of a language asked for three times an hour is dearer than one of sixty of a group asked for every 20 s",
  async (t) => {
    const language = price({ rate: 3 / hour, agents: 2, idle: 1 });
    const group = price({ rate: 180 / hour, agents: 60, idle: 1 });
    t.ok(language > group);
    // The last idle agent of the group is dearer than one of two idle speakers: the other speaker is still there.
    t.ok(price({ rate: 180 / hour, agents: 20, idle: 1 }) > price({ rate: 3 / hour, agents: 2, idle: 2 }));
  },
);

t.test(
  "a call's claim grows with its wait, always, and with the queue behind it and the lack of agents until it is overdue",
  async (t) => {
    fc.assert(
      fc.property(queues, (queue) => {
        t.ok(callScore({ ...queue, lateness: queue.lateness + 1 }) > callScore(queue));
        t.ok(callScore({ ...queue, waiting: queue.waiting + 1 }) >= callScore(queue));
        t.ok(callScore({ ...queue, agents: queue.agents + 1 }) <= callScore(queue));
      }),
    );
  },
);

t.test(
  "nobody starves: an overdue call goes before every one that is not, and of two overdue the later in its target first",
  async (t) => {
    fc.assert(
      fc.property(queues, queues, fc.integer({ min: 10, max: 1000 }), (one, other, late) => {
        const overdue = { ...one, lateness: late };
        const inTime = { ...other, lateness: Math.min(other.lateness, 9) };
        const later = { ...other, lateness: late + 1 };
        t.ok(callScore(overdue) > callScore(inTime));
        t.ok(callScore(later) > callScore(overdue));
      }),
    );
  },
);

t.test("the rate seen comes to the rate there is, and follows it", async (t) => {
  const rates = arrivalRates(0, hour);
  let at = 0;
  for (; at < 12 * hour; at += 20_000) observe(rates, "a", at);
  t.ok(Math.abs(rate(rates, "a", at) * hour - 180) < 2);
  for (; at < 24 * hour; at += 60_000) observe(rates, "a", at);
  t.ok(Math.abs(rate(rates, "a", at) * hour - 60) < 2);
  t.ok(rate(rates, "a", at + 3 * hour) < rate(rates, "a", at) / 10, "forgotten when nobody asks any more");
});

t.test("a need nobody asked for is still worth something, and less than one asked for", async (t) => {
  const rates = arrivalRates(0);
  observe(rates, "asked", 1000);
  t.ok(rate(rates, "never", 2000) > 0);
  t.ok(rate(rates, "asked", 2000) > rate(rates, "never", 2000));
  t.ok(price({ rate: rate(rates, "never", 2000), agents: 1, idle: 1 }) > 0);
});

t.test("years of calls change nothing: the counts stay finite and the rate right", async (t) => {
  const rates = arrivalRates(Date.parse("2026-01-01T00:00:00Z"), hour);
  const start = rates.origin;
  const calls = 20_000;
  for (let n = 0; n < calls; n++) observe(rates, "a", start + n * hour);
  // One call an hour, window an hour: 1 / (1 − 1/e) at the moment of a call, and the half that is always counted.
  t.ok(Math.abs(rate(rates, "a", start + (calls - 1) * hour) * hour - (1 / (1 - Math.exp(-1)) + 0.5)) < 1e-9);
});

t.test("rates do not depend on when they are asked for", async (t) => {
  const gaps = fc.array(fc.tuple(fc.constantFrom("a", "b"), fc.integer({ min: 0, max: 30 * hour })), { maxLength: 50 });
  fc.assert(
    fc.property(gaps, (calls) => {
      const quiet = arrivalRates(0);
      const asked = arrivalRates(0);
      let at = 0;
      for (const [need, gap] of calls) {
        at += gap;
        observe(quiet, need, at);
        rate(asked, need, at);
        observe(asked, need, at);
      }
      t.same(asked, quiet);
    }),
  );
});
