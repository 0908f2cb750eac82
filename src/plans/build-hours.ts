import { type Calendar, type Hours, type Interval, type Weekday, weekdays } from "../core/hours/hours.ts";
import { type EveChoice, swedishHolidays } from "./holidays.ts";
import type { HoursDocument, OpenHoursDocument } from "./schema-hours.ts";

/** The core's opening hours out of a document that passed every check. */
export function hoursOf(document: HoursDocument, id: string): Hours {
  if (document === "always") return { id, week: weekOf(() => [{ from: 0, to: 1440 }]), exceptions: {} };
  const days = Object.entries(document.days).flatMap(([name, open]) =>
    daysNamed(name).map((day) => [day, intervalsOf(open)] as const),
  );
  const said = new Map(days);
  const exceptions = Object.entries(document.exceptions ?? {}).map(([day, open]) => [day, intervalsOf(open)] as const);
  return {
    id,
    week: weekOf((day) => said.get(day) ?? []),
    ...(document.eves === undefined ? {} : { eves: intervalsOf(document.eves) }),
    holidays: intervalsOf(document.holidays),
    exceptions: Object.fromEntries(exceptions),
  };
}

function weekOf(intervals: (day: Weekday) => readonly Interval[]): Hours["week"] {
  return Object.fromEntries(weekdays.map((day) => [day, intervals(day)])) as Record<Weekday, readonly Interval[]>;
}

function intervalsOf(open: OpenHoursDocument): readonly Interval[] {
  if (open === "closed") return [];
  return [open]
    .flat()
    .map(intervalOf)
    .sort((a, b) => a.from - b.from);
}

/** "08:00-16:30" in minutes since midnight. */
export function intervalOf(span: string): Interval {
  const [from = 0, to = 0] = span.split("-").map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return { from, to };
}

/** The days that "mon" or "mon-fri" names; none where the last comes before the first, or one is no day. */
export function daysNamed(name: string): readonly Weekday[] {
  const names: readonly string[] = weekdays;
  const [first = "", last = first] = name.split("-");
  const [from, to] = [names.indexOf(first), names.indexOf(last)];
  return from < 0 ? [] : weekdays.slice(from, to + 1);
}

/** The calendar of a plan; without `holidays` every day is like any other of its weekday. `year`: the one we live in. */
export function calendarOf(timezone: string, holidays: EveChoice | undefined, year: number): Calendar {
  return { timezone, holidays: holidays ? swedishHolidays(holidays, year) : {} };
}
