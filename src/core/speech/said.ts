import { type Language, type PromptId, spokenPlaces } from "../plan/plan.ts";

/**
 * What is said: prompts, and values between them. A value is spoken by a few of a finite set of clips, each a prompt like all others,
 * with a text in every language; what comes together in one clip is chosen so that each language can write it by its own grammar.
 */
export type Said =
  | PromptId
  /** A prompt in another language than the call's: a choice of languages is said in each of them. */
  | { readonly prompt: PromptId; readonly language: Language }
  /** A time of day, minutes after midnight on the clock on the wall. */
  | { readonly clock: number }
  /** A day as "2026-11-24", said by its distance from `today`. */
  | { readonly day: string; readonly today: string }
  /** How long the wait will be. Nothing is said when the range is too wide to be more than a guess. */
  | { readonly waitMinutes: { readonly from: number; readonly to: number } }
  /** A number key by key: a telephone number, a matter's number. What is no digit is left out. */
  | { readonly digits: string }
  /** A place in the queue, from 1. */
  | { readonly place: number };

/** The prompts that say it, in the order in which they are heard. Never throws: what cannot be said is silence. */
export function clipsOf(said: Said): readonly PromptId[] {
  if (typeof said === "string") return [said];
  if ("prompt" in said) return [`${said.language}${languageMark}${said.prompt}`];
  if ("clock" in said) return clockClips(said.clock);
  if ("day" in said) return dayClips(said.day, said.today);
  if ("waitMinutes" in said) return waitClips(said.waitMinutes.from, said.waitMinutes.to);
  if ("digits" in said) return digitClips(said.digits);
  return [placeClip(said.place)];
}

const languageMark = ":";

/** A prompt's own id, and the language it is asked in when that is not the call's: "fi:language-choice-3". */
export function splitPrompt(id: PromptId): { readonly prompt: PromptId; readonly language?: Language } {
  const at = id.indexOf(languageMark);
  return at < 0 ? { prompt: id } : { prompt: id.slice(at + 1), language: id.slice(0, at) };
}

/** Times are said in steps of so many minutes. */
const clockStep = 5;
const minutesOfDay = 24 * 60;

/**
 * The hour with its minutes, in steps of five, rounded up: who is told when somebody is back, or the lines open, and rings then, must
 * not be too early. Only the last minutes of a day are rounded down, since midnight is the next day's.
 *
 * A full hour is one clip (`clock-14`: "klockan fjorton"). Other times are the hour as it sounds before minutes, and the minutes
 * (`hour-14`, `minute-30`): where the part of the day is said, it comes first ("in the afternoon, at two | thirty").
 */
function clockClips(clock: number): PromptId[] {
  if (!Number.isFinite(clock)) return [];
  const latest = minutesOfDay - clockStep;
  const time = Math.min(Math.max(Math.ceil(clock / clockStep) * clockStep, 0), latest);
  const hour = Math.floor(time / 60);
  const minute = time % 60;
  return minute === 0 ? [`clock-${hour}`] : [`hour-${hour}`, `minute-${minute}`];
}

const dayMs = 86_400_000;

/** "today", "tomorrow", a weekday up to six days ahead (`weekday-1` is Monday, ISO 8601), else day of the month and month. */
function dayClips(day: string, today: string): PromptId[] {
  const date = parseDay(day);
  const from = parseDay(today);
  if (!date || !from) return [];
  const ahead = Math.round((date.getTime() - from.getTime()) / dayMs);
  if (ahead === 0) return ["day-today"];
  if (ahead === 1) return ["day-tomorrow"];
  if (ahead > 1 && ahead < 7) return [`weekday-${date.getUTCDay() || 7}`];
  return [`date-${date.getUTCDate()}`, `month-${date.getUTCMonth() + 1}`];
}

/** A day that is in the calendar; undefined for "2026-02-30" and everything else. */
function parseDay(day: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const date = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== day ? undefined : date;
}

/** The ranges of minutes that are spoken. They overlap, so that an estimate across an edge has one as well. */
const waitRungs: readonly (readonly [from: number, to: number])[] = [
  [0, 1],
  [1, 2],
  [2, 5],
  [1, 5],
  [5, 10],
  [2, 10],
  [10, 15],
  [5, 15],
  [15, 30],
  [10, 30],
  [30, 60],
  [15, 60],
];
const overAnHour = "wait-over-60";

/** The narrowest range that holds the whole estimate; nothing when none does, for then it would be a guess. */
function waitClips(from: number, to: number): PromptId[] {
  if (!(from >= 0 && to >= from)) return [];
  if (from >= 60) return [overAnHour];
  const holds = waitRungs.filter(([least, most]) => least <= from && to <= most);
  const [narrowest] = holds.toSorted((a, b) => a[1] - a[0] - (b[1] - b[0]));
  return narrowest ? [waitClip(narrowest)] : [];
}

const waitClip = ([from, to]: readonly [number, number]): PromptId => `wait-${from}-${to}`;

/** No number that is read out is longer; 3,000 keys are no number. */
const mostDigits = 32;

function digitClips(digits: string): PromptId[] {
  return [...digits.replaceAll(/[^0-9]/g, "").slice(0, mostDigits)].map((digit) => `digit-${digit}`);
}

function placeClip(place: number): PromptId {
  if (place <= 1) return "place-first";
  return place <= spokenPlaces ? `place-${Math.ceil(place)}` : "place-many";
}

const count = (from: number, to: number, step = 1) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Every clip that says a value, by kind: what every language has besides its sentences. */
export const clips = {
  clock: count(0, 23).map((hour) => `clock-${hour}`),
  hour: count(0, 23).map((hour) => `hour-${hour}`),
  minute: count(clockStep, 55, clockStep).map((minute) => `minute-${minute}`),
  day: ["day-today", "day-tomorrow"],
  weekday: count(1, 7).map((day) => `weekday-${day}`),
  date: count(1, 31).map((day) => `date-${day}`),
  month: count(1, 12).map((month) => `month-${month}`),
  digit: count(0, 9).map((digit) => `digit-${digit}`),
  wait: [...waitRungs.map(waitClip), overAnHour],
} as const satisfies Readonly<Record<string, readonly PromptId[]>>;

/** The clips that stand right beside others in a sentence: spoken without the quiet before a prompt. */
export function isClip(prompt: PromptId): boolean {
  return /^(clock|hour|minute|day|weekday|date|month|digit)-/.test(prompt);
}
