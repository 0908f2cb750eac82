import { readFileSync } from "node:fs";
import fc from "fast-check";
import t from "tap";
import type { Fact, Outcome } from "../../../src/core/facts.ts";
import { addCounts, type Counts, emptyCounts } from "../../../src/core/metrics/counts.ts";
import {
  abandon1,
  aht1,
  asa1,
  availability1,
  fcr1,
  fcr2,
  serviceLevel1,
  serviceLevel2,
  serviceLevel3,
} from "../../../src/core/metrics/formulas.ts";
import { city, emptyTally, hasUnfinished, type Tally, tally } from "../../../src/core/metrics/tally.ts";
import { mondayOf, parseDay, weekOf } from "../../../src/core/time/civil.ts";
import { type CallSpec, callSpecs, factsOf, inOrder, menuOnly } from "./facts.ts";

const stockholm = "Europe/Stockholm";
const monday = Date.parse("2026-11-23T08:00:00Z");
const week = "2026-W48";

const weekly = {
  periodOf: (at: number) => weekOf(at, stockholm),
  targetOf: () => ({ answerTargetMs: 60_000, shortAbandonMs: 5_000 }),
};

function counted(facts: readonly Fact[], rules = weekly): Tally {
  const state = emptyTally(rules);
  for (const fact of facts) tally(state, fact);
  return state;
}

function countsOf(state: Tally, group: string, period = week): Counts {
  return state.periods.get(period)?.get(group) ?? emptyCounts();
}

function calls(count: number, spec: Omit<CallSpec, "call">, name: string): Fact[] {
  return Array.from({ length: count }, (_, i) => factsOf({ ...spec, call: `${name}${i}` })).flat();
}

t.test("Bromma, the first eight weeks of 2008", async (t) => {
  const lines = readFileSync(new URL("../../fixtures/bromma-2008.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  const rounded = lines.map((line) => {
    const [group = "", period = "", offered = "", answered = "", percent = ""] = line.split(",");
    const at = (parseDay(mondayOf(period) ?? "", stockholm) ?? 0) + 10 * 3_600_000;
    const state = counted([
      ...calls(Number(answered), { group, at, waitMs: 20_000, outcome: "answered" }, "answered"),
      ...calls(Number(offered) - Number(answered), { group, at, waitMs: 90_000 }, "gone"),
    ]);
    const figure = availability1(countsOf(state, group, period));
    t.match(figure, { formula: "availability/1", numerator: Number(answered), denominator: Number(offered) });
    t.equal(Math.round(figure.value ?? -1), Number(percent), line);
    return Math.round(figure.value ?? -1);
  });
  t.same(rounded, [91, 96, 95, 94, 93, 97, 94, 95]);
});

t.test("the three service levels", async (t) => {
  const spec = { group: "a", at: monday };
  const state = counted([
    ...calls(200, { ...spec, waitMs: 60_000, outcome: "answered" }, "in-target"),
    ...calls(100, { ...spec, waitMs: 60_001, outcome: "answered" }, "later"),
    ...calls(40, { ...spec, waitMs: 5_001 }, "gone-in-target"),
    ...calls(60, { ...spec, waitMs: 200_000 }, "gone-later"),
  ]);
  for (const group of ["a", city]) {
    const counts = countsOf(state, group);
    t.match(serviceLevel1(counts), { numerator: 200, denominator: 400, value: 50 });
    t.match(serviceLevel2(counts), { numerator: 200, denominator: 300, value: 200 / 3 });
    t.match(serviceLevel3(counts), { numerator: 240, denominator: 400, value: 60 });
    t.match(abandon1(counts), { numerator: 100, denominator: 400, value: 25 });
    t.match(asa1(counts), { count: 300, sumMs: 200 * 60_000 + 100 * 60_001 });
  }
});

t.test("who hangs up at once is not counted against the group", async (t) => {
  const state = counted([
    ...calls(3, { group: "a", at: monday, waitMs: 5_000 }, "short"),
    ...calls(1, { group: "a", at: monday, waitMs: 5_001 }, "late"),
  ]);
  const counts = countsOf(state, "a");
  t.match(abandon1(counts), { numerator: 1, denominator: 4 });
  t.match(serviceLevel1(counts), { numerator: 0, denominator: 1, value: 0 });
  t.match(serviceLevel3(counts), { numerator: 4, denominator: 4 });
});

t.test("first-contact resolution from the outcomes", async (t) => {
  const given: Record<Outcome | "not-stated", number> = {
    answered: 30,
    "taken-care-of": 20,
    referred: 10,
    "handed-over": 15,
    "not-stated": 5,
    "referred-out-of-scope": 7,
    "wrong-number": 3,
  };
  const facts = Object.entries(given).flatMap(([outcome, count]) =>
    calls(count, { group: "a", at: monday, waitMs: 0, outcome: outcome as Outcome }, outcome),
  );
  const counts = countsOf(counted(facts), "a");
  t.same(counts.outcomes, given);
  t.match(fcr1(counts), { numerator: 60, denominator: 80, value: 75 });
  t.match(fcr2(counts), { numerator: 30, denominator: 80, value: 37.5 });
});

t.test("nothing to divide by is no figure", async (t) => {
  const counts = emptyCounts();
  for (const formula of [availability1, fcr1, fcr2, serviceLevel1, serviceLevel2, serviceLevel3, abandon1]) {
    t.match(formula(counts), { numerator: 0, denominator: 0, value: null });
  }
  t.equal(asa1(counts).valueS, null);
  t.equal(aht1(counts).valueS, null);
});

t.test("a caller who hangs up in the menu was not offered", async (t) => {
  const state = counted(menuOnly("m", monday));
  t.equal(state.periods.size, 0);
});

t.test("a call belongs to the week in which it entered the queue", async (t) => {
  const midnight = parseDay("2026-11-30", stockholm) ?? 0;
  const state = counted(factsOf({ call: "late", group: "a", at: midnight - 1_000, waitMs: 30_000, outcome: "answered" }));
  t.match(countsOf(state, "a", "2026-W48"), { offered: 1, answered: 1, talks: 1, outcomes: { answered: 1 } });
  t.equal(state.periods.has("2026-W49"), false);
});

t.test(
  "a call led on with its waiting time: its whole wait counts once, for the group that answers and for the city",
  async (t) => {
    const state = counted([
      { at: monday, type: "call.queued", call: "1", group: "a", language: "sv" },
      { at: monday + 50_000, type: "call.queued", call: "1", group: "b", language: "sv", since: monday },
      { at: monday + 70_000, type: "call.answered", call: "1", group: "b", agent: "anna", waitedMs: 70_000 },
    ]);
    t.match(countsOf(state, "a"), { offered: 1, answered: 0, overflowed: 1 });
    t.match(countsOf(state, "b"), { offered: 1, answered: 1, answeredInTarget: 0, waitMs: 70_000 });
    t.match(countsOf(state, city), { offered: 1, answered: 1, answeredInTarget: 0, waitMs: 70_000 });
  },
);

t.test("overflow counts once per group and once for the city", async (t) => {
  const state = counted([
    ...factsOf({ call: "1", group: "a", overflowTo: "b", at: monday, waitMs: 80_000, outcome: "answered" }),
    ...factsOf({ call: "2", group: "a", overflowTo: "b", at: monday, waitMs: 80_000 }),
  ]);
  t.match(countsOf(state, "a"), { offered: 2, answered: 0, abandoned: 0, overflowed: 2 });
  t.match(countsOf(state, "b"), { offered: 2, answered: 1, abandoned: 1, overflowed: 0, answeredInTarget: 1, waitMs: 40_000 });
  t.match(countsOf(state, city), { offered: 2, answered: 1, abandoned: 1, overflowed: 0, answeredInTarget: 0, waitMs: 80_000 });
});

t.test("a call that comes back to its group was overflowed only while it was away", async (t) => {
  const facts: Fact[] = [
    { at: monday, type: "call.queued", call: "1", group: "a", language: "sv" },
    { at: monday + 10, type: "call.queued", call: "1", group: "b", language: "sv" },
    { at: monday + 20, type: "call.answered", call: "1", group: "b", agent: "anna", waitedMs: 10 },
    { at: monday + 30, type: "call.queued", call: "1", group: "a", language: "sv" },
    { at: monday + 50, type: "call.answered", call: "1", group: "a", agent: "bo", waitedMs: 20 },
  ];
  const state = counted(facts);
  t.match(countsOf(state, "a"), { offered: 1, answered: 1, overflowed: 0, waitMs: 20 });
  t.match(countsOf(state, "b"), { offered: 1, answered: 1, overflowed: 0 });
  t.match(countsOf(state, city), { offered: 1, answered: 1, waitMs: 20 }, "the city answered after 20 ms, once");
});

t.test("after a transfer each group has its own talk", async (t) => {
  const spec = { call: "1", group: "a", transferTo: "b", at: monday, waitMs: 1_000, talkMs: 60_000, wrapUpMs: 10_000 } as const;
  const state = counted(factsOf({ ...spec, outcome: "handed-over" }));
  t.match(countsOf(state, "a"), { offered: 1, answered: 1, talks: 1, handlingMs: 70_000, outcomes: { "handed-over": 1 } });
  t.match(countsOf(state, "b"), { offered: 1, answered: 1, talks: 1, handlingMs: 70_000, outcomes: { answered: 1 } });
  t.match(countsOf(state, city), { offered: 1, answered: 1, talks: 2 });
  t.equal(aht1(countsOf(state, city)).valueS, 70);
  t.equal(hasUnfinished(state), false);
});

t.test("calls are remembered while they last, and for some hours in case they come back", async (t) => {
  const hour = 3_600_000;
  const over = factsOf({ call: "over", group: "a", at: monday, waitMs: 0, outcome: "answered" });
  const state = counted(over);
  t.equal(hasUnfinished(state), false);
  const later = (call: string, at: number, group = "b") => tally(state, { at, type: "call.queued", call, group, language: "sv" });
  later("over", monday + 5 * hour);
  t.match(countsOf(state, city), { offered: 1 }, "came back: the same call");
  t.equal(hasUnfinished(state), true, "and waits again");
  later("other", monday + 25 * hour);
  t.ok(state.calls.has("over"), "it may be waiting still");
  later("other", monday + 30 * hour);
  t.same([...state.calls.keys()], ["other"], "after a day it must have been lost");
});

t.test("whatever happens, no part is greater than its whole, and groups add up to the city", async () => {
  const specs = callSpecs(monday, monday + 14 * 86_400_000);
  fc.assert(
    fc.property(specs, (specs) => {
      const state = counted(inOrder(specs.flatMap(factsOf)));
      const moved = specs.some(({ overflowTo, transferTo }) => overflowTo !== undefined || transferTo !== undefined);
      for (const groups of state.periods.values()) {
        const sum = emptyCounts();
        for (const [group, counts] of groups) {
          if (group !== city) addCounts(sum, counts);
          for (const { numerator, denominator } of [
            availability1,
            fcr1,
            fcr2,
            serviceLevel1,
            serviceLevel2,
            serviceLevel3,
            abandon1,
          ].map((f) => f(counts))) {
            if (!(0 <= numerator && numerator <= denominator)) return false;
          }
          if (counts.offered !== counts.answered + counts.abandoned + counts.overflowed) return false;
        }
        if (!moved && JSON.stringify(sum) !== JSON.stringify(groups.get(city))) return false;
      }
      return !hasUnfinished(state);
    }),
    { numRuns: 400 },
  );
});

t.test("calls do not touch each other: any interleaving of their facts counts the same", async () => {
  const specs = callSpecs(monday, monday + 3_600_000, 8).filter((specs) => specs.length > 1);
  fc.assert(
    fc.property(specs, fc.infiniteStream(fc.nat(7)), (specs, picks) => {
      const waiting = specs.map(factsOf);
      const mixed: Fact[] = [];
      for (const pick of picks) {
        const [next] = waiting[pick % waiting.length]?.splice(0, 1) ?? [];
        if (next !== undefined) mixed.push(next);
        if (waiting.every((facts) => facts.length === 0)) break;
      }
      const one = counted(specs.flatMap(factsOf)).periods;
      const other = counted(mixed).periods;
      return [...one].every(([period, groups]) =>
        [...groups].every(([group, counts]) => JSON.stringify(other.get(period)?.get(group)) === JSON.stringify(counts)),
      );
    }),
    { numRuns: 200 },
  );
});

t.test(
  "a call that became a callback is one contact, neither answered nor abandoned, and counted apart when it was reached",
  async (t) => {
    const at = monday;
    const about = { group: "a", agent: "anna" } as const;
    const back = (n: number): Fact[] => [
      { at, type: "call.queued", call: `${n}`, group: "a", language: "sv" },
      { at: at + 1, type: "callback.booked", call: `${n}-cb1`, of: `${n}`, group: "a", number: "+46701740605" },
    ];
    const state = counted([
      ...back(1),
      { at: at + 2, type: "callback.reached", call: "1-cb1", ...about, attempt: 1, waitedMs: 2 },
      { at: at + 3, type: "call.talked", call: "1-cb1", ...about, talkMs: 1, holdMs: 0 },
      { at: at + 4, type: "call.outcome", call: "1-cb1", ...about, outcome: "answered" },
      { at: at + 4, type: "call.wrapped-up", call: "1-cb1", ...about, wrapUpMs: 1 },
      ...back(2),
      { at: at + 5, type: "callback.cancelled", call: "2-cb1", group: "a", by: "caller" },
      // Booked while the group was closed: it takes its place with the callback.
      { at, type: "callback.booked", call: "3-cb1", of: "3", group: "a", number: "+46701740606" },
      { at, type: "call.queued", call: "3-cb1", group: "a", language: "sv" },
    ]);
    const counts = { offered: 3, answered: 0, abandoned: 0, callbacks: 3, answeredByCallback: 1, outcomes: { answered: 1 } };
    t.match(countsOf(state, "a"), counts);
    t.match(countsOf(state, city), counts);
    t.ok(hasUnfinished(state), "one is still to be rung");
    tally(state, { at: at + 6, type: "callback.cancelled", call: "3-cb1", group: "a", by: "lead" });
    t.notOk(hasUnfinished(state));
  },
);

t.test("a caller who left a message instead waits no more: nothing is to come of that call", async (t) => {
  const state = counted([
    { at: monday, type: "call.queued", call: "1", group: "a", language: "sv" },
    { at: monday + 9_000, type: "call.left-queue", call: "1", group: "a", waitedMs: 9_000 },
  ]);
  t.match(countsOf(state, "a"), { offered: 1, answered: 0, abandoned: 0, overflowed: 0 });
  t.notOk(hasUnfinished(state));
  tally(state, { at: monday + 10_000, type: "call.queued", call: "1", group: "a", language: "sv" });
  t.ok(hasUnfinished(state), "until it comes back");
  tally(state, { at: monday + 12_000, type: "call.answered", call: "1", group: "a", agent: "anna", waitedMs: 2_000 });
  t.match(countsOf(state, "a"), { offered: 1, answered: 1 });
});

t.test("a call led to its own district is counted for the city, in no queue, and in its own period only", async (t) => {
  const counts = {
    periodOf: String,
    counted: (at: number) => at < 3,
    targetOf: () => ({ answerTargetMs: 1, shortAbandonMs: 1 }),
  };
  const state = emptyTally(counts);
  for (const at of [1, 1, 2, 3]) tally(state, { at, type: "call.out-of-scope", call: `${at}`, district: "Bromma" });
  const led = (period: string) => state.periods.get(period)?.get(city)?.ledToDistrict;
  t.strictSame([led("1"), led("2"), led("3")], [2, 1, undefined]);
  t.match(state.periods.get("1")?.get(city), { offered: 0, answered: 0 });
  t.equal(state.periods.get("1")?.size, 1, "no group's");
  t.notOk(hasUnfinished(state));
});
