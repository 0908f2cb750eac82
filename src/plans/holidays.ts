import { createRequire } from "node:module";
import type { Calendar } from "../core/hours/hours.ts";
import type { Text } from "../core/plan/plan.ts";

/**
 * Swedish holidays and eves as plain dates, by the package `date-holidays`.
 *
 * Holidays are the red days of lag (1989:253) om allmänna helgdagar, which the package calls `public`, and midsommarafton, julafton
 * and nyårsafton, which semesterlagen (1977:480, 3 a §) puts on a level with Sundays; no law knows the other eves. That short hours
 * are kept on trettondagsafton, skärtorsdagen, valborgsmässoafton and the Friday before Alla helgons dag (allhelgonaafton) is custom
 * among Swedish authorities, so a city may say otherwise. The day before Kristi himmelsfärdsdag and the days between a holiday
 * and a weekend are as any other. Annandag pingst has not been a holiday since 2005. A plain Sunday stands in no list: the week
 * has it.
 */

/** All eves a city may close on, or shorten, by the package's Swedish names. */
const eves: Readonly<Record<string, string>> = {
  trettondagsafton: "Twelfth Night",
  skärtorsdagen: "Maundy Thursday",
  påskafton: "Easter Saturday",
  valborgsmässoafton: "Walpurgis Night",
  pingstafton: "Whitsun Eve",
  midsommarafton: "Midsummer Eve",
  allhelgonaafton: "All Saints' Eve",
  julafton: "Christmas Eve",
  nyårsafton: "New Year's Eve",
};
export const eveNames: readonly string[] = Object.keys(eves);

/** What a city means that does not say otherwise. */
const usual = {
  closed: ["midsommarafton", "julafton", "nyårsafton"],
  short: ["trettondagsafton", "skärtorsdagen", "valborgsmässoafton", "allhelgonaafton"],
};

const yearsBefore = 1;
const yearsAhead = 10;

/** The eves a city closes on, and those it shortens, when they are others than usual; an eve in neither is as any day. */
export interface EveChoice {
  readonly "closed-eves"?: readonly string[];
  readonly "short-eves"?: readonly string[];
}

/** Holidays and eves from the year before `year` to ten years after it. An eve that falls on a holiday is a holiday. */
export function swedishHolidays(choice: EveChoice, year: number): Calendar["holidays"] {
  const closed = new Set(choice["closed-eves"] ?? usual.closed);
  const short = new Set(choice["short-eves"] ?? usual.short);
  const all = knownDays(year - yearsBefore, year + yearsAhead);
  const holidays = all.filter(({ name, red }) => red || closed.has(name.sv)).map((day) => entry(day, "holiday"));
  const shortened = all.filter(({ name }) => short.has(name.sv)).map((day) => entry(day, "eve"));
  // Of what falls on the same day, the last one given here counts.
  return Object.fromEntries([...shortened, ...holidays]);
}

interface KnownDay {
  readonly day: string;
  readonly name: Text;
  readonly red: boolean;
}

function entry({ day, name }: KnownDay, kind: "holiday" | "eve") {
  return [day, { kind, name }] as const;
}

function knownDays(first: number, last: number): readonly KnownDay[] {
  // Loaded only for a plan with holidays: it takes a quarter of a second, and some 50 MB.
  const Holidays = createRequire(import.meta.url)("date-holidays") as typeof import("date-holidays").default;
  const sweden = new Holidays("SE");
  const english = new Map(sweden.getHolidays(last, "en").map(({ rule, name }) => [rule, name]));
  const years = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return years
    .flatMap((year) => sweden.getHolidays(year, "sv"))
    .map(({ date, name, rule, type }) => ({
      day: date.slice(0, 10),
      name: { sv: name, en: eves[name] ?? english.get(rule) ?? name },
      red: type === "public",
    }));
}
