import { weekOf } from "../core/time/civil.ts";
import { ends } from "./record.ts";
import type { Run } from "./simulate.ts";

/** Calls that came within a part of time, and how many of them somebody answered. */
export interface Stretch {
  offered: number;
  answered: number;
}

export interface Series {
  /** By half hour of the day, 0–47, over all days; with the share of agents' time there taken by calls, null without agents. */
  readonly halfHours: readonly (Stretch & { readonly occupancyPercent: number | null })[];
  /** By ISO week, "2008-W05", in order. */
  readonly weeks: readonly (Stretch & { readonly week: string })[];
}

const dayMs = 86_400_000;
const halfHourMs = 1_800_000;

/** Load and answers over the day, and from week to week. */
export function seriesOf({ calls, desks }: Run): Series {
  const halfHours: Stretch[] = Array.from({ length: 48 }, () => ({ offered: 0, answered: 0 }));
  const weeks = new Map<string, Stretch>();
  const busy = new Float64Array(48);
  const present = new Float64Array(48);
  for (let row = 0; row < calls.size; row++) {
    const at = calls.at[row] ?? 0;
    const isAnswered = calls.end[row] === ends.answered || calls.end[row] === ends.helped;
    const week = weekOf(at, "UTC");
    const stretches = [halfHours[Math.floor((at % dayMs) / halfHourMs)], weeks.get(week) ?? newWeek(weeks, week)];
    for (const stretch of stretches) {
      if (!stretch) continue;
      stretch.offered++;
      if (isAnswered) stretch.answered++;
    }
    const from = at + (calls.waitedMs[row] ?? 0);
    if (isAnswered) spread(busy, from, from + (calls.handledMs[row] ?? 0));
  }
  for (const [index, from] of desks.presentFrom.entries()) spread(present, from, desks.presentTo[index] ?? from);
  return {
    halfHours: halfHours.map((stretch, slot) => {
      const there = present[slot] ?? 0;
      return { ...stretch, occupancyPercent: there === 0 ? null : Math.min(100, (100 * (busy[slot] ?? 0)) / there) };
    }),
    weeks: [...weeks].map(([week, stretch]) => ({ week, ...stretch })),
  };
}

function newWeek(weeks: Map<string, Stretch>, week: string): Stretch {
  const made = { offered: 0, answered: 0 };
  weeks.set(week, made);
  return made;
}

/** Adds a time from moment to moment to the half hours of the day it lies in. */
function spread(into: Float64Array, from: number, to: number): void {
  for (let at = from; at < to; ) {
    const slot = Math.floor((at % dayMs) / halfHourMs);
    const end = Math.min(to, (Math.floor(at / halfHourMs) + 1) * halfHourMs);
    into[slot] = (into[slot] ?? 0) + end - at;
    at = end;
  }
}
