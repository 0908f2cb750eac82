import { type Answers, addAnswers, leastAnswers } from "../core/metrics/answers.ts";
import { satisfaction1 } from "../core/metrics/formulas.ts";
import { city } from "../core/metrics/tally.ts";
import type { GroupId, Plan, PromptId } from "../core/plan/plan.ts";
import { promptText } from "../core/plan/prompt-text.ts";
import { weekOfDay } from "../core/time/civil.ts";
import type { DayCounts } from "./days.ts";
import type { SurveyFigures, SurveyTotal, SurveyWeek } from "./report.ts";

type ByQuestion = Record<PromptId, Answers>;

const daysOfWeek = 7;

/**
 * What callers answered after their calls, by group and week. Only weeks that lie in the period as a whole and are over: the figures
 * of two periods, or of two moments, then differ by whole weeks, each of which is shown or has `leastAnswers` at least; so nobody
 * learns from two reports what one may not show. `days`: in order. `over`: whether a day is. `only`: that group alone.
 */
export function surveyFigures(
  plan: Plan,
  days: ReadonlyMap<string, DayCounts>,
  over: (day: string) => boolean,
  only?: GroupId,
): SurveyFigures {
  const rows: SurveyWeek[] = [];
  const sums = new Map<GroupId, { answers: ByQuestion; leftOut: number }>();
  const sumOf = (group: GroupId) => {
    const sum = sums.get(group) ?? { answers: {}, leftOut: 0 };
    sums.set(group, sum);
    return sum;
  };
  for (const [week, groups] of wholeWeeks(days, over)) {
    for (const [group, answers] of groups) {
      if (only !== undefined && group !== only) continue;
      rows.push({ group, week, answers: Object.entries(answers).map(([question, one]) => ({ question, index: shown(one) })) });
      for (const sum of only === undefined ? [sumOf(group), sumOf(city)] : [sumOf(group)])
        for (const [question, one] of Object.entries(answers)) {
          if (one.count >= leastAnswers) addAnswers(sum.answers, question, one);
          else sum.leftOut += one.count;
        }
    }
  }
  const totals = [...sums].map(([group, { answers, leftOut }]): SurveyTotal => {
    const each = Object.entries(answers).map(([question, one]) => ({ question, index: satisfaction1(one) }));
    return { group, answers: each, all: satisfaction1(allOf(answers)), leftOut };
  });
  return {
    leastAnswers,
    questions: questionsOf(plan, rows),
    rows: rows.sort((a, b) => byGroup(a, b) || a.week.localeCompare(b.week)),
    totals: totals.sort(byGroup),
  };
}

const shown = (answers: Answers) => (answers.count < leastAnswers ? null : satisfaction1(answers));

function allOf(answers: ByQuestion): Answers {
  const all: ByQuestion = {};
  for (const one of Object.values(answers)) addAnswers(all, "all", one);
  return all.all ?? { count: 0, points: 0 };
}

function wholeWeeks(days: ReadonlyMap<string, DayCounts>, over: (day: string) => boolean): Map<string, Map<GroupId, ByQuestion>> {
  const weeks = Map.groupBy(days, ([day]) => weekOfDay(day) ?? "");
  const whole = new Map<string, Map<GroupId, ByQuestion>>();
  for (const [week, its] of weeks) {
    const last = its.at(-1)?.[0];
    if (its.length < daysOfWeek || last === undefined || !over(last)) continue;
    const groups = new Map<GroupId, ByQuestion>();
    for (const [group, { surveys }] of its.flatMap(([, counts]) => [...counts])) {
      const sums = groups.get(group) ?? {};
      for (const [question, one] of Object.entries(surveys)) addAnswers(sums, question, one);
      if (Object.keys(sums).length > 0) groups.set(group, sums);
    }
    whole.set(week, groups);
  }
  return whole;
}

/** Those that were answered, as callers are asked them; the ones that no survey of the plan asks any more come last. */
function questionsOf(plan: Plan, rows: readonly SurveyWeek[]): SurveyFigures["questions"] {
  const answered = new Set(rows.flatMap(({ answers }) => answers.map(({ question }) => question)));
  const asked = Object.values(plan.nodes).flatMap((node) => (node.kind === "survey" ? node.questions : []));
  const inOrder = [...new Set([...asked.filter((one) => answered.has(one)), ...[...answered].sort()])];
  return inOrder.map((id) => ({ id, text: promptText(plan, id) }));
}

/** The city last. */
function byGroup(a: { readonly group: GroupId }, b: { readonly group: GroupId }): number {
  const rank = ({ group }: { readonly group: GroupId }) => (group === city ? 1 : 0);
  return rank(a) - rank(b) || a.group.localeCompare(b.group, "sv");
}
