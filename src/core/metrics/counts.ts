import { type Outcome, outcomes } from "../facts.ts";
import type { PromptId } from "../plan/plan.ts";
import { type Answers, addAnswers } from "./answers.ts";

/** What was counted of the calls that entered one queue (or, for the city, any queue) within one period. Counts add up over periods. */
export interface Counts {
  /**
   * Entered the queue. The rest of these calls still waits, chose to wait no more (a message was left, say), or was lost with the
   * engine: offered − answered − abandoned − overflowed − callbacks.
   */
  offered: number;
  answered: number;
  abandoned: number;
  /** Went on to another group and was answered, or hung up, there. */
  overflowed: number;
  /** Became callbacks; and how many of those the agent spoke with, which are not among the answered. */
  callbacks: number;
  answeredByCallback: number;
  /** Of the city only: led to the caller's own district, out of scope. These entered no queue, and are not among those offered. */
  ledToDistrict: number;
  /** Answered within T. */
  answeredInTarget: number;
  /** Abandoned within T. */
  abandonedInTarget: number;
  /** Abandoned within the short-abandon limit: wrong number, changed mind. */
  abandonedShort: number;
  /** Sum over answered calls, from entering the queue to the answer. */
  waitMs: number;
  /** Talks that are over; a call answered after transfer has one more. */
  talks: number;
  /** Talk, hold within it, and wrap-up, over those talks. */
  handlingMs: number;
  /** What agents said the contacts came to. */
  outcomes: Record<Outcome | "not-stated", number>;
  /** Of a group only: what callers answered to the survey's questions within the period, whenever they called. */
  surveys: Record<PromptId, Answers>;
}

export function emptyCounts(): Counts {
  return {
    offered: 0,
    answered: 0,
    abandoned: 0,
    overflowed: 0,
    callbacks: 0,
    answeredByCallback: 0,
    ledToDistrict: 0,
    answeredInTarget: 0,
    abandonedInTarget: 0,
    abandonedShort: 0,
    waitMs: 0,
    talks: 0,
    handlingMs: 0,
    outcomes: {
      answered: 0,
      "taken-care-of": 0,
      "handed-over": 0,
      referred: 0,
      "referred-out-of-scope": 0,
      "wrong-number": 0,
      "not-stated": 0,
    },
    surveys: {},
  };
}

/** Adds `more` to `sum`, in place. */
export function addCounts(sum: Counts, more: Counts): void {
  sum.offered += more.offered;
  sum.answered += more.answered;
  sum.abandoned += more.abandoned;
  sum.overflowed += more.overflowed;
  sum.callbacks += more.callbacks;
  sum.answeredByCallback += more.answeredByCallback;
  sum.ledToDistrict += more.ledToDistrict;
  sum.answeredInTarget += more.answeredInTarget;
  sum.abandonedInTarget += more.abandonedInTarget;
  sum.abandonedShort += more.abandonedShort;
  sum.waitMs += more.waitMs;
  sum.talks += more.talks;
  sum.handlingMs += more.handlingMs;
  for (const outcome of [...outcomes, "not-stated"] as const) sum.outcomes[outcome] += more.outcomes[outcome];
  for (const [question, answers] of Object.entries(more.surveys)) addAnswers(sum.surveys, question, answers);
}
