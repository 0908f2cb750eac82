import { addDays, clockTime, dayOf } from "../time/civil.ts";
import { type Calendar, type Hours, intervalsOn } from "./hours.ts";

/**
 * Whether hours are open at an instant, and when that changes. All instants are ms since the epoch, UTC.
 *
 * Where the clocks are changed: what opens or closes at a time that is skipped does so at the first instant after the gap; at a
 * time that comes twice it opens at the first and closes at the last. Hours that meet or overlap are open without a break.
 */

/** How many days ahead a change is looked for. */
export const daysAhead = 60;

/** Open from the first, up to and without the second instant. */
interface Span {
  readonly from: number;
  readonly to: number;
}

export function isOpen(hours: Hours, calendar: Calendar, at: number): boolean {
  const today = dayOf(at, calendar.timezone);
  return spansOn(hours, calendar, today).some(({ from, to }) => from <= at && at < to);
}

/** The first instant after `at` at which `isOpen` turns true; undefined when it does not within 60 days. */
export function nextOpening(hours: Hours, calendar: Calendar, at: number): number | undefined {
  for (const { from } of openSpans(hours, calendar, at)) if (from > at) return from;
  return undefined;
}

/** The first instant after `at` at which `isOpen` turns false; undefined when it does not within 60 days. */
export function nextClosing(hours: Hours, calendar: Calendar, at: number): number | undefined {
  const ends = endOf(calendar, at);
  for (const { to } of openSpans(hours, calendar, at)) return to < ends ? to : undefined;
  return undefined;
}

/** All spans that end after `at`, in order, those that meet made one; the last may go on beyond the days looked through. */
function* openSpans(hours: Hours, calendar: Calendar, at: number): Generator<Span> {
  let open: Span | undefined;
  const today = dayOf(at, calendar.timezone);
  for (let ahead = 0; ahead < daysAhead; ahead++) {
    for (const span of spansOn(hours, calendar, dayAfter(today, ahead))) {
      if (span.to <= at) continue;
      if (open && span.from <= open.to) open = { from: open.from, to: Math.max(open.to, span.to) };
      else {
        if (open) yield open;
        open = span;
      }
    }
  }
  if (open) yield open;
}

/** The day's hours as instants, without those that a gap of the clocks leaves nothing of. */
function spansOn(hours: Hours, calendar: Calendar, day: string): readonly Span[] {
  return intervalsOn(hours, calendar, day).flatMap((interval) => {
    const from = instant(day, interval.from, calendar, "first");
    const to = instant(day, interval.to, calendar, "last");
    return from < to ? [{ from, to }] : [];
  });
}

function instant(day: string, minute: number, { timezone }: Calendar, which: "first" | "last"): number {
  // The day ends when the next one begins, not when clocks show midnight for the last time.
  if (minute === 1440) return clockTime(dayAfter(day, 1), 0, timezone)?.first ?? Number.NaN;
  return clockTime(day, minute, timezone)?.[which] ?? Number.NaN;
}

function endOf(calendar: Calendar, at: number): number {
  return instant(dayAfter(dayOf(at, calendar.timezone), daysAhead - 1), 1440, calendar, "last");
}

function dayAfter(day: string, days: number): string {
  return addDays(day, days) ?? day;
}
