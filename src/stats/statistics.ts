import { KontaktlotsError } from "../core/errors.ts";
import { definitionsOf } from "../core/metrics/catalogue.ts";
import { addCounts, type Counts, emptyCounts } from "../core/metrics/counts.ts";
import { city } from "../core/metrics/tally.ts";
import type { GroupId, Plan } from "../core/plan/plan.ts";
import { addDays, parseDay, weekOfDay } from "../core/time/civil.ts";
import type { LogReader } from "../store/event-log.ts";
import { DayBook, type DayCounts } from "./days.ts";
import { commonTargets, detailsOf, figuresOf, hasCalls, reportFormulas, targetsOf } from "./figures.ts";
import type { StatisticsQuery, StatisticsReply } from "./report.ts";
import { surveyFigures } from "./surveys.ts";

/**
 * Figures per group and ISO week, from the log. Runs beside the engine, in another process.
 *
 * A call belongs to the day on which it entered the queue: what happens to it after the period's end is read as well, until
 * every call of the period is over. `days` remembers what was counted before, for a caller who asks again and again.
 * Errors: REQUEST_INVALID for days that do not exist, NOT_FOUND for an unknown group, STORE_FAILED.
 */
export async function statistics(
  reader: LogReader,
  plan: Plan,
  query: StatisticsQuery,
  days: DayBook = new DayBook(reader, plan),
): Promise<StatisticsReply> {
  check(query, plan);
  const { from, to, group: only } = query;
  const asOf = await reader.lastSeq();
  const counted = await days.counts(from, to, asOf);
  const weeks = summed(counted, (day) => weekOfDay(day) ?? "");
  const shown = (group: GroupId) => (only === undefined ? group !== city : group === only);
  const rows = weeks
    .filter(({ group }) => shown(group))
    .map(({ group, period, counts }) => ({ ...figuresOf(group, counts), week: period, details: detailsOf(plan, group, counts) }));
  const totals = summed(counted, () => "").filter(({ group }) => only === undefined || group === only);
  const whole = only ?? city;
  if (!totals.some(({ group }) => group === whole)) totals.push({ group: whole, period: "", counts: emptyCounts() });
  const targets = only === undefined ? commonTargets(plan) : targetsOf(plan, only);
  return {
    from,
    to,
    asOf,
    rows,
    totals: totals.map(({ group, counts }) => ({ ...figuresOf(group, counts), details: detailsOf(plan, group, counts) })),
    targets: { fcrPercent: targets.fcrPercent, answerTargetS: targets.answerTargetS },
    surveys: surveyFigures(plan, counted, (day) => days.isOver(day), only),
    definitions: definitionsOf(reportFormulas),
  };
}

function check({ from, to, group }: StatisticsQuery, plan: Plan): void {
  const start = parseDay(from, plan.timezone);
  const end = parseDay(addDays(to, 1) ?? "", plan.timezone);
  if (start === undefined || end === undefined || start >= end) {
    throw new KontaktlotsError(
      "REQUEST_INVALID",
      `There is no period from ${from} to ${to}.`,
      "Give two days as YYYY-MM-DD, the later one second.",
    );
  }
  if (group !== undefined && !Object.hasOwn(plan.groups, group)) {
    throw new KontaktlotsError("NOT_FOUND", `There is no group ${group}.`, "Take one of the plan's groups.");
  }
}

interface Sum {
  readonly group: GroupId;
  readonly period: string;
  readonly counts: Counts;
}

/** Days added up to longer periods, per group; in order of group (the city last) and period. */
function summed(days: ReadonlyMap<string, DayCounts>, periodOf: (day: string) => string): Sum[] {
  const sums = new Map<string, Sum>();
  for (const [day, groups] of days) {
    const period = periodOf(day);
    for (const [group, counts] of groups) {
      if (group !== city && !hasCalls(counts)) continue;
      const key = `${period} ${group}`;
      const sum = sums.get(key) ?? { group, period, counts: emptyCounts() };
      addCounts(sum.counts, counts);
      sums.set(key, sum);
    }
  }
  const rank = ({ group }: Sum) => (group === city ? 1 : 0);
  const order = (a: Sum, b: Sum) =>
    rank(a) - rank(b) || a.group.localeCompare(b.group, "sv") || a.period.localeCompare(b.period, "sv");
  return [...sums.values()].sort(order);
}
