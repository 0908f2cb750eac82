import { parseArgs } from "node:util";
import { KontaktlotsError } from "../core/errors.ts";
import { type Absence, absences } from "../core/events.ts";
import { dialable } from "../core/numbers/allowed.ts";
import type { Plan } from "../core/plan/plan.ts";
import { addDays, clockTime, dayOf } from "../core/time/civil.ts";
import { readOfficers } from "../directory/officers-csv.ts";
import { isSynonyms, readSynonyms } from "../directory/synonyms-csv.ts";
import type { OfficerDirectory, PresentOfficer } from "../store/officer-port.ts";

export const usage = `Use:
  npm run directory -- import FILE.csv        officers, or synonyms, by the columns in its first line
  npm run directory -- list [WORDS]
  npm run directory -- absent ID REASON [UNTIL]
  npm run directory -- back ID
REASON: ${absences.join(", ")}. UNTIL: 14:00, or "2026-11-24 14:00", the city's time.`;

export interface DirectoryCommandDeps {
  readonly officers: OfficerDirectory;
  readonly plan: () => Promise<Pick<Plan, "groups" | "districts" | "timezone" | "callbacks">>;
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly say: (line: string) => void;
}

/**
 * One command about the directory; what it changes is true of the next call.
 *
 * @throws REQUEST_INVALID, NOT_FOUND, DIRECTORY_INVALID, and what the store and the plan throw.
 */
export async function directoryCommand(args: readonly string[], deps: DirectoryCommandDeps): Promise<void> {
  const { officers, say, now } = deps;
  const [command, ...words] = positionalsOf(args);
  const [first, second, ...rest] = words;
  if (command === "list") return list(words.join(" "), deps);
  if (command === "import" && first !== undefined && second === undefined) return bringIn(first, deps);
  if (command === "back" && first !== undefined && second === undefined) {
    await officers.setAbsence(first, undefined);
    return say(`${first} is back.`);
  }
  if (command === "absent" && first !== undefined && second !== undefined) {
    const until = untilOf(rest.join(" "), await deps.plan(), now());
    await officers.setAbsence(first, { reason: reasonOf(second), ...(until === undefined ? {} : { until }) });
    return say(`${first}: ${second}${until === undefined ? "" : ` until ${new Date(until).toISOString()}`}.`);
  }
  throw wrong(command === undefined ? "No command was given." : `"${args.join(" ")}" is no command.`);
}

async function bringIn(path: string, { officers, plan, readFile, say }: DirectoryCommandDeps): Promise<void> {
  const [{ groups, districts, callbacks }, content] = await Promise.all([plan(), readFile(path)]);
  if (isSynonyms(content, path)) {
    const count = await officers.replaceSynonyms(readSynonyms(content, path, districts));
    return say(`${count} synonyms.`);
  }
  const records = readOfficers(content, path, { groups: Object.keys(groups), districts });
  const { added, changed, removed } = await officers.replaceOfficers(records);
  say(`${records.length} officers: ${added.length} new, ${changed.length} changed, ${removed.length} gone.`);
  for (const [what, ids] of [["new", added] as const, ["changed", changed] as const, ["gone", removed] as const])
    if (ids.length > 0) say(`${what.padEnd(8)} ${ids.join(", ")}`);
  const nordicMobiles = callbacks?.nordicMobiles ?? false;
  for (const { id, number } of records)
    if (dialable(number, { nordicMobiles }) === undefined)
      say(`${id}: ${number} may not be rung, so callers are told that nobody answers. Give an ordinary number.`);
}

/** More fit on no screen, and a question may be made narrower. */
const mostFound = 50;

async function list(words: string, { officers, now, say }: DirectoryCommandDeps): Promise<void> {
  const found = words === "" ? await officers.list(now()) : await officers.search(words, mostFound, now());
  if (found.length === 0) say(words === "" ? "The directory is empty." : `Nobody fits "${words}".`);
  for (const officer of found) say(lineOf(officer));
}

function lineOf({ id, name, extension, number, functions, subjects, districts, absence }: PresentOfficer): string {
  const until = absence?.until === undefined ? "" : ` until ${new Date(absence.until).toISOString()}`;
  const about = [functions, subjects, districts].map((all) => all.join(", ")).filter((all) => all !== "");
  return [extension.padEnd(6), id.padEnd(16), name.padEnd(24), number, ...about, absence ? `(${absence.reason}${until})` : ""]
    .join("  ")
    .trimEnd();
}

function reasonOf(word: string): Absence {
  const reason = absences.find((one) => one === word);
  if (reason === undefined) throw wrong(`There is no reason ${word}.`);
  return reason;
}

/** A time alone is the next one to come: of today, or of tomorrow when it has passed. */
function untilOf(text: string, { timezone }: Pick<Plan, "timezone">, now: number): number | undefined {
  if (text === "") return undefined;
  const [, day, hour, minute] = /^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2})[:.](\d{2})$/.exec(text) ?? [];
  const clock = Number(hour) * 60 + Number(minute);
  if (hour === undefined || clock >= 24 * 60 || Number(minute) > 59) throw wrong(`"${text}" is no time.`);
  const on = (date: string | undefined) => (date === undefined ? undefined : clockTime(date, clock, timezone)?.first);
  const today = dayOf(now, timezone);
  const until = day === undefined ? [today, addDays(today, 1)].map(on).find((at) => at !== undefined && at > now) : on(day);
  if (until === undefined) throw wrong(`There is no day ${day}.`);
  if (until <= now) throw wrong(`${text} has passed.`);
  return until;
}

function positionalsOf(args: readonly string[]): string[] {
  try {
    return parseArgs({ args: [...args], allowPositionals: true }).positionals;
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

function wrong(message: string): KontaktlotsError {
  return new KontaktlotsError("REQUEST_INVALID", message, usage);
}
