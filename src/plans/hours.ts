import type { Interval } from "../core/hours/hours.ts";
import { addDays } from "../core/time/civil.ts";
import { daysNamed, intervalOf } from "./build-hours.ts";
import { listAt, members, type Outline } from "./outline.ts";
import type { Path, Report } from "./problem.ts";
import { dayPattern, spanPattern } from "./schema-hours.ts";

/** Checks of opening hours what no pattern can see: that they go forwards, do not overlap, and name each day once, and real ones. */
export function checkHours({ hours, holidays }: Outline, report: Report): void {
  for (const [id, value] of hours) {
    const path = ["hours", id];
    const said = members(value);
    checkDays(said.get("days"), [...path, "days"], report);
    for (const name of ["eves", "holidays"]) checkSpans(said.get(name), [...path, name], report);
    for (const [day, open] of members(said.get("exceptions"))) {
      const place = [...path, "exceptions", day];
      if (looksLikeDay.test(day) && addDays(day, 0) === undefined)
        report.error(place, `There is no day ${day}.`, "Write a day of the calendar, as 2026-12-23.", "name");
      checkSpans(open, place, report);
    }
  }
  checkHolidays(holidays, hours.size > 0, report);
}

const looksLikeDay = new RegExp(dayPattern);
const looksLikeSpan = new RegExp(spanPattern);

function checkDays(value: unknown, path: Path, report: Report): void {
  const seen = new Map<string, string>();
  for (const [name, open] of members(value)) {
    checkSpans(open, [...path, name], report);
    const days = daysNamed(name);
    const [first = "", last = ""] = name.split("-");
    if (days.length === 0 && [first, last].every((day) => daysNamed(day).length === 1))
      report.error(
        [...path, name],
        `The days ${name} go backwards.`,
        `A week is mon-sun: name ${first} and ${last} in two.`,
        "name",
      );
    const twice = days.find((day) => seen.has(day));
    if (twice)
      report.error(
        [...path, name],
        `The day ${twice} stands already in ${seen.get(twice)}.`,
        "Name each day once; several hours of a day stand in a list.",
        "name",
      );
    for (const day of days) seen.set(day, name);
  }
}

/** One span, or a list of them. What does not look like one the schema tells of. */
function checkSpans(value: unknown, path: Path, report: Report): void {
  const spans = typeof value === "string" ? [{ value, path }] : listAt(value, path);
  const before: { readonly text: string; readonly interval: Interval }[] = [];
  for (const { value: text, path } of spans) {
    if (typeof text !== "string" || !looksLikeSpan.test(text)) continue;
    const interval = intervalOf(text);
    const [from, to] = text.split("-");
    if (interval.from === interval.to) report.error(path, `${text} is no time at all.`, "Round the clock is 00:00-24:00.");
    else if (interval.from > interval.to)
      report.error(
        path,
        `${text} ends before it begins.`,
        `Past midnight it is two: ${from}-24:00, and 00:00-${to} the day after.`,
      );
    const other = before.find(({ interval: { from, to } }) => interval.from < to && from < interval.to);
    if (other) report.error(path, `${text} overlaps ${other.text}.`, "Make one of the two, or part them.");
    before.push({ text, interval });
  }
}

function checkHolidays(value: unknown, wanted: boolean, report: Report): void {
  const said = members(value);
  const closed = listAt(said.get("closed-eves"), []).map((eve) => eve.value);
  for (const { value: eve, path } of listAt(said.get("short-eves"), ["holidays", "short-eves"]))
    if (closed.includes(eve)) report.error(path, `${eve} stands also among closed-eves.`, "Take one of the two away.");
  if (wanted && value === undefined)
    report.warning(
      ["hours"],
      "The plan does not say which days are holidays: none is.",
      "Add holidays: { country: SE }.",
      "name",
    );
}
