import { KontaktlotsError } from "../core/errors.ts";
import type { Fact } from "../core/facts.ts";
import { definitionsOf } from "../core/metrics/catalogue.ts";
import { addCounts, type Counts, emptyCounts } from "../core/metrics/counts.ts";
import { city, emptyTally, type Tally, talliedFacts, tally } from "../core/metrics/tally.ts";
import type { GroupId, Plan } from "../core/plan/plan.ts";
import { addDays, parseDay, weekOf } from "../core/time/civil.ts";
import type { LogReader } from "../store/event-log.ts";
import { commonTargets, detailsOf, figuresOf, groupSettings, leadMs, reportFormulas, targetsOf } from "./figures.ts";
import type { StatisticsQuery, StatisticsReply } from "./report.ts";

const hourMs = 3_600_000;
/** Calls of the period are followed so long after its end until they are over. */
const tailMs = 24 * hourMs;

/**
 * Figures per group and ISO week, from the log. Runs beside the engine, in another process.
 *
 * A call belongs to the day on which it entered the queue: what happens to it after the period's end is read as well, until
 * every call of the period is over. Errors: REQUEST_INVALID for days that do not exist, NOT_FOUND for an unknown group,
 * STORE_FAILED.
 */
export async function statistics(reader: LogReader, plan: Plan, query: StatisticsQuery): Promise<StatisticsReply> {
  const { start, end } = boundsOf(query, plan);
  if (query.group !== undefined && plan.groups[query.group] === undefined) {
    throw new KontaktlotsError("NOT_FOUND", `There is no group ${query.group}.`, "Take one of the plan's groups.");
  }
  const asOf = await reader.lastSeq();
  const counted = await count(reader, plan, start, end, asOf);
  const shown = (group: GroupId) => (query.group === undefined ? group !== city : group === query.group);
  const weeks = [...counted.periods].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = weeks.flatMap(([week, groups]) =>
    [...groups]
      .filter(([group]) => shown(group))
      .map(([group, counts]) => ({ ...figuresOf(group, counts), week, ...detailsOf(plan, group, counts) })),
  );
  const targets = query.group === undefined ? commonTargets(plan) : targetsOf(plan, query.group);
  return {
    from: query.from,
    to: query.to,
    asOf,
    // The sort is stable: within a group the weeks keep their order.
    rows: rows.sort((a, b) => a.group.localeCompare(b.group, "sv")),
    totals: totalsOf(counted, query.group).map(([group, counts]) => ({
      ...figuresOf(group, counts),
      ...detailsOf(plan, group, counts),
    })),
    targets: { fcrPercent: targets.fcrPercent, answerTargetS: targets.answerTargetS },
    definitions: definitionsOf(reportFormulas),
  };
}

function boundsOf({ from, to }: StatisticsQuery, plan: Plan): { start: number; end: number } {
  const start = parseDay(from, plan.timezone);
  const end = parseDay(addDays(to, 1) ?? "", plan.timezone);
  if (start !== undefined && end !== undefined && start < end) return { start, end };
  throw new KontaktlotsError(
    "REQUEST_INVALID",
    `There is no period from ${from} to ${to}.`,
    "Give two days as YYYY-MM-DD, the later one second.",
  );
}

async function count(reader: LogReader, plan: Plan, start: number, end: number, asOf: number): Promise<Tally> {
  const state = emptyTally({
    periodOf: (at) => weekOf(at, plan.timezone),
    counted: (at) => start <= at && at < end,
    targetOf: (group) => groupSettings(plan, group),
  });
  const feed = async (from: number, to: number, take: (fact: Fact) => boolean) => {
    for await (const page of reader.read({ sort: "fact", types: talliedFacts, from, to })) {
      for (const entry of page) {
        if (entry.seq > asOf) return;
        const fact = JSON.parse(entry.json) as Fact;
        if (take(fact)) tally(state, fact);
      }
    }
  };
  await feed(start - leadMs, end, () => true);
  // New calls after the end are none of ours: they would only keep the reading going.
  const known = (fact: Fact) => "call" in fact && state.calls.has(fact.call);
  for (let at = end; at < end + tailMs && state.calls.size > 0; at += hourMs) await feed(at, at + hourMs, known);
  return state;
}

/** Sums over all weeks; groups in order of name, the city last. */
function totalsOf(counted: Tally, only: GroupId | undefined): [GroupId, Counts][] {
  const totals = new Map<GroupId, Counts>([[only ?? city, emptyCounts()]]);
  for (const groups of counted.periods.values()) {
    for (const [group, counts] of groups) {
      if (only !== undefined && group !== only) continue;
      const sum = totals.get(group) ?? emptyCounts();
      addCounts(sum, counts);
      totals.set(group, sum);
    }
  }
  const rank = (group: GroupId) => (group === city ? 1 : 0);
  return [...totals].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b, "sv"));
}
