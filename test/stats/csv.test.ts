import t from "tap";
import { csvOf } from "../../src/stats/csv.ts";
import type { GroupFigures, StatisticsReply } from "../../src/stats/report.ts";

const ratio = (formula: string, numerator: number, denominator: number) => ({
  ...{ formula, numerator, denominator },
  value: denominator === 0 ? null : (100 * numerator) / denominator,
});
const figures = (group: string, answered: number, offered: number): GroupFigures => ({
  ...{ group, offered, answered, abandoned: offered - answered, meanWaitS: answered === 0 ? null : 12.345 },
  availability: ratio("availability/1", answered, offered),
  fcr: ratio("fcr/1", 0, answered),
  serviceLevel: ratio("service-level/1", answered, offered),
});
const text = (sv: string, en: string) => ({ sv, en });
const index = (value: number, count: number) => ({ formula: "satisfaction/1", count, value });
const reply: StatisticsReply = {
  ...{ from: "2026-11-09", to: "2026-11-15", asOf: 7, targets: { fcrPercent: 70, answerTargetS: 60 } },
  rows: [{ week: "2026-W46", ...figures("a", 2, 3) }],
  totals: [figures("*", 0, 0)],
  surveys: {
    leastAnswers: 5,
    questions: [{ id: "solved", text: text('Fick du "hjälp"; helt?', "Did you get help?") }],
    rows: [
      { group: "a", week: "2026-W46", answers: [{ question: "solved", index: index(66.6667, 6) }] },
      { group: "gone", week: "2026-W46", answers: [{ question: "solved", index: null }] },
    ],
    totals: [{ group: "*", all: index(66.6667, 6), leftOut: 2, answers: [{ question: "solved", index: index(66.6667, 6) }] }],
  },
  definitions: [
    { formula: "availability/1", name: text("Tillgänglighet", "Availability"), definition: text("", "") },
    { formula: "satisfaction/1", name: text("Nöjd kund-index", "Satisfaction index"), definition: text("", "") },
  ],
};
const name = text("=SUM(A1)", "Group A, first");
const plan = { groups: { a: { name } } } as unknown as Parameters<typeof csvOf>[1];

t.test("Swedish: semicolons, decimal comma; what is empty stays empty, and no text is a formula", async (t) => {
  const lines = csvOf(reply, plan, "sv").split("\r\n");
  t.equal(lines[0], "\uFEFFGrupp;Vecka;Mått;Fråga;Täljare;Nämnare eller antal;Värde;Enhet;Formel");
  t.ok(lines.includes("Hela staden;hela perioden;Tillgänglighet;;0;0;;%;availability/1"), "nothing to divide: no value");
  t.ok(lines.includes("'=SUM(A1);2026-W46;Tillgänglighet;;2;3;66,67;%;availability/1"));
  t.ok(lines.includes("'=SUM(A1);2026-W46;Inkomna;;;;3;antal;"));
  t.ok(lines.includes("'=SUM(A1);2026-W46;asa/1;;;2;12,35;s;asa/1"));
  t.ok(lines.includes(`'=SUM(A1);2026-W46;Nöjd kund-index;"Fick du ""hjälp""; helt?";;6;66,67;0–100;satisfaction/1`));
  t.ok(lines.includes(`gone;2026-W46;Nöjd kund-index;"Fick du ""hjälp""; helt?";;färre än 5;;0–100;satisfaction/1`));
  t.ok(lines.includes("Hela staden;hela perioden;Nöjd kund-index;;;6;66,67;0–100;satisfaction/1"));
  t.equal(lines.at(-1), "");
});

t.test("English: commas, decimal point; each line has all fields", async (t) => {
  const lines = csvOf(reply, plan, "en").trimEnd().split("\r\n");
  t.ok(lines.includes('"Group A, first",2026-W46,Availability,,2,3,66.67,%,availability/1'));
  t.ok(lines.includes("gone,2026-W46,Satisfaction index,Did you get help?,,fewer than 5,,0–100,satisfaction/1"));
  for (const line of lines) t.equal(line.replaceAll(/"[^"]*"/g, "x").split(",").length, 9, line);
});
