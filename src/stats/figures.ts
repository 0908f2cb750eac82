import type { Counts } from "../core/metrics/counts.ts";
import { abandon1, aht1, asa1, availability1, fcr1, fcr2, serviceLevel1 } from "../core/metrics/formulas.ts";
import type { FormulaId } from "../core/metrics/ratio.ts";
import { city } from "../core/metrics/tally.ts";
import type { GroupId, Plan } from "../core/plan/plan.ts";
import type { Details, GroupFigures, Targets } from "./report.ts";

/** The formulas a report uses, in the order in which their definitions stand on the page. */
export const reportFormulas: readonly FormulaId[] = [
  "availability/1",
  "fcr/1",
  "fcr/2",
  "service-level/1",
  "abandon/1",
  "asa/1",
  "aht/1",
  "satisfaction/1",
];

/** For groups that the plan no longer has. */
const defaults = { answerTargetMs: 60_000, shortAbandonMs: 5_000, fcrTargetPercent: 70 };

export function groupSettings(plan: Plan, group: GroupId): typeof defaults {
  return (Object.hasOwn(plan.groups, group) ? plan.groups[group] : undefined) ?? defaults;
}

export function targetsOf(plan: Plan, group: GroupId): Targets {
  const { answerTargetMs, shortAbandonMs, fcrTargetPercent } = groupSettings(plan, group);
  return { answerTargetS: answerTargetMs / 1000, shortAbandonS: shortAbandonMs / 1000, fcrPercent: fcrTargetPercent };
}

/** What most groups have; of several equally common ones, the first in the plan. */
export function commonTargets(plan: Plan): Targets {
  const counts = new Map<string, number>();
  for (const group of Object.keys(plan.groups)) {
    const key = JSON.stringify(targetsOf(plan, group));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([, a], [, b]) => b - a);
  return commonest === undefined ? targetsOf(plan, "") : (JSON.parse(commonest[0]) as Targets);
}

/** Not so a group of which there are but answers to a survey, from calls of days before. */
export const hasCalls = ({ offered }: Counts): boolean => offered > 0;

export function figuresOf(group: GroupId, counts: Counts): GroupFigures {
  return {
    group,
    offered: counts.offered,
    answered: counts.answered,
    abandoned: counts.abandoned,
    availability: availability1(counts),
    fcr: fcr1(counts),
    serviceLevel: serviceLevel1(counts),
    meanWaitS: asa1(counts).valueS,
  };
}

export function detailsOf(plan: Plan, group: GroupId, counts: Counts): Details {
  return {
    overflowed: counts.overflowed,
    callbacks: counts.callbacks,
    answeredByCallback: counts.answeredByCallback,
    ledToDistrict: counts.ledToDistrict,
    notStated: counts.outcomes["not-stated"],
    fcrStrict: fcr2(counts),
    abandon: abandon1(counts),
    meanHandlingS: aht1(counts).valueS,
    targets: group === city ? sharedTargets(plan) : targetsOf(plan, group),
  };
}

function sharedTargets(plan: Plan): Targets | null {
  const all = new Set(Object.keys(plan.groups).map((group) => JSON.stringify(targetsOf(plan, group))));
  return all.size > 1 ? null : commonTargets(plan);
}
