import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { intervalsOn } from "../../src/core/hours/hours.ts";
import { isOpen, nextOpening } from "../../src/core/hours/open.ts";
import { addDays } from "../../src/core/time/civil.ts";
import { swedishHolidays } from "../../src/plans/holidays.ts";
import { readPlan } from "../../src/plans/load.ts";

const small = await readFile(join(import.meta.dirname, "small.yaml"), "utf8");

/** By hand, from the almanac: all days that are no ordinary Monday to Sunday. H: closed; E: short hours. */
const almanac: Readonly<Record<string, string>> = {
  "2026-01-01": "H nyårsdagen", // Thursday
  "2026-01-05": "E trettondagsafton", // Monday
  "2026-01-06": "H trettondedag jul", // Tuesday
  "2026-04-02": "E skärtorsdagen", // Thursday
  "2026-04-03": "H långfredagen", // Friday
  "2026-04-05": "H påskdagen", // Sunday
  "2026-04-06": "H annandag påsk", // Monday
  "2026-04-30": "E valborgsmässoafton", // Thursday
  "2026-05-01": "H första maj", // Friday
  "2026-05-14": "H Kristi himmelsfärdsdag", // Thursday
  "2026-05-24": "H pingstdagen", // Sunday
  "2026-06-06": "H nationaldagen", // Saturday
  "2026-06-19": "H midsommarafton", // Friday
  "2026-06-20": "H midsommardagen", // Saturday
  "2026-10-30": "E allhelgonaafton", // Friday
  "2026-10-31": "H alla helgons dag", // Saturday
  "2026-12-24": "H julafton", // Thursday
  "2026-12-25": "H juldagen", // Friday
  "2026-12-26": "H annandag jul", // Saturday
  "2026-12-31": "H nyårsafton", // Thursday
  "2027-01-01": "H nyårsdagen", // Friday
  "2027-01-05": "E trettondagsafton", // Tuesday
  "2027-01-06": "H trettondedag jul", // Wednesday
  "2027-03-25": "E skärtorsdagen", // Thursday
  "2027-03-26": "H långfredagen", // Friday
  "2027-03-28": "H påskdagen", // Sunday, and the night of summer time
  "2027-03-29": "H annandag påsk", // Monday
  "2027-04-30": "E valborgsmässoafton", // Friday
  "2027-05-01": "H första maj", // Saturday
  "2027-05-06": "H Kristi himmelsfärdsdag", // Thursday
  "2027-05-16": "H pingstdagen", // Sunday
  "2027-06-06": "H nationaldagen", // Sunday
  "2027-06-25": "H midsommarafton", // Friday
  "2027-06-26": "H midsommardagen", // Saturday
  "2027-11-05": "E allhelgonaafton", // Friday
  "2027-11-06": "H alla helgons dag", // Saturday
  "2027-12-24": "H julafton", // Friday
  "2027-12-25": "H juldagen", // Saturday
  "2027-12-26": "H annandag jul", // Sunday
  "2027-12-31": "H nyårsafton", // Friday
};

/** First and last day of summer time, by hand. */
const summers = [
  ["2026-03-29", "2026-10-24"],
  ["2027-03-28", "2027-10-30"],
] as const;

const section = `hours:
  kontor: { days: { mon-fri: "08:00-16:30" }, eves: "08:00-12:00", holidays: closed, exceptions: { "2026-12-23": "08:00-12:00", "2027-01-04": closed, "2027-05-07": closed } }
  varje-dag: { days: { mon-sun: "10:00-14:00" }, eves: "10:00-12:00", holidays: "11:00-12:00" }
  dygnet-runt: always
holidays: { country: SE }
`;
const { plan, warnings } = readPlan(
  "plan.yaml",
  small.replace("menus:", () => `${section}menus:`),
  [],
  2026,
);
const { kontor, "varje-dag": daily, "dygnet-runt": always } = plan.hours;
if (!kontor || !daily || !always) throw new Error("The plan lacks its hours.");

/** All days of 2026 and 2027 with their weekdays, 0 for Sunday; counted here by the Gregorian calendar alone. */
const days: readonly (readonly [day: string, weekday: number])[] = [2026, 2027].flatMap((year) =>
  Array.from({ length: 365 }, (_, index) => {
    const date = new Date(Date.UTC(year, 0, 1 + index));
    return [date.toISOString().slice(0, 10), date.getUTCDay()] as const;
  }),
);

/** The instant of a clock time in Stockholm, by the table of summers. */
function stockholm(day: string, time: string): number {
  const summer = summers.some(([first, last]) => first <= day && day <= last);
  return Date.parse(`${day}T${time}:00+0${summer ? 2 : 1}:00`);
}

t.test("two years of holidays and eves, day by day, are those of the almanac", async (t) => {
  t.strictSame(warnings, []);
  const found = days.flatMap(([day]) => {
    const known = plan.calendar.holidays[day];
    return known ? [[day, `${known.kind === "eve" ? "E" : "H"} ${known.name.sv}`]] : [];
  });
  t.strictSame(Object.fromEntries(found), almanac);
  for (const { name } of Object.values(plan.calendar.holidays)) t.ok(name.en !== name.sv && name.en !== "Halloween", name.en);
});

t.test("an office, day by day for two years: open on weekdays, short on eves, closed on holidays and by date", async (t) => {
  const exceptions: Record<string, string> = { "2026-12-23": "12:00", "2027-01-04": "", "2027-05-07": "" };
  const wrong: string[] = [];
  for (const [day, weekday] of days) {
    const kind = almanac[day]?.[0];
    const usual = weekday === 0 || weekday === 6 || kind === "H" ? "" : kind === "E" ? "12:00" : "16:30";
    const closes = exceptions[day] ?? usual;
    for (const time of ["00:00", "07:59", "08:00", "11:59", "12:00", "16:29", "16:30", "23:59"])
      if (isOpen(kontor, plan.calendar, stockholm(day, time)) !== (time >= "08:00" && time < closes))
        wrong.push(`${day} ${time}`);
    // Whoever rings at seven on a closed day, or after closing, hears when it opens next.
    const next = nextOpening(kontor, plan.calendar, stockholm(day, "07:00"));
    if (closes !== "" && next !== stockholm(day, "08:00")) wrong.push(`${day} opens`);
  }
  t.strictSame(wrong, []);
  t.equal(nextOpening(kontor, plan.calendar, stockholm("2026-12-23", "12:00")), stockholm("2026-12-28", "08:00"), "Christmas");
  t.equal(nextOpening(kontor, plan.calendar, stockholm("2026-12-30", "16:30")), stockholm("2027-01-05", "08:00"), "New Year");
  t.equal(nextOpening(kontor, plan.calendar, stockholm("2027-03-25", "12:00")), stockholm("2027-03-30", "08:00"), "Easter");
  t.equal(nextOpening(kontor, plan.calendar, stockholm("2026-06-18", "17:00")), stockholm("2026-06-22", "08:00"), "Midsummer");
});

t.test("hours of every day keep Sundays, holidays and eves apart; round the clock is every day", async (t) => {
  const ten = { from: 600, to: 840 };
  for (const [day] of days) {
    const expected = { H: { from: 660, to: 720 }, E: { from: 600, to: 720 } }[almanac[day]?.[0] ?? ""] ?? ten;
    t.strictSame(intervalsOn(daily, plan.calendar, day), [expected], day);
    t.strictSame(intervalsOn(always, plan.calendar, day), [{ from: 0, to: 1440 }], day);
  }
});

/** By hand, from the almanac. */
const easters =
  "2025-04-20 2026-04-05 2027-03-28 2028-04-16 2029-04-01 2030-04-21 2031-04-13 2032-03-28 2033-04-17 2034-04-09 2035-03-25 2036-04-13";

t.test("the years from last year to ten ahead are known, with all that moves", async (t) => {
  const { holidays } = plan.calendar;
  const named = (name: string) => Object.entries(holidays).flatMap(([day, known]) => (known.name.sv === name ? [day] : []));
  t.strictSame(named("påskdagen").sort(), easters.split(" "));
  for (const easter of easters.split(" ")) {
    for (const [days, name] of [
      [-3, "skärtorsdagen"],
      [-2, "långfredagen"],
      [1, "annandag påsk"],
      [39, "Kristi himmelsfärdsdag"],
      [49, "pingstdagen"],
    ] as const)
      t.equal(holidays[addDays(easter, days) ?? ""]?.name.sv, name, `${easter} ${days}`);
  }
  // Saturdays between 20 and 26 June, and between 31 October and 6 November, with the days before them.
  for (const [first, name, eve] of [
    ["06-20", "midsommardagen", "midsommarafton"],
    ["10-31", "alla helgons dag", "allhelgonaafton"],
  ] as const) {
    const found = named(name);
    t.equal(found.length, 12, name);
    for (const day of found) {
      const begin = `${day.slice(0, 4)}-${first}`;
      t.ok(begin <= day && day <= (addDays(begin, 6) ?? "") && new Date(day).getUTCDay() === 6, day);
      t.equal(holidays[addDays(day, -1) ?? ""]?.name.sv, eve, day);
    }
  }
  t.equal(Object.keys(holidays).filter((day) => day < "2025" || day >= "2037").length, 0);
});

t.test("a city chooses its eves: those it closes on, those it shortens; an eve on a holiday is a holiday", async (t) => {
  const chosen = swedishHolidays(
    { "closed-eves": ["julafton", "skärtorsdagen"], "short-eves": ["nyårsafton", "påskafton"] },
    2026,
  );
  const kind = (day: string) => chosen[day]?.kind;
  t.strictSame(["2026-12-24", "2026-04-02", "2026-12-31", "2026-04-04"].map(kind), ["holiday", "holiday", "eve", "eve"]);
  t.strictSame(["2026-06-19", "2026-01-05", "2026-04-30", "2026-10-30", "2026-05-23"].map(kind), Array(5).fill(undefined));
  const closed = swedishHolidays({ "closed-eves": ["valborgsmässoafton"] }, 2026);
  t.equal(closed["2026-04-30"]?.kind, "holiday", "closed, though short is usual");
  t.equal(closed["2026-12-24"], undefined, "what a city names takes the place of the usual");
});

t.test("a shortened eve opens no Saturday or Sunday", async (t) => {
  // Trettondagsafton of 2030 is a Saturday, valborgsmässoafton of 2028 a Sunday.
  for (const day of ["2030-01-05", "2028-04-30"]) {
    t.equal(plan.calendar.holidays[day]?.kind, "eve", day);
    t.strictSame(intervalsOn(kontor, plan.calendar, day), [], day);
  }
});
