import { offsetAt, quarterMs } from "./offset.ts";

/**
 * Days and ISO 8601 weeks of a place, summer time included. Times are ms since the epoch, UTC; a day is "2008-01-31",
 * a week "2008-W05" and belongs to the year of its Thursday, so 2007-12-31 stands in 2008-W01.
 */

const dayMs = 86_400_000;

/** The day at the place, "2008-01-31". `timezone`: IANA name. */
export function dayOf(at: number, timezone: string): string {
  return dayName(civilDay(at, timezone));
}

/** The time on the clock at the place, whole minutes after midnight. */
export function minuteOf(at: number, timezone: string): number {
  const local = at + offsetAt(at, timezone);
  return Math.floor((local - Math.floor(local / dayMs) * dayMs) / 60_000);
}

/** The ISO week at the place, "2008-W05". */
export function weekOf(at: number, timezone: string): string {
  return weekName(civilDay(at, timezone));
}

/** When the day of `at` began at the place: its first instant, also where the clock skips midnight. */
export function startOfDay(at: number, timezone: string): number {
  return firstInstant(civilDay(at, timezone), timezone);
}

/** When the day "2008-01-31" began at the place. undefined when there is no such day. */
export function parseDay(day: string, timezone: string): number | undefined {
  const number = dayNumber(day);
  return number === undefined ? undefined : firstInstant(number, timezone);
}

/** The day `days` later (or earlier, below 0): "2008-02-28", 2 → "2008-03-01". undefined when there is no such day. */
export function addDays(day: string, days: number): string | undefined {
  const number = dayNumber(day);
  return number === undefined ? undefined : dayName(number + days);
}

/** The Monday of the ISO week "2008-W01": "2007-12-31". undefined when there is no such week. */
export function mondayOf(week: string): string | undefined {
  const [, year, number] = /^(\d{4})-W(\d\d)$/.exec(week) ?? [];
  if (year === undefined || number === undefined) return undefined;
  // 4 January is always in week 1.
  const fourth = Math.floor(Date.UTC(Number(year), 0, 4) / dayMs);
  const monday = fourth - weekday(fourth) + (Number(number) - 1) * 7;
  return weekName(monday) === week ? dayName(monday) : undefined;
}

/** The ISO week the day "2008-01-31" lies in. undefined when there is no such day. */
export function weekOfDay(day: string): string | undefined {
  const number = dayNumber(day);
  return number === undefined ? undefined : weekName(number);
}

/** Monday 0 … Sunday 6 of the day "2008-01-31". undefined when there is no such day. */
export function weekdayOf(day: string): number | undefined {
  const number = dayNumber(day);
  return number === undefined ? undefined : weekday(number);
}

/**
 * The instants at which clocks at the place show `minute` minutes after midnight of the day: the first and the last, which are one
 * but where clocks are put back. A time that clocks skip is the first instant after the gap. undefined when there is no such day.
 */
export function clockTime(
  day: string,
  minute: number,
  timezone: string,
): { readonly first: number; readonly last: number } | undefined {
  const number = dayNumber(day);
  return number === undefined ? undefined : instantsOf(number * dayMs + minute * 60_000, timezone);
}

/** Days since 1970-01-01 as the calendar at the place shows. */
function civilDay(at: number, timezone: string): number {
  return Math.floor((at + offsetAt(at, timezone)) / dayMs);
}

/** Monday 0 … Sunday 6. 1970-01-01 was a Thursday. */
function weekday(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function dayName(day: number): string {
  return remembered(days, day, () => new Date(day * dayMs).toISOString().slice(0, 10));
}

function weekName(day: number): string {
  return remembered(weeks, day, () => {
    const thursday = day - weekday(day) + 3;
    const year = new Date(thursday * dayMs).getUTCFullYear();
    const week = Math.floor((thursday - Date.UTC(year, 0, 1) / dayMs) / 7) + 1;
    return `${String(year).padStart(4, "0")}-W${String(week).padStart(2, "0")}`;
  });
}

function dayNumber(day: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return undefined;
  const number = Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);
  return Number.isNaN(number) || dayName(number) !== day ? undefined : number;
}

/** The first instant of a calendar day. */
function firstInstant(day: number, timezone: string): number {
  return instantsOf(day * dayMs, timezone).first;
}

/**
 * The instants at which clocks show `local`, given as if it were UTC. Of the offsets the day before and the day after, each leads
 * to an instant, where the clocks are changed to two: those count at which clocks do show it.
 */
function instantsOf(local: number, timezone: string): { readonly first: number; readonly last: number } {
  const offsets = [offsetAt(local - dayMs, timezone), offsetAt(local + dayMs, timezone)];
  const candidates = offsets.map((offset) => local - offset).sort((a, b) => a - b);
  const shown = candidates.filter((at) => at + offsetAt(at, timezone) === local);
  const [first] = shown;
  if (first !== undefined) return { first, last: shown.at(-1) ?? first };
  const change = firstChange(candidates[0] ?? local, timezone);
  return { first: change, last: change };
}

/** The first instant after `at` with another offset; the caller knows that one comes soon. */
function firstChange(at: number, timezone: string): number {
  const before = offsetAt(at, timezone);
  let next = Math.ceil(at / quarterMs) * quarterMs;
  while (offsetAt(next, timezone) === before && next - at < 2 * dayMs) next += quarterMs;
  return next;
}

const days = new Map<number, string>();
const weeks = new Map<number, string>();

/** Names of days and weeks are asked for millions of times, but there are only a few hundred. */
function remembered(names: Map<number, string>, day: number, make: () => string): string {
  const known = names.get(day);
  if (known !== undefined) return known;
  if (names.size > 10_000) names.clear();
  const name = make();
  names.set(day, name);
  return name;
}
