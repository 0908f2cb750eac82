import fc from "fast-check";
import t from "tap";
import { type Calendar, type Hours, type Interval, intervalsOn, weekdays } from "../../../src/core/hours/hours.ts";
import { isOpen, nextClosing, nextOpening } from "../../../src/core/hours/open.ts";

const minute = 60_000;
const hour = 60 * minute;
const utc = Date.parse;
const stockholm: Calendar = { timezone: "Europe/Stockholm", holidays: {} };

/** "02:30-24:00" in minutes. */
function span(text: string): Interval {
  const [from = 0, to = 0] = text.split("-").map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  return { from, to };
}

/** The same every day of the week. */
function daily(...spans: readonly string[]): Hours {
  const all = spans.map(span);
  return { id: "h", week: { mon: all, tue: all, wed: all, thu: all, fri: all, sat: all, sun: all }, exceptions: {} };
}

t.test("what of a city's decisions holds on a day: the date, then the holiday, then the weekday", async (t) => {
  const name = { sv: "", en: "" };
  const calendar: Calendar = {
    timezone: "Europe/Stockholm",
    holidays: {
      "2026-01-05": { kind: "eve", name }, // a Monday
      "2026-01-06": { kind: "holiday", name },
      "2026-01-10": { kind: "eve", name }, // a Saturday
    },
  };
  const office = daily("08:00-16:30");
  const week = { ...office.week, sat: [], sun: [] };
  const on = (hours: Hours, day: string) => intervalsOn(hours, calendar, day);
  const short = [span("08:00-12:00")];
  t.strictSame(on({ ...office, week, eves: short, holidays: [] }, "2026-01-07"), [span("08:00-16:30")]);
  t.strictSame(on({ ...office, week, eves: short, holidays: [] }, "2026-01-05"), short);
  t.strictSame(on({ ...office, week, eves: short, holidays: [] }, "2026-01-06"), []);
  t.strictSame(on({ ...office, week, eves: short, holidays: [] }, "2026-01-10"), [], "shorter hours open no Saturday");
  t.strictSame(on({ ...office, week }, "2026-01-05"), [span("08:00-16:30")], "left out, an eve is as any day");
  t.strictSame(on({ ...office, week }, "2026-01-06"), [span("08:00-16:30")], "left out, a holiday is as any day");
  const exceptions = { "2026-01-06": short, "2026-01-07": [], "2026-01-10": short };
  for (const [day, intervals] of Object.entries(exceptions))
    t.strictSame(on({ ...office, week, eves: [], holidays: [], exceptions }, day), intervals, day);
});

t.test("nights of two halves are open without a break, and round the clock there is nothing to wait for", async (t) => {
  const night = daily("00:00-06:00", "22:00-24:00");
  const at = utc("2026-11-23T21:30:00Z"); // 22:30 in Stockholm
  t.equal(nextClosing(night, stockholm, at), utc("2026-11-24T05:00:00Z"));
  t.equal(nextOpening(night, stockholm, at), utc("2026-11-24T21:00:00Z"), "the next one, also while it is open");
  const always = daily("00:00-24:00");
  t.ok(isOpen(always, stockholm, at));
  t.equal(nextClosing(always, stockholm, at), undefined);
  t.equal(nextOpening(always, stockholm, at), undefined);
});

t.test("never open", async (t) => {
  const at = utc("2026-11-23T12:00:00Z");
  const never = daily();
  t.notOk(isOpen(never, stockholm, at));
  t.equal(nextOpening(never, stockholm, at), undefined);
  t.equal(nextClosing(never, stockholm, at), undefined);
});

/** Each with the instant at which the clocks are changed. */
const springs = ["2026-03-29T01:00:00Z", "2027-03-28T01:00:00Z"];
const autumns = ["2026-10-25T01:00:00Z", "2027-10-31T01:00:00Z"];

/**
 * What is open on that night and the day after, in hours and minutes from the change. In spring 02:00 to 03:00 never comes; in
 * autumn it comes twice, before the change and after it.
 */
const nights: readonly (readonly [spans: string[], spring: string[], autumn: string[]])[] = [
  [["00:00-24:00"], ["-20:00..40:00"], ["-20:00..40:00"]],
  [["02:30-16:30"], ["0:00..13:30"], ["-0:30..14:30"]],
  [["00:00-02:30"], ["-2:00..0:00"], ["-3:00..0:30"]],
  [["02:15-02:45"], [], ["-0:45..0:45"]],
  [["02:00-03:00"], [], ["-1:00..1:00"]],
  [["01:00-02:00"], ["-1:00..0:00"], ["-2:00..0:00"]],
  [["03:00-04:00"], ["0:00..1:00"], ["1:00..2:00"]],
  [["00:00-02:15", "02:45-05:00"], ["-2:00..2:00"], ["-3:00..3:00"]],
  [["08:00-16:30"], ["5:00..13:30"], ["6:00..14:30"]],
];

function offset(text: string): number {
  const [hours = 0, minutes = 0] = text.replace("-", "").split(":").map(Number);
  return (text.startsWith("-") ? -1 : 1) * (hours * hour + minutes * minute);
}

for (const [season, changes] of [
  ["spring", springs],
  ["autumn", autumns],
] as const)
  for (const change of changes.map(utc))
    t.test(`the night of ${new Date(change).toISOString().slice(0, 10)}, minute by minute`, async (t) => {
      for (const [spans, spring, autumn] of nights) {
        const expected = (season === "spring" ? spring : autumn).map((text) => text.split("..").map(offset));
        const hours = daily(...spans);
        const wrong: string[] = [];
        // Before -3:00 it is the day before, and after 20:00 perhaps the day after.
        for (let from = season === "spring" ? -2 * hour : -3 * hour; from < 20 * hour; from += minute) {
          const at = change + from;
          const current = expected.find(([begin = 0, end = 0]) => begin <= from && from < end);
          if (isOpen(hours, stockholm, at) !== (current !== undefined)) wrong.push(`${from / minute} open`);
          const opens = expected.find(([begin = 0]) => begin > from)?.[0];
          if (opens !== undefined && nextOpening(hours, stockholm, at) !== change + opens)
            wrong.push(`${from / minute} next opening`);
          const closes = expected.find(([, end = 0]) => end > from)?.[1];
          if (closes !== undefined && closes < 30 * hour && nextClosing(hours, stockholm, at) !== change + closes)
            wrong.push(`${from / minute} next closing`);
        }
        t.strictSame(wrong, [], spans.join(", "));
      }
    });

/** Every minute of some days at a place, as its clocks show them. */
interface Walk {
  readonly timezone: string;
  readonly start: number;
  readonly minutes: readonly { readonly day: string; readonly shown: number }[];
}

function walk(timezone: string, start: string, days: number): Walk {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short", timeStyle: "short" });
  const from = utc(start);
  const minutes = Array.from({ length: days * 1440 }, (_, index) => {
    const [day = "", time = ""] = format.format(from + index * minute).split(" ");
    return { day, shown: Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) };
  });
  return { timezone, start: from, minutes };
}

/** Days around changes of the clocks, also by half an hour, and at midnight. */
const walks = [
  walk("Europe/Stockholm", "2026-03-27T23:00:00Z", 4),
  walk("Europe/Stockholm", "2026-10-23T22:00:00Z", 4),
  walk("Europe/Stockholm", "2026-06-17T22:00:00Z", 3),
  walk("Australia/Lord_Howe", "2026-04-03T13:00:00Z", 3),
  walk("Australia/Lord_Howe", "2026-10-02T13:30:00Z", 3),
  walk("America/Santiago", "2026-04-04T03:00:00Z", 3),
  walk("America/Santiago", "2026-09-05T04:00:00Z", 3),
];

/** Minute by minute, from nothing but what the clocks show: each day's spans opened at the first `from`, closed at the last `to`. */
function plainly({ minutes }: Walk, hours: Hours, calendar: Calendar): readonly boolean[] {
  const open = minutes.map(() => false);
  for (const day of new Set(minutes.map((one) => one.day))) {
    const begin = minutes.findIndex((one) => one.day === day);
    const shown = minutes.filter((one) => one.day === day).map((one) => one.shown);
    for (const { from, to } of intervalsOn(hours, calendar, day)) {
      const first = shown.findIndex((time) => time >= from);
      const last = shown.includes(to) ? shown.lastIndexOf(to) : shown.findLastIndex((time) => time < to) + 1;
      if (first >= 0) for (let index = first; index < last; index++) open[begin + index] = true;
    }
  }
  return open;
}

/** Up to three spans of a day, often at the times that clocks skip or repeat. */
const time = fc.oneof(fc.nat(1440), fc.constantFrom(0, 60, 90, 120, 135, 150, 165, 180, 1380, 1410, 1440));
const intervals = fc
  .uniqueArray(time, { maxLength: 6 })
  .map((times) => times.sort((a, b) => a - b))
  .map((times) =>
    Array.from({ length: Math.floor(times.length / 2) }, (_, index) => ({
      from: times[2 * index] ?? 0,
      to: times[2 * index + 1] ?? 0,
    })),
  );
const week = fc.record(Object.fromEntries(weekdays.map((day) => [day, intervals]))) as fc.Arbitrary<Hours["week"]>;

const cases = fc.constantFrom(...walks).chain((walk) => {
  const day = fc.constantFrom(...new Set(walk.minutes.map((one) => one.day)));
  const kind = fc.record({ kind: fc.constantFrom("holiday" as const, "eve" as const), name: fc.constant({ sv: "", en: "" }) });
  return fc.record({
    walk: fc.constant(walk),
    hours: fc.record({
      id: fc.constant("h"),
      week,
      exceptions: fc.dictionary(day, intervals),
      eves: intervals,
      holidays: intervals,
    }),
    holidays: fc.dictionary(day, kind),
    looks: fc.array(fc.nat(walk.minutes.length - 1), { minLength: 30, maxLength: 30 }),
  });
});

t.test("open is what a plain walk through the minutes finds, and the next change is the first of that walk", async () => {
  fc.assert(
    fc.property(cases, ({ walk, hours, holidays, looks }) => {
      const calendar = { timezone: walk.timezone, holidays };
      const open = plainly(walk, hours, calendar);
      const at = (index: number) => walk.start + index * minute;
      const wrong = open.findIndex((expected, index) => isOpen(hours, calendar, at(index)) !== expected);
      if (wrong >= 0) throw new Error(`at ${new Date(at(wrong)).toISOString()} in ${walk.timezone}: ${open[wrong]} is right`);
      for (const look of looks) {
        const turns = (to: boolean) => open.findIndex((now, index) => index > look && now === to && open[index - 1] !== to);
        for (const [found, index] of [
          [nextOpening(hours, calendar, at(look)), turns(true)],
          [nextClosing(hours, calendar, at(look)), turns(false)],
        ] as const) {
          // Beyond the walk nothing is known.
          if (index >= 0 ? found !== at(index) : found !== undefined && found < at(open.length))
            throw new Error(
              `from ${new Date(at(look)).toISOString()} in ${walk.timezone}: found ${found}, walked to ${at(index)}`,
            );
        }
      }
    }),
    { numRuns: 150 },
  );
});

t.test("between seconds too: open from the very instant, closed from the very instant", async (t) => {
  const office = daily("08:00-16:30");
  const opens = utc("2026-11-24T07:00:00Z");
  t.notOk(isOpen(office, stockholm, opens - 1));
  t.ok(isOpen(office, stockholm, opens));
  t.equal(nextOpening(office, stockholm, opens - 1), opens);
  t.equal(nextOpening(office, stockholm, opens), opens + 24 * hour);
  t.equal(nextClosing(office, stockholm, opens), opens + 8.5 * hour);
  t.notOk(isOpen(office, stockholm, opens + 8.5 * hour));
});

t.test("an opening is found 60 days ahead, no further", async (t) => {
  const closed = daily();
  const at = utc("2026-11-23T12:00:00Z");
  const on = (day: string): Hours => ({ ...closed, exceptions: { [day]: [span("08:00-12:00")] } });
  t.equal(nextOpening(on("2027-01-21"), stockholm, at), utc("2027-01-21T07:00:00Z"));
  t.equal(nextOpening(on("2027-01-22"), stockholm, at), undefined);
});
