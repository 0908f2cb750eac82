import type { Index, Ratio } from "../core/metrics/ratio.ts";
import type { Text } from "../core/plan/plan.ts";

/** The figures of one group, or of the city (`group` "*"), over some period. */
export interface GroupFigures {
  readonly group: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly availability: Ratio;
  readonly fcr: Ratio;
  readonly serviceLevel: Ratio;
  /** Mean, s. */
  readonly meanWaitS: number | null;
  /** On reports; the live figures of the day have none. */
  readonly details?: Details;
}

export interface GroupWeek extends GroupFigures {
  /** ISO week in the city's time: "2008-W01". */
  readonly week: string;
}

/** What the figures of a group are held against. */
export interface Targets {
  readonly answerTargetS: number;
  readonly shortAbandonS: number;
  readonly fcrPercent: number;
}

/** What a report says besides. */
export interface Details {
  /** Went on to another group: neither answered nor abandoned here. */
  readonly overflowed: number;
  /** Became callbacks, and how many of those reached the caller: neither answered nor abandoned. */
  readonly callbacks: number;
  readonly answeredByCallback: number;
  /** Of the city: led to the caller's own district, out of scope; in no group, and not among those offered. */
  readonly ledToDistrict: number;
  /** Answered contacts for which no outcome was stated; they count as not resolved. */
  readonly notStated: number;
  readonly fcrStrict: Ratio;
  readonly abandon: Ratio;
  /** Mean, s. */
  readonly meanHandlingS: number | null;
  /** null for the city when its groups have different ones. */
  readonly targets: Targets | null;
}

/** Answers of callers to one question. `index` null: too few to be shown (`SurveyFigures.leastAnswers`). */
export interface SurveyAnswers {
  readonly question: string;
  readonly index: Index | null;
}

/** What callers answered after their calls, in one group and week; only questions that anybody answered. */
export interface SurveyWeek {
  readonly group: string;
  /** ISO week in the city's time: "2008-W01". */
  readonly week: string;
  readonly answers: readonly SurveyAnswers[];
}

/** The same over the period's weeks, or of the city (`group` "*"): of all that is shown by week, and of nothing else. */
export interface SurveyTotal {
  readonly group: string;
  readonly answers: readonly SurveyAnswers[];
  /** All questions together. */
  readonly all: Index;
  /** Answers that are in none of these, because too few answered in their week. */
  readonly leftOut: number;
}

export interface SurveyFigures {
  /** Of fewer answers in a week nothing is shown. */
  readonly leastAnswers: number;
  /** Those that were answered, in the order in which they are asked. */
  readonly questions: readonly { readonly id: string; readonly text: Text }[];
  /** Weeks that are over and lie in the period as a whole, in order of group and week. */
  readonly rows: readonly SurveyWeek[];
  /** In order of group, the city last; of one group when that was asked for. */
  readonly totals: readonly SurveyTotal[];
}

/** Which days to count, both included, "2008-01-31" in the city's time; one group or all. */
export interface StatisticsQuery {
  readonly from: string;
  readonly to: string;
  readonly group?: string;
}

export interface StatisticsReply {
  readonly from: string;
  readonly to: string;
  /** Everything up to this log entry is counted. */
  readonly asOf: number;
  /** Per group and week, in order of group and week; only where there were calls. */
  readonly rows: readonly GroupWeek[];
  /** The whole period: per group with calls, and for the city (`group` "*"). When one group was asked for, that group alone. */
  readonly totals: readonly GroupFigures[];
  /** The asked group's, else what most groups have. */
  readonly targets: { readonly fcrPercent: number; readonly answerTargetS: number };
  readonly surveys: SurveyFigures;
  /** The definitions, as they stand on the page. */
  readonly definitions: readonly { readonly formula: string; readonly name: Text; readonly definition: Text }[];
}
