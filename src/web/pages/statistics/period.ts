/** Periods of whole days, as YYYY-MM-DD in the city's calendar. Pure: "today" comes in. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const presets = ["thisWeek", "lastWeek", "fourWeeks", "eightWeeks", "own"] as const;
export type Preset = (typeof presets)[number];

const dayMs = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);

/** Today in Stockholm. */
export function today(now: number, timezone = "Europe/Stockholm"): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: timezone, dateStyle: "short" }).format(now);
}

/** The days of a preset. Weeks begin on Monday (ISO 8601); the last weeks include the present one. */
export function periodOf(preset: Exclude<Preset, "own">, day: string): Period {
  const at = Date.parse(`${day}T00:00:00Z`);
  const monday = at - ((new Date(at).getUTCDay() + 6) % 7) * dayMs;
  if (preset === "lastWeek") return { from: iso(monday - 7 * dayMs), to: iso(monday - dayMs) };
  const weeks = { thisWeek: 0, fourWeeks: 3, eightWeeks: 7 }[preset];
  return { from: iso(monday - weeks * 7 * dayMs), to: iso(monday + 6 * dayMs) };
}

/** Both are days that exist, in order. */
export function validPeriod({ from, to }: Period): boolean {
  const exists = (day: string) =>
    /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) && iso(Date.parse(day)) === day;
  return exists(from) && exists(to) && from <= to;
}
