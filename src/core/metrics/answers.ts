import { type SurveyAnswer, surveyAnswers } from "../facts.ts";

/** What callers answered to one question of a survey. */
export interface Answers {
  count: number;
  /** Their sum, each on 0–100. */
  points: number;
}

/**
 * Of a group, a question and a week in which fewer answered than this nothing is shown, and nothing goes into any sum: it could point
 * at a person, by itself or as the difference of two sums.
 */
export const leastAnswers = 5;

const [lowest] = surveyAnswers;
const highest = surveyAnswers.length;

/** 1 to 5 as 0, 25, 50, 75, 100. */
export const pointsOf = (answer: SurveyAnswer): number => (100 * (answer - lowest)) / (highest - lowest);

/** Adds `more` to what was answered to this question, in place. */
export function addAnswers(sums: Record<string, Answers>, question: string, more: Readonly<Answers>): void {
  const sum = sums[question] ?? { count: 0, points: 0 };
  sums[question] = { count: sum.count + more.count, points: sum.points + more.points };
}
