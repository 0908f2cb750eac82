import fc from "fast-check";
import t from "tap";
import {
  addDays,
  clockTime,
  dayOf,
  mondayOf,
  parseDay,
  startOfDay,
  weekdayOf,
  weekOf,
  weekOfDay,
} from "../../../src/core/time/civil.ts";

const stockholm = "Europe/Stockholm";
const utc = Date.parse;
const hour = 3_600_000;

t.test("weeks and days are the city's own", async (t) => {
  const cases = [
    // Monday 31 December 2007, midnight in Stockholm, is an hour earlier in UTC; one ms before is still the old week.
    ["2007-12-30T23:00:00Z", "2007-12-31", "2008-W01"],
    ["2007-12-30T22:59:59.999Z", "2007-12-30", "2007-W52"],
    ["2008-02-24T22:59:59Z", "2008-02-24", "2008-W08"],
    // Summer time: midnight is two hours earlier in UTC.
    ["2026-06-30T22:00:00Z", "2026-07-01", "2026-W27"],
    ["2026-06-30T21:59:59Z", "2026-06-30", "2026-W27"],
    // Years of 53 weeks, and first days that belong to the old year.
    ["2026-12-31T12:00:00Z", "2026-12-31", "2026-W53"],
    ["2027-01-03T12:00:00Z", "2027-01-03", "2026-W53"],
    ["2027-01-04T12:00:00Z", "2027-01-04", "2027-W01"],
    ["2021-01-01T12:00:00Z", "2021-01-01", "2020-W53"],
    ["2024-12-30T12:00:00Z", "2024-12-30", "2025-W01"],
    ["1969-12-31T22:59:59Z", "1969-12-31", "1970-W01"],
  ] as const;
  for (const [at, day, week] of cases) {
    t.equal(dayOf(utc(at), stockholm), day, at);
    t.equal(weekOf(utc(at), stockholm), week, at);
    t.equal(weekOfDay(day), week, day);
  }
});

t.test("the day the clocks change is 23 or 25 hours long", async (t) => {
  const length = (day: string) => (parseDay(addDays(day, 1) ?? "", stockholm) ?? 0) - (parseDay(day, stockholm) ?? 0);
  t.equal(length("2026-03-28"), 24 * hour);
  t.equal(length("2026-03-29"), 23 * hour);
  t.equal(length("2026-10-25"), 25 * hour);
  t.equal(length("2008-03-30"), 23 * hour);
  t.equal(startOfDay(utc("2026-10-25T23:30:00Z"), stockholm), utc("2026-10-25T23:00:00Z"));
});

t.test("a place whose clocks skip midnight begins its day an hour late", async (t) => {
  t.equal(startOfDay(utc("2025-09-07T15:00:00Z"), "America/Santiago"), utc("2025-09-07T04:00:00Z"), "clocks went from 0 to 1");
  t.equal(startOfDay(utc("2026-04-05T15:00:00Z"), "America/Santiago"), utc("2026-04-05T04:00:00Z"), "clocks went from 0 to 23");
});

t.test("a clock time is an instant; one that comes twice is two, one that never comes is the first after it", async (t) => {
  const at = (day: string, minute: number, zone: string) => {
    const { first, last } = clockTime(day, minute, zone) ?? { first: 0, last: 0 };
    return [first, last].map((instant) => new Date(instant).toISOString().slice(0, 16));
  };
  const once = (instant: string) => [instant, instant];
  t.strictSame(at("2026-11-23", 8 * 60, stockholm), once("2026-11-23T07:00"));
  t.strictSame(at("2026-07-01", 1440, stockholm), once("2026-07-01T22:00"));
  t.strictSame(at("2026-03-29", 119, stockholm), once("2026-03-29T00:59"));
  t.strictSame(at("2026-03-29", 120, stockholm), once("2026-03-29T01:00"));
  t.strictSame(at("2026-03-29", 150, stockholm), once("2026-03-29T01:00"));
  t.strictSame(at("2026-03-29", 180, stockholm), once("2026-03-29T01:00"));
  t.strictSame(at("2026-10-25", 119, stockholm), once("2026-10-24T23:59"));
  t.strictSame(at("2026-10-25", 150, stockholm), ["2026-10-25T00:30", "2026-10-25T01:30"]);
  t.strictSame(at("2026-10-25", 180, stockholm), once("2026-10-25T02:00"));
  // By half an hour only, and at midnight.
  t.strictSame(at("2026-04-05", 105, "Australia/Lord_Howe"), ["2026-04-04T14:45", "2026-04-04T15:15"]);
  t.strictSame(at("2026-09-06", 30, "America/Santiago"), once("2026-09-06T04:00"));
  t.equal(clockTime("2026-02-29", 0, stockholm), undefined);
});

t.test("what is no day or week is none", async (t) => {
  for (const day of ["2026-02-29", "2026-13-01", "2026-1-1", "", "x", "2026-01-01T00:00"]) {
    t.equal(parseDay(day, stockholm), undefined, day);
    t.equal(addDays(day, 1), undefined, day);
    t.equal(weekOfDay(day), undefined, day);
    t.equal(weekdayOf(day), undefined, day);
  }
  for (const week of ["2025-W53", "2026-W00", "2026-W54", "2026-W5", "2026-05", ""]) t.equal(mondayOf(week), undefined, week);
  t.equal(mondayOf("2008-W01"), "2007-12-31");
  t.equal(mondayOf("2026-W53"), "2026-12-28");
  t.equal(addDays("2008-02-28", 2), "2008-03-01");
  t.equal(addDays("2008-01-01", -1), "2007-12-31");
  t.equal(weekdayOf("2026-11-23"), 0);
  t.equal(weekdayOf("2026-11-29"), 6);
});

t.test("every instant lies in its day, whatever the place", async () => {
  const zone = fc.constantFrom(stockholm, "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago");
  const instant = fc.integer({ min: utc("1980-01-01T00:00:00Z"), max: utc("2036-01-01T00:00:00Z") });
  fc.assert(
    fc.property(instant, zone, (at, zone) => {
      const day = dayOf(at, zone);
      const start = startOfDay(at, zone);
      const next = parseDay(addDays(day, 1) ?? "", zone) ?? 0;
      const monday = parseDay(mondayOf(weekOf(at, zone)) ?? "", zone) ?? 0;
      return (
        start <= at &&
        at < next &&
        parseDay(day, zone) === start &&
        dayOf(start, zone) === day &&
        dayOf(start - 1, zone) !== day &&
        new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" }).format(at) === day &&
        monday <= at &&
        at - monday < 7 * 24 * hour + hour
      );
    }),
    { numRuns: 2000 },
  );
});
