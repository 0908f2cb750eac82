import type { Text } from "../plan/text.ts";
import { weekdayOf } from "../time/civil.ts";

/** Opening hours as a city decides them, and the days of its calendar that are not like others. */

/** From the weekday's first, as ISO 8601 counts. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * A span of one civil day in minutes since midnight as clocks show them, 0 ≤ `from` < `to` ≤ 1440. Round the clock is 0–1440;
 * a night is two: 1320–1440, and 0–360 of the day after.
 */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

export type HoursId = string;

/** When a number or a group is open. Intervals of a day stand in order and do not overlap; an empty list is closed. */
export interface Hours {
  readonly id: HoursId;
  readonly week: Readonly<Record<Weekday, readonly Interval[]>>;
  /** On eves, but for those on a weekday that is closed anyway: shorter hours open nothing. Left out: as the weekday. */
  readonly eves?: readonly Interval[];
  /** On holidays, whatever the weekday. Left out: as the weekday. */
  readonly holidays?: readonly Interval[];
  /** By day, "2026-12-23": before all else. */
  readonly exceptions: Readonly<Record<string, readonly Interval[]>>;
}

export interface Calendar {
  /** IANA name: whose days and clocks are meant. */
  readonly timezone: string;
  /** By day, "2026-12-24". Sundays are holidays only where something else falls on them. */
  readonly holidays: Readonly<Record<string, { readonly kind: "holiday" | "eve"; readonly name: Text }>>;
}

/** What holds on the day "2026-12-23". */
export function intervalsOn(hours: Hours, calendar: Calendar, day: string): readonly Interval[] {
  const exception = hours.exceptions[day];
  if (exception) return exception;
  const usual = hours.week[weekdays[weekdayOf(day) ?? 0] ?? "mon"];
  switch (calendar.holidays[day]?.kind) {
    case "holiday":
      return hours.holidays ?? usual;
    case "eve":
      return usual.length === 0 ? usual : (hours.eves ?? usual);
    default:
      return usual;
  }
}
