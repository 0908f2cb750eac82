import { city } from "../core/metrics/tally.ts";
import type { Plan, Text } from "../core/plan/plan.ts";
import type { GroupFigures, StatisticsReply, SurveyAnswers } from "./report.ts";

/**
 * A report as a file for a spreadsheet (RFC 4180): a line for each figure, with what it was made of. As spreadsheets set to that
 * language read it: Swedish has ";" between fields and a decimal comma.
 */

type Language = keyof Text;
type Cell = string | number | null;

const words = {
  sv: {
    heads: ["Grupp", "Vecka", "Mått", "Fråga", "Täljare", "Nämnare eller antal", "Värde", "Enhet", "Formel"],
    ...{ city: "Hela staden", whole: "hela perioden", few: "färre än", number: "antal" },
    ...{ offered: "Inkomna", answered: "Besvarade", abandoned: "Tappade" },
  },
  en: {
    heads: ["Group", "Week", "Measure", "Question", "Numerator", "Denominator or number", "Value", "Unit", "Formula"],
    ...{ city: "The whole city", whole: "whole period", few: "fewer than", number: "number" },
    ...{ offered: "Offered", answered: "Answered", abandoned: "Abandoned" },
  },
} as const;

/** What the page shows, in the language it is shown in. */
export function csvOf(reply: StatisticsReply, { groups }: Pick<Plan, "groups">, language: Language): string {
  const said = words[language];
  const nameOf = (group: string): string => (group === city ? said.city : (groups[group]?.name[language] ?? group));
  const measure = (formula: string): string =>
    reply.definitions.find((one) => one.formula === formula)?.name[language] ?? formula;

  const figures = (row: GroupFigures, week: string): Cell[][] => {
    const about = [nameOf(row.group), week];
    const counts = (["offered", "answered", "abandoned"] as const).map((one) => {
      return [...about, said[one], null, null, null, row[one], said.number, null];
    });
    const further = row.details ? [row.details.fcrStrict, row.details.abandon] : [];
    const shares = [row.availability, row.fcr, row.serviceLevel, ...further].map(({ formula, numerator, denominator, value }) => {
      return [...about, measure(formula), null, numerator, denominator, value, "%", formula];
    });
    const times = [["asa/1", row.meanWaitS], ...(row.details ? [["aht/1", row.details.meanHandlingS] as const] : [])] as const;
    const means = times.map(([formula, mean]) => [...about, measure(formula), null, null, row.answered, mean, "s", formula]);
    return [...counts, ...shares, ...means];
  };

  const { questions, leastAnswers } = reply.surveys;
  const formula = "satisfaction/1";
  const answers = (group: string, week: string, answered: readonly SurveyAnswers[]): Cell[][] =>
    answered.map(({ question, index }) => {
      const asked = questions.find(({ id }) => id === question)?.text[language] ?? question;
      const made = index ? [index.count, index.value] : [`${said.few} ${leastAnswers}`, null];
      return [nameOf(group), week, measure(formula), asked, null, ...made, "0–100", formula];
    });

  const lines: Cell[][] = [
    [...said.heads],
    ...reply.totals.flatMap((row) => figures(row, said.whole)),
    ...reply.rows.flatMap((row) => figures(row, row.week)),
    ...reply.surveys.totals.flatMap(({ group, answers: each, all }) => [
      [nameOf(group), said.whole, measure(formula), null, null, all.count, all.value, "0–100", formula],
      ...answers(group, said.whole, each),
    ]),
    ...reply.surveys.rows.flatMap(({ group, week, answers: each }) => answers(group, week, each)),
  ];
  const between = language === "sv" ? ";" : ",";
  // The mark at the beginning tells spreadsheets that it is UTF-8.
  return `\uFEFF${lines.map((line) => `${line.map((cell) => field(cell, language)).join(between)}\r\n`).join("")}`;
}

function field(cell: Cell, language: Language): string {
  if (cell === null) return "";
  if (typeof cell === "number") return language === "sv" ? rounded(cell).replace(".", ",") : rounded(cell);
  // A spreadsheet would take such a text for a formula.
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[";,\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const rounded = (value: number): string => String(Math.round(value * 100) / 100);
