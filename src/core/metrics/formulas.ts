import type { Answers } from "./answers.ts";
import type { Counts } from "./counts.ts";
import { type Index, index, type Mean, mean, type Ratio, ratio } from "./ratio.ts";

/**
 * The formulas, each after its line in the city's table of metrics. A changed formula gets a new number, a function of its
 * own and a text in the catalogue; the old one stays, because old reports keep it.
 */

/** Answered by an agent of the group, of all calls offered to the group. */
export function availability1(counts: Counts): Ratio {
  return ratio("availability/1", counts.answered, counts.offered);
}

/**
 * Answered or taken care of by the contact centre in the contact itself. *Referred* within scope counts as taken care of (the
 * right answer was "elsewhere"); *referred out of scope* and *wrong number* leave the denominator. What the agent did not
 * state stays in the denominator: it was a matter of an answered contact, and nothing shows that it was solved, so leaving
 * contacts unregistered never makes the figure better. How many they are is shown beside it.
 */
export function fcr1(counts: Counts): Ratio {
  const { outcomes } = counts;
  return ratio("fcr/1", outcomes.answered + outcomes["taken-care-of"] + outcomes.referred, matters(counts));
}

/** The strict form: answered in the contact itself. Same denominator as fcr/1. */
export function fcr2(counts: Counts): Ratio {
  return ratio("fcr/2", counts.outcomes.answered, matters(counts));
}

/** Answered within T, of answered and those abandoned after the short-abandon limit. */
export function serviceLevel1(counts: Counts): Ratio {
  return ratio("service-level/1", counts.answeredInTarget, counts.answered + abandonedLate(counts));
}

/** Answered within T, of answered. */
export function serviceLevel2(counts: Counts): Ratio {
  return ratio("service-level/2", counts.answeredInTarget, counts.answered);
}

/** Answered or abandoned within T, of answered and abandoned. */
export function serviceLevel3(counts: Counts): Ratio {
  return ratio("service-level/3", counts.answeredInTarget + counts.abandonedInTarget, counts.answered + counts.abandoned);
}

/** Mean time from entering the queue to the agent's answer, answered calls. */
export function asa1(counts: Counts): Mean {
  return mean("asa/1", counts.waitMs, counts.answered);
}

/** Abandoned after the short-abandon limit, of offered. */
export function abandon1(counts: Counts): Ratio {
  return ratio("abandon/1", abandonedLate(counts), counts.offered);
}

/** Mean of talk (hold within it) and wrap-up, per talk. */
export function aht1(counts: Counts): Mean {
  return mean("aht/1", counts.handlingMs, counts.talks);
}

/** Mean of the survey's answers on 0–100, with their number. */
export function satisfaction1({ count, points }: Answers): Index {
  return index("satisfaction/1", points, count);
}

function abandonedLate(counts: Counts): number {
  return counts.abandoned - counts.abandonedShort;
}

function matters({ outcomes }: Counts): number {
  return outcomes.answered + outcomes["taken-care-of"] + outcomes.referred + outcomes["handed-over"] + outcomes["not-stated"];
}
