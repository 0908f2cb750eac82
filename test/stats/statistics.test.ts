import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import type { Fact } from "../../src/core/facts.ts";
import type { Group, Plan } from "../../src/core/plan/plan.ts";
import { dayOf, parseDay } from "../../src/core/time/civil.ts";
import { logFigures } from "../../src/stats/log-figures.ts";
import type { StatisticsReply } from "../../src/stats/report.ts";
import { statistics } from "../../src/stats/statistics.ts";
import { TodayTally } from "../../src/stats/today.ts";
import type { EventLog, LogReader } from "../../src/store/event-log.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { plan as anyPlan } from "../core/cities.ts";
import { type CallSpec, callSpecs, factsOf, inOrder } from "../core/metrics/facts.ts";
import { plainRouting } from "../support/competence.ts";

const timezone = "Europe/Stockholm";
const at = (day: string, hour = 0) => (parseDay(day, timezone) ?? Number.NaN) + hour * 3_600_000;

function group(id: string, more: Partial<Group> = {}): Group {
  const name = { sv: id, en: id };
  const times = { ringMs: 20_000, wrapUpMs: 30_000, answerTargetMs: 60_000, shortAbandonMs: 5_000, placeEveryMs: 0 };
  return { id, name, board: "", fcrTargetPercent: 70, ...times, ...plainRouting, ...more };
}

function planOf(...groups: readonly Group[]): Plan {
  return { ...anyPlan, timezone, groups: Object.fromEntries(groups.map((group) => [group.id, group])) };
}

const plan = planOf(group("a"), group("b"), group("c"));

function append(log: EventLog, first: number, facts: readonly Fact[]): void {
  log.append(
    facts.map((fact, i) => ({
      seq: first + i,
      at: fact.at,
      sort: "fact",
      type: fact.type,
      call: "call" in fact ? fact.call : null,
      json: JSON.stringify(fact),
    })),
  );
}

function logOf(...specs: readonly CallSpec[]): { log: EventLog; reader: LogReader } {
  const { log, reader } = openMemoryLog();
  append(log, 1, inOrder(specs.flatMap(factsOf)));
  return { log, reader };
}

/** What may be added up over periods, per group. */
function sums(replies: readonly StatisticsReply[]): Record<string, number[]> {
  const sums: Record<string, number[]> = {};
  for (const { totals } of replies) {
    for (const { group, offered, answered, abandoned, fcr, serviceLevel, details } of totals) {
      const figures = [
        offered,
        answered,
        abandoned,
        details?.overflowed ?? -1,
        details?.notStated ?? -1,
        fcr.numerator,
        fcr.denominator,
      ];
      figures.push(serviceLevel.numerator, serviceLevel.denominator);
      if (offered > 0 || sums[group] !== undefined) sums[group] = figures.map((figure, i) => figure + (sums[group]?.[i] ?? 0));
    }
  }
  return sums;
}

t.test("a call answered after midnight on Sunday counts in the week it was offered", async (t) => {
  const { reader } = logOf(
    { call: "1", group: "a", at: at("2026-11-30") - 2_000, waitMs: 40_000, talkMs: 3_600_000, outcome: "answered" },
    { call: "2", group: "a", at: at("2026-11-30") + 2_000, waitMs: 90_000 },
  );
  const before = await statistics(reader, plan, { from: "2026-11-23", to: "2026-11-29" });
  t.match(before.rows, [
    { group: "a", week: "2026-W48", offered: 1, answered: 1, meanWaitS: 40, fcr: { numerator: 1, denominator: 1 } },
  ]);
  t.equal(before.rows[0]?.details?.meanHandlingS, 3610, "the talk is followed to its end");
  const after = await statistics(reader, plan, { from: "2026-11-30", to: "2026-12-06" });
  t.match(after.rows, [{ week: "2026-W49", offered: 1, answered: 0, abandoned: 1, details: { abandon: { numerator: 1 } } }]);
  const both = await statistics(reader, plan, { from: "2026-11-23", to: "2026-12-06" });
  t.same(both.rows, [...before.rows, ...after.rows]);
});

t.test("a period without calls shows that there is nothing to divide", async (t) => {
  const { reader } = logOf();
  const reply = await statistics(reader, plan, { from: "2026-11-23", to: "2026-11-29" });
  t.same(reply.rows, []);
  t.match(reply.totals, [
    { group: "*", offered: 0, availability: { numerator: 0, denominator: 0, value: null }, meanWaitS: null },
  ]);
  const one = await statistics(reader, plan, { from: "2026-11-23", to: "2026-11-29", group: "b" });
  t.match(one.totals, [{ group: "b", offered: 0, availability: { value: null } }]);
});

t.test("each group is held against its own targets", async (t) => {
  const strict = planOf(
    group("a", { answerTargetMs: 20_000, shortAbandonMs: 10_000, fcrTargetPercent: 80 }),
    group("b"),
    group("c"),
  );
  const { reader } = logOf(
    { call: "1", group: "a", at: at("2026-11-23", 9), waitMs: 30_000, outcome: "answered" },
    { call: "2", group: "b", at: at("2026-11-23", 9), waitMs: 30_000, outcome: "answered" },
    { call: "3", group: "a", at: at("2026-11-23", 9), waitMs: 9_000 },
  );
  const days = { from: "2026-11-23", to: "2026-11-23" };
  const reply = await statistics(reader, strict, days);
  t.match(reply.totals, [
    {
      group: "a",
      serviceLevel: { numerator: 0, denominator: 1 },
      details: { targets: { answerTargetS: 20, shortAbandonS: 10, fcrPercent: 80 } },
    },
    {
      group: "b",
      serviceLevel: { numerator: 1, denominator: 1 },
      details: { targets: { answerTargetS: 60, shortAbandonS: 5, fcrPercent: 70 } },
    },
    { group: "*", serviceLevel: { numerator: 1, denominator: 2 }, details: { targets: null } },
  ]);
  t.same(reply.targets, { fcrPercent: 70, answerTargetS: 60 }, "what most groups have");
  t.same((await statistics(reader, strict, { ...days, group: "a" })).targets, { fcrPercent: 80, answerTargetS: 20 });
  t.match((await statistics(reader, plan, days)).totals.at(-1)?.details?.targets, { answerTargetS: 60 }, "one for all");
});

t.test("every figure on the report has its definition in both languages", async (t) => {
  const { reader } = logOf({ call: "1", group: "a", at: at("2026-11-23", 9), waitMs: 0, outcome: "answered" });
  const { definitions, totals } = await statistics(reader, plan, { from: "2026-11-23", to: "2026-11-23" });
  const used = Object.values({ ...totals[0], ...totals[0]?.details }).flatMap((value) =>
    value !== null && typeof value === "object" && "formula" in value ? value.formula : [],
  );
  t.ok(used.length >= 5);
  for (const formula of [...used, "asa/1", "aht/1"]) {
    const definition = definitions.find((definition) => definition.formula === formula);
    t.ok(definition?.name.sv && definition.name.en && definition.definition.sv && definition.definition.en, formula);
  }
});

t.test("what cannot be asked is refused", async (t) => {
  const { reader } = logOf();
  const ask = (from: string, to: string, group?: string) =>
    statistics(reader, plan, { from, to, ...(group === undefined ? {} : { group }) });
  await t.rejects(ask("2026-11-24", "2026-11-23"), { code: "REQUEST_INVALID" });
  await t.rejects(ask("2026-02-30", "2026-11-23"), { code: "REQUEST_INVALID" });
  await t.rejects(ask("2026-02-01", "now"), { code: "REQUEST_INVALID" });
  for (const nobody of ["nobody", "constructor", "*"])
    await t.rejects(ask("2026-02-01", "2026-02-02", nobody), { code: "NOT_FOUND" });
});

t.test("days that are long over are not read again, all others are", async (t) => {
  const { log, reader } = logOf({ call: "1", group: "a", at: at("2026-11-02", 9), waitMs: 0, outcome: "answered" });
  const asked: { from: number; to: number }[] = [];
  const spy = around(reader, {
    read: (query) => {
      // Of callbacks, which are few, a week before is read.
      if (query.types?.includes("call.queued")) asked.push({ from: query.from ?? 0, to: query.to ?? 0 });
      return reader.read(query);
    },
  });
  const figures = logFigures(spy, plan, () => at("2026-11-12", 12));
  const query = { from: "2026-11-02", to: "2026-11-13" };
  const first = await figures.statistics(query);
  asked.length = 0;
  t.same(await figures.statistics(query), first);
  const day = 86_400_000;
  t.ok(asked.length > 0 && asked.every(({ from }) => from >= at("2026-11-10") - day), "only the last days are read");

  append(log, 1000, factsOf({ call: "2", group: "a", at: at("2026-11-11", 9), waitMs: 0, outcome: "answered" }));
  t.match((await figures.statistics(query)).totals, [{ group: "a", offered: 2 }, { offered: 2 }], "late entries are seen");
});

t.test("a callback of Friday evening that is reached on Monday, in another group even, counts where it was booked", async (t) => {
  const friday = at("2026-11-20", 16);
  const monday = at("2026-11-23", 9);
  const call = "1-cb1";
  const { log, reader } = openMemoryLog();
  append(log, 1, [
    { at: friday, type: "call.queued", call: "1", group: "a", language: "sv" },
    { at: friday + 60_000, type: "callback.booked", call, of: "1", group: "a", number: "+46701740605" },
  ]);
  let now = at("2026-11-23", 7);
  const figures = logFigures(reader, plan, () => now);
  const ask = (from: string, to: string) => figures.statistics({ from, to });
  const booked = { offered: 1, answered: 0, details: { callbacks: 1, answeredByCallback: 0 } };
  t.match((await ask("2026-11-20", "2026-11-20")).totals, [booked, booked], "to be rung on Monday morning");

  const about = { at: monday + 5_000, call, group: "b", agent: "anna" } as const;
  append(log, 3, [
    { at: monday, type: "call.queued", call, group: "b", language: "sv", since: friday },
    { ...about, type: "callback.reached", attempt: 1, waitedMs: monday - friday },
    { ...about, type: "call.talked", talkMs: 4_000, holdMs: 0 },
    { ...about, type: "call.outcome", outcome: "answered" },
    { ...about, type: "call.wrapped-up", wrapUpMs: 0 },
  ]);
  now = at("2026-11-23", 12);
  const [a, city] = (await ask("2026-11-20", "2026-11-20")).totals;
  t.match(a, { group: "a", ...booked });
  t.match(city, { group: "*", offered: 1, details: { callbacks: 1, answeredByCallback: 1 }, fcr: { numerator: 1 } });
  const monday1 = (await ask("2026-11-23", "2026-11-23")).totals;
  t.match(monday1, [
    { group: "b", offered: 1, answered: 0, details: { callbacks: 1, answeredByCallback: 1 } },
    { group: "*", offered: 0, details: { callbacks: 0, answeredByCallback: 0 } },
  ]);
  t.same(
    await figures.today(),
    monday1.map(({ details, ...shown }) => shown),
    "and so do the live figures",
  );
  const whole = (await ask("2026-11-16", "2026-11-29")).totals;
  t.match(whole, [
    { group: "a", ...booked },
    { group: "b", offered: 1, details: { answeredByCallback: 1 } },
    { group: "*", offered: 1, details: { callbacks: 1, answeredByCallback: 1 } },
  ]);
});

/** Over the night in which summer time ends, which is the last of W43 and has 25 hours. */
const days = ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26"] as const;
const anyCalls = callSpecs(at(days[0]), at("2026-10-27"), 60);

t.test("however a period is cut, its parts add up to the whole", async () => {
  await fc.assert(
    fc.asyncProperty(anyCalls, async (specs) => {
      const { reader } = logOf(...specs);
      const ask = (from: string, to: string) => statistics(reader, plan, { from, to });
      const whole = await ask(days[0], days[3]);
      const single = await Promise.all(days.map((day) => ask(day, day)));
      const weeks = await Promise.all([ask(days[0], days[2]), ask(days[3], days[3])]);
      assert.deepEqual(sums(single), sums([whole]));
      assert.deepEqual(sums(weeks), sums([whole]));
      // The sort is stable: within a group, the weeks stand in order.
      const rows = weeks.flatMap(({ rows }) => rows).sort((a, b) => a.group.localeCompare(b.group));
      assert.deepEqual(rows, whole.rows);
    }),
    { numRuns: 100 },
  );
});

t.test("what the live figures show is what a report says of the same log, whenever they are looked at", async () => {
  const steps = fc.infiniteStream(fc.integer({ min: 1, max: 30 }));
  await fc.assert(
    fc.asyncProperty(anyCalls, steps, async (specs, steps) => {
      const facts = inOrder(specs.flatMap(factsOf));
      const { log, reader } = openMemoryLog();
      let now = at(days[0]);
      const live = new TodayTally(reader, plan, () => now);
      for (let next = 0; next < facts.length; ) {
        const some = facts.slice(next, next + steps.next().value);
        append(log, next + 1, some);
        next += some.length;
        now = Math.max(now, some.at(-1)?.at ?? now);
        const today = dayOf(now, timezone);
        const rows = await live.rows();
        const { totals } = await statistics(reader, plan, { from: today, to: today });
        assert.deepEqual(
          rows,
          totals.map(({ details, ...shown }) => shown),
        );
      }
    }),
    { numRuns: 60 },
  );
});

function around(reader: LogReader, changed: Partial<LogReader>): LogReader {
  return {
    read: (query) => reader.read(query),
    lastSeq: () => reader.lastSeq(),
    latestSnapshot: () => reader.latestSnapshot(),
    degradedTimes: () => reader.degradedTimes(),
    close: () => reader.close(),
    ...changed,
  };
}
