import { type CallbackRules, type EntryNumber, type Group, type Plan, type Prompt, spokenPlaces } from "../core/plan/plan.ts";
import { calendarOf, hoursOf } from "./build-hours.ts";
import { ladderOf, secondLineOf } from "./build-routing.ts";
import { nodesOf, targetOf } from "./build-steps.ts";
import type { GroupDocument, PlanDocument } from "./schema.ts";

/** The core's plan out of a document that passed every check; its holidays are those around `year`. */
export function buildPlan(document: PlanDocument, year: number): Plan {
  const [mainLanguage = "sv"] = document.languages;
  const [first, ...others] = document.numbers.map(
    (entry): EntryNumber => ({
      number: entry.number,
      aliases: entry.aliases ?? [],
      name: entry.name,
      greeting: entry.greeting,
      start: targetOf(entry.start),
      language: entry.language ?? mainLanguage,
      ...(entry.closed === undefined ? {} : { closed: targetOf(entry.closed) }),
      ...(entry.hours === undefined ? {} : { hours: entry.hours }),
    }),
  );
  if (!first) throw new TypeError("A plan without numbers passed the schema.");
  return {
    id: document.id,
    city: document.city,
    timezone: document.timezone,
    languages: document.languages,
    spoken: document.languages,
    numbers: [first, ...others],
    nodes: nodesOf(document),
    groups: mapRecord(document.groups, (group, id) => groupOf(group, id, document["group-defaults"])),
    prompts: promptsOf(document.prompts),
    districts: document.districts ?? [],
    hours: mapRecord(document.hours ?? {}, hoursOf),
    calendar: calendarOf(document.timezone, document.holidays, year),
    lastResort: document["last-resort"],
    ...(document["on-duty"] === undefined ? {} : { onDuty: document["on-duty"] }),
    ...(document.postcodes === undefined ? {} : { postcodes: document.postcodes }),
    ...(document["district-numbers"] === undefined ? {} : { districtNumbers: document["district-numbers"] }),
    ...(document.interpreters === undefined ? {} : { interpreters: document.interpreters }),
    ...(document.callbacks === undefined ? {} : { callbacks: callbacksOf(document.callbacks) }),
    ...(document["direct-numbers"] === undefined ? {} : { direct: document["direct-numbers"].map(directOf) }),
    ...(document.admission === undefined
      ? {}
      : { admission: { ...document.admission, next: targetOf(document.admission.next) } }),
  };
}

const directOf = ({ step, ...row }: { readonly first: string; readonly last: string; readonly step: string }) => ({
  ...row,
  node: step,
});

function groupOf(group: GroupDocument, id: string, defaults: PlanDocument["group-defaults"]): Group {
  const set = { ...defaults, ...group };
  const secondLine = set["second-line"];
  return {
    id,
    name: group.name,
    board: group.board,
    ...(group.email === undefined ? {} : { email: group.email }),
    ringMs: set["ring-seconds"] * 1000,
    wrapUpMs: set["wrap-up-seconds"] * 1000,
    answerTargetMs: set["answer-target-seconds"] * 1000,
    shortAbandonMs: set["short-abandon-seconds"] * 1000,
    fcrTargetPercent: set["first-contact-target-percent"],
    placeEveryMs: set["place-every-seconds"] * 1000,
    ladder: ladderOf(id, set.ladder ?? []),
    preferMs: (set["prefer-seconds"] ?? 0) * 1000,
    ...(secondLine ? { secondLine: secondLineOf(secondLine) } : {}),
    ...(set.hours === undefined ? {} : { hours: set.hours }),
    ...(set.closed === undefined ? {} : { closed: targetOf(set.closed) }),
    ...(set.full === undefined ? {} : { full: { waiting: set.full.waiting, next: targetOf(set.full.next) } }),
    ...(set["waiting-menu"] === undefined ? {} : { waitingMenu: set["waiting-menu"] }),
    ...(set.survey === undefined ? {} : { survey: set.survey }),
  };
}

function callbacksOf(rules: NonNullable<PlanDocument["callbacks"]>): CallbackRules {
  return {
    attempts: rules.attempts,
    retryMs: rules["retry-minutes"] * 60_000,
    ringMs: rules["ring-seconds"] * 1000,
    nordicMobiles: rules["nordic-mobiles"],
  };
}

/** The prompts without the line breaks of their layout, with `place-2` … `place-20` in place of `place-n`. */
function promptsOf({ "place-n": placeN = {}, ...prompts }: PlanDocument["prompts"]): Record<string, Prompt> {
  const places = Array.from({ length: spokenPlaces - 1 }, (_, index): [string, Prompt] => {
    const place = index + 2;
    return [`place-${place}`, mapRecord(placeN, (text) => oneLine(text).replaceAll("{n}", String(place)))];
  });
  return { ...mapRecord(prompts, (texts) => mapRecord(texts, oneLine)), ...Object.fromEntries(places) };
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

function mapRecord<T, U>(record: Readonly<Record<string, T>>, map: (value: T, id: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([id, value]) => [id, map(value, id)]));
}
