import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import type { Fact, SurveyAnswer } from "../../src/core/facts.ts";
import { leastAnswers } from "../../src/core/metrics/answers.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { addDays, dayOf, parseDay, weekOfDay } from "../../src/core/time/civil.ts";
import { logFigures } from "../../src/stats/log-figures.ts";
import type { StatisticsQuery, SurveyFigures } from "../../src/stats/report.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { plan as anyPlan } from "../core/cities.ts";
import { factsOf, inOrder } from "../core/metrics/facts.ts";

/** What callers answered after their calls, from the log to the report. */

const timezone = "Europe/Stockholm";
const at = (day: string, hour = 12) => (parseDay(day, timezone) ?? Number.NaN) + hour * 3_600_000;
const label = { sv: "Frågor", en: "Questions" };
const plan: Plan = {
  ...anyPlan,
  timezone,
  nodes: { asked: { kind: "survey", id: "asked", label, questions: ["solved", "wait"], waitMs: 5_000 } },
  prompts: {
    ...anyPlan.prompts,
    solved: { sv: "Fick du hjälp?", en: "Did you get help?" },
    wait: { sv: "Och väntan?", en: "And the wait?" },
  },
};

interface Given {
  readonly day: string;
  readonly group?: string;
  readonly question?: string;
  readonly answers: readonly SurveyAnswer[];
}

const told = ({ day, group = "a", question = "solved", answers }: Given, hour = 12): Fact[] =>
  answers.map((answer, n) => ({
    at: at(day, hour) + n,
    type: "call.survey",
    call: `${day} ${group} ${n}`,
    group,
    question,
    answer,
  }));

/** The figures of a log of these facts, as they are at `now`. */
function figures(facts: readonly Fact[], now = at("2026-12-24")) {
  const { log, reader } = openMemoryLog();
  const entry = (fact: Fact, n: number) =>
    ({ seq: n + 1, at: fact.at, sort: "fact", type: fact.type, call: null, json: JSON.stringify(fact) }) as const;
  log.append(inOrder([...facts]).map(entry));
  return logFigures(reader, plan, () => now);
}
const surveysOf = async (facts: readonly Fact[], query: StatisticsQuery, now?: number): Promise<SurveyFigures> =>
  (await figures(facts, now).statistics(query)).surveys;

/** 2026-W46 and W47. */
const [monday, sunday, nextMonday, lastSunday] = ["2026-11-09", "2026-11-15", "2026-11-16", "2026-11-22"] as const;
const both = { from: monday, to: lastSunday };
const index = (value: number | null, count: number) => ({ formula: "satisfaction/1", count, value });

t.test("mean and number of answers per question, group and week; sums over weeks, groups and questions", async (t) => {
  const facts = [
    ...told({ day: monday, answers: [5, 5, 4, 3, 1] }),
    ...told({ day: nextMonday, answers: [1, 1, 1, 1, 1] }),
    ...told({ day: sunday, question: "wait", answers: [3, 3, 3, 3, 3, 3] }),
    ...told({ day: sunday, group: "b", answers: [5, 5, 5, 5, 5, 5, 5, 5, 5, 5] }),
  ];
  const surveys = await surveysOf(facts, both);
  t.strictSame(surveys, {
    leastAnswers: 5,
    questions: [
      { id: "solved", text: { sv: "Fick du hjälp?", en: "Did you get help?" } },
      { id: "wait", text: { sv: "Och väntan?", en: "And the wait?" } },
    ],
    rows: [
      {
        ...{ group: "a", week: "2026-W46" },
        answers: [
          { question: "solved", index: index(65, 5) },
          { question: "wait", index: index(50, 6) },
        ],
      },
      { group: "a", week: "2026-W47", answers: [{ question: "solved", index: index(0, 5) }] },
      { group: "b", week: "2026-W46", answers: [{ question: "solved", index: index(100, 10) }] },
    ],
    totals: [
      {
        ...{ group: "a", all: index(39.0625, 16), leftOut: 0 },
        answers: [
          { question: "solved", index: index(32.5, 10) },
          { question: "wait", index: index(50, 6) },
        ],
      },
      { group: "b", all: index(100, 10), leftOut: 0, answers: [{ question: "solved", index: index(100, 10) }] },
      {
        ...{ group: "*", all: index(62.5, 26), leftOut: 0 },
        answers: [
          { question: "solved", index: index(66.25, 20) },
          { question: "wait", index: index(50, 6) },
        ],
      },
    ],
  });
  const one = await surveysOf(facts, { ...both, group: "b" });
  t.match(one, { rows: [{ group: "b" }], totals: [{ group: "b" }], questions: [{ id: "solved" }] });
  t.equal(one.totals.length, 1);
});

t.test("fewer than five: neither shown nor in any sum, and said to be left out", async (t) => {
  const surveys = await surveysOf(
    [
      ...told({ day: monday, answers: [1, 1, 1, 1] }),
      ...told({ day: nextMonday, answers: [5, 5, 5, 5, 5] }),
      ...told({ day: monday, group: "b", question: "gone", answers: [2] }),
    ],
    both,
  );
  t.match(surveys.rows, [
    { group: "a", week: "2026-W46", answers: [{ question: "solved", index: null }] },
    { group: "a", week: "2026-W47", answers: [{ index: { count: 5 } }] },
    { group: "b", answers: [{ question: "gone", index: null }] },
  ]);
  t.match(surveys.totals, [
    { group: "a", all: index(100, 5), leftOut: 4 },
    { group: "b", all: index(null, 0), leftOut: 1, answers: [] },
    { group: "*", all: index(100, 5), leftOut: 5 },
  ]);
  t.match(
    surveys.questions.at(-1),
    { id: "gone", text: { sv: "gone", en: "gone" } },
    "what the plan no longer asks, by its name",
  );
});

t.test("only weeks that lie in the period as a whole, and are over", async (t) => {
  const facts = told({ day: sunday, answers: [5, 5, 5, 5, 5] });
  t.equal((await surveysOf(facts, { from: monday, to: "2026-11-14" })).rows.length, 0);
  t.equal((await surveysOf(facts, { from: "2026-11-10", to: sunday })).rows.length, 0);
  t.equal(
    (await surveysOf(facts, { from: monday, to: sunday }, at(nextMonday, 0) - 1)).rows.length,
    0,
    "Sunday, a moment to midnight",
  );
  t.equal((await surveysOf(facts, { from: monday, to: sunday }, at(nextMonday, 0))).rows.length, 1);
});

t.test("by link, days after the call: in the week it was given; a group that only has answers has no row of calls", async (t) => {
  const call = factsOf({ call: "c1", group: "a", at: at(sunday), waitMs: 4_000, outcome: "answered" });
  const made = figures([...call, ...told({ day: nextMonday, answers: [4, 4, 4, 4, 4] })], at("2026-11-16", 13));
  const reply = await made.statistics(both);
  t.match(reply.rows, [{ group: "a", week: "2026-W46", offered: 1 }]);
  t.equal(reply.rows.length, 1);
  t.match(
    (await made.today()).map(({ group }) => group),
    ["*"],
  );
  const later = await figures(told({ day: nextMonday, answers: [4, 4, 4, 4, 4] })).statistics(both);
  t.match(later, { rows: [], totals: [{ group: "*", offered: 0 }], surveys: { rows: [{ week: "2026-W47" }] } });
  const definition = later.definitions.find(({ formula }) => formula === "satisfaction/1");
  t.match(definition?.definition.sv, /färre än 5 svarat/);
  t.match(definition?.definition.en, /fewer than 5 have answered/);
});

t.test("from no two reports can be told what fewer than five answered", async () => {
  const days = Array.from({ length: 28 }, (_, n) => addDays("2026-10-12", n) ?? "");
  const [first = "", last = ""] = [days[0], days.at(-1)];
  const answer = fc.record({
    day: fc.nat(days.length - 1),
    group: fc.constantFrom("a", "b"),
    question: fc.constantFrom("solved", "wait"),
    answer: fc.constantFrom<SurveyAnswer>(1, 2, 3, 4, 5),
  });
  const period = fc
    .tuple(fc.nat(days.length - 1), fc.nat(days.length - 1))
    .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { maxLength: 80, size: "max" }),
      fc.array(period, { maxLength: 4 }),
      async (given, periods) => {
        const facts = given.flatMap(({ day, answer, ...about }, n) =>
          told({ ...about, day: days[day] ?? "", answers: [answer] }, 1).map((fact) => ({ ...fact, at: fact.at + n })),
        );
        const made = figures(facts);
        const whole = (await made.statistics({ from: first, to: last })).surveys;
        // Every number of a report is made of cells that the report of the whole shows, each of five answers or more.
        const shown = new Map(
          whole.rows.flatMap(({ group, week, answers }) =>
            answers.flatMap(({ question, index }) => (index ? [[`${group} ${week} ${question}`, index] as const] : [])),
          ),
        );
        for (const { count } of shown.values()) assert.ok(count >= leastAnswers);
        for (const [from, to] of periods) {
          const { surveys } = await made.statistics({ from: days[from] ?? "", to: days[to] ?? "" });
          const weeks = new Set(surveys.rows.map(({ week }) => week));
          for (const { group, answers, all } of surveys.totals) {
            const cells = [...shown].filter(([key]) => {
              const [its = "", week = ""] = key.split(" ");
              return weeks.has(week) && (group === "*" || group === its);
            });
            assert.equal(
              all.count,
              cells.reduce((sum, [, { count }]) => sum + count, 0),
            );
            for (const { question, index } of answers) {
              const its = cells.filter(([key]) => key.endsWith(` ${question}`));
              const points = its.reduce((sum, [, { value, count }]) => sum + (value ?? 0) * count, 0);
              assert.ok(Math.abs((index?.value ?? 0) * (index?.count ?? 0) - points) < 1e-6);
            }
          }
        }
        const total = whole.totals.find(({ group }) => group === "*");
        assert.equal(
          (total?.all.count ?? 0) + (total?.leftOut ?? 0),
          given.length,
          "each answer is counted, or said to be left out",
        );
        assert.ok(given.every(({ day }) => whole.rows.some(({ week }) => week === weekOfDay(days[day] ?? ""))));
        assert.ok(facts.every((fact) => days.includes(dayOf(fact.at, timezone))));
      },
    ),
    { numRuns: 60 },
  );
});
