import type { GroupFigures, GroupWeek, Index, Ratio, StatisticsReply } from "../../../src/api/contract.ts";
import type { Figures } from "../../../src/api/deps.ts";
import { definitionsOf } from "../../../src/core/metrics/catalogue.ts";
import { reportFormulas } from "../../../src/stats/figures.ts";

const ratio = (formula: string, numerator: number, denominator: number): Ratio => ({
  formula,
  numerator,
  denominator,
  value: denominator === 0 ? null : (100 * numerator) / denominator,
});

function figuresOf(group: string, offered: number, answered: number, solved = 0.74): GroupFigures {
  const abandoned = offered - answered;
  return {
    group,
    offered,
    answered,
    abandoned,
    availability: ratio("availability/1", answered, offered),
    fcr: ratio("fcr/1", Math.round(answered * solved), answered),
    serviceLevel: ratio("service-level/1", Math.round(answered * 0.8), offered),
    meanWaitS: answered === 0 ? null : 41,
    details: {
      overflowed: group === "*" ? 0 : Math.round(offered * 0.01),
      callbacks: Math.round(offered * 0.04),
      answeredByCallback: Math.round(offered * 0.03),
      ledToDistrict: group === "*" ? 57 : 0,
      notStated: Math.round(answered * 0.02),
      fcrStrict: ratio("fcr/2", Math.round(answered * solved * 0.9), answered),
      abandon: ratio("abandon/1", abandoned, offered),
      meanHandlingS: answered === 0 ? null : 312,
      targets: group === "*" ? null : { answerTargetS: group === "aldre" ? 30 : 60, shortAbandonS: 5, fcrPercent: 70 },
    },
  };
}

/** The weeks of data/bromma-2008.csv for elder care, a second group beside it, and a week in which nobody rang. */
const elder = [
  [209, 190],
  [339, 325],
  [554, 528],
  [670, 631],
  [502, 469],
  [375, 364],
  [403, 378],
  [389, 370],
] as const;

/** What was answered to the questions after calls in the first three weeks; too few in the third. */
function surveysOf(elderGroup: string, otherGroup: string, group?: string): StatisticsReply["surveys"] {
  const index = (value: number, count: number): Index => ({ formula: "satisfaction/1", count, value });
  const [solved, kind, wait] = ["survey-question-solved", "survey-question-kindness", "survey-question-wait"] as const;
  const text = (sv: string, en: string) => ({ sv, en });
  const rows = [
    {
      ...{ group: elderGroup, week: "2008-W01" },
      answers: [
        { question: solved, index: index(82.3, 31) },
        { question: kind, index: index(91, 28) },
        { question: wait, index: index(58.2, 17) },
      ],
    },
    {
      group: elderGroup,
      week: "2008-W02",
      answers: [
        { question: solved, index: index(78, 12) },
        { question: kind, index: null },
      ],
    },
    { group: otherGroup, week: "2008-W01", answers: [{ question: solved, index: null }] },
  ];
  const elder = [
    { question: solved, index: index(81.1, 43) },
    { question: kind, index: index(91, 28) },
    { question: wait, index: index(58.2, 17) },
  ];
  const all = index(79.8, 88);
  const totals = [
    { group: elderGroup, answers: elder, all, leftOut: 3 },
    { group: otherGroup, answers: [], all: { ...all, count: 0, value: null }, leftOut: 2 },
    { group: "*", answers: elder, all, leftOut: 5 },
  ];
  return {
    leastAnswers: 5,
    questions: [
      { id: solved, text: text("Fick du den hjälp du behövde?", "Did you get the help you needed?") },
      { id: kind, text: text("Hur blev du bemött?", "How were you treated?") },
      { id: wait, text: text("Vad tyckte du om väntetiden?", "What did you think of the waiting time?") },
    ],
    rows: rows.filter((row) => group === undefined || row.group === group),
    totals: totals.filter((total) => group === undefined || total.group === group),
  };
}

const noSurveys: StatisticsReply["surveys"] = { leastAnswers: 5, questions: [], rows: [], totals: [] };

export function madeUpFigures(elderGroup: string, otherGroup: string): Figures {
  const week = (at: number): string => `2008-W${String(at + 1).padStart(2, "0")}`;
  const rows: GroupWeek[] = [
    ...elder.map(([offered, answered], at) => ({ week: week(at), ...figuresOf(elderGroup, offered, answered) })),
    ...elder.map(([, answered], at) => ({
      week: week(at),
      ...(at === 3 ? figuresOf(otherGroup, 0, 0) : figuresOf(otherGroup, answered, Math.round(answered * 0.88), 0.61)),
    })),
  ];
  return {
    statistics: async ({ from, to, group }): Promise<StatisticsReply> => {
      const empty = to < "2008-01-01" || from > "2008-02-28";
      const shown = empty ? [] : rows.filter((row) => group === undefined || row.group === group);
      return {
        from,
        to,
        asOf: 18_204,
        rows: shown,
        totals:
          group === undefined
            ? [figuresOf("*", 6883, 6272, 0.71), figuresOf(elderGroup, 3441, 3255), figuresOf(otherGroup, 2624, 2309, 0.61)]
            : [figuresOf(group, 3441, 3255)],
        targets: { fcrPercent: 70, answerTargetS: group === "aldre" ? 30 : 60 },
        surveys: empty ? noSurveys : surveysOf(elderGroup, otherGroup, group),
        definitions: definitionsOf(reportFormulas),
      };
    },
    today: async () => [figuresOf("*", 431, 409), figuresOf(elderGroup, 120, 114), figuresOf(otherGroup, 0, 0)],
  };
}
