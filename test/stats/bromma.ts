import { readFileSync } from "node:fs";
import { type Outcome, outcomes } from "../../src/core/facts.ts";
import { addDays, mondayOf, parseDay } from "../../src/core/time/civil.ts";
import { loadPlan } from "../../src/plans/load.ts";
import type { LogEntry } from "../../src/store/event-log.ts";
import { openSqliteLog } from "../../src/store/sqlite/log.ts";
import { Office } from "./office.ts";

/** Bromma's figures of early 2008, played through the ordinary path. */

export const brommaPlanFolder = new URL("../fixtures/plans/bromma", import.meta.url).pathname;
export const brommaGroup = "aldre-funktion";
/** The days of the eight weeks: 2008-W01 begins in 2007. */
export const brommaDays = { from: "2007-12-31", to: "2008-02-24" } as const;

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Eight and three, as the city's decision tells. */
const staff = Array.from({ length: 11 }, (_, i) => `bromma-${i + 1}`);

export interface BrommaWeek {
  readonly week: string;
  readonly offered: number;
  readonly answered: number;
  readonly percent: number;
}

export function brommaWeeks(): readonly BrommaWeek[] {
  const lines = readFileSync(new URL("../fixtures/bromma-2008.csv", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .slice(1);
  return lines.map((line) => {
    const [, week = "", offered, answered, percent] = line.split(",");
    return { week, offered: Number(offered), answered: Number(answered), percent: Number(percent) };
  });
}

/** The log of those weeks: as many calls as the file says, each week's spread over its office hours, Monday to Friday 8.00–16.30. */
export async function brommaEntries(): Promise<readonly LogEntry[]> {
  const plan = await loadPlan(brommaPlanFolder);
  const dialled = plan.numbers[0]?.number ?? "";
  const startOf = (day: string) => parseDay(day, plan.timezone) ?? Number.NaN;
  const office = new Office(plan, staff, startOf(brommaDays.from));
  for (const { week, offered, answered } of brommaWeeks()) {
    const days = Array.from({ length: 5 }, (_, i) => startOf(addDays(mondayOf(week) ?? "", i) ?? ""));
    for (const day of days) office.shift(day + 7.75 * hourMs, day + 17 * hourMs);
    const lost = offered - answered;
    for (let i = 0; i < offered; i += 1) {
      const place = i / offered;
      const day = days[Math.floor(place * 5)] ?? Number.NaN;
      const at = Math.round(day + 8 * hourMs + ((place * 5) % 1) * 8.5 * hourMs);
      // The lost ones are spread evenly: wherever the rounded share of them so far goes up by one.
      const answeredNow = Math.floor(((i + 1) * lost) / offered) === Math.floor((i * lost) / offered);
      office.arrive({
        call: `${week}-${String(i).padStart(3, "0")}`,
        at,
        dialled,
        course: answeredNow
          ? { answered: true, talkMs: minuteMs + (i % 7) * 30_000, outcome: outcomeOf(i) }
          : { answered: false, patienceMs: 6_000 + (i % 12) * 1_000 },
      });
    }
  }
  return office.run();
}

function outcomeOf(i: number): Outcome {
  return outcomes[i % outcomes.length] ?? "answered";
}

/** Puts the Bromma log into a new SQLite file. */
export async function writeBrommaLog(file: string): Promise<void> {
  const { log, reader } = await openSqliteLog({ file });
  log.append(await brommaEntries());
  await log.close();
  await reader.close();
}
