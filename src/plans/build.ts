import type { BusySpeakers, CallbackRules, EntryNumber, Group, Language, Plan, Prompt, PromptId } from "../core/plan/plan.ts";
import { isNumbered, numberedPrompts } from "../core/speech/sentences.ts";
import { calendarOf, hoursOf } from "./build-hours.ts";
import { ladderOf, secondLineOf } from "./build-routing.ts";
import { nodesOf, targetOf } from "./build-steps.ts";
import { oneLine, type Texts } from "./languages.ts";
import type { GroupDocument, PlanDocument } from "./schema.ts";

/**
 * The core's plan out of a document that passed every check. `defaults`: what is said, by language, where the document says nothing;
 * its holidays are those around `year`.
 */
export function buildPlan(document: PlanDocument, defaults: ReadonlyMap<Language, Texts>, year: number): Plan {
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
      ...(entry.admission === undefined ? {} : { admission: entry.admission }),
    }),
  );
  const prompts = promptsOf(document, defaults);
  if (!first) throw new TypeError("A plan without numbers passed the schema.");
  return {
    id: document.id,
    city: document.city,
    timezone: document.timezone,
    languages: document.languages,
    spoken: document.languages.filter((language) => Object.values(prompts).every((texts) => Object.hasOwn(texts, language))),
    agentLanguages: document["agent-languages"] ?? document.languages,
    numbers: [first, ...others],
    nodes: nodesOf(document),
    groups: mapRecord(document.groups, (group, id) => groupOf(group, id, document["group-defaults"])),
    prompts,
    districts: document.districts ?? [],
    hours: mapRecord(document.hours ?? {}, hoursOf),
    calendar: calendarOf(document.timezone, document.holidays, year),
    lastResort: document["last-resort"],
    ...(document["on-duty"] === undefined ? {} : { onDuty: document["on-duty"] }),
    ...(document.postcodes === undefined ? {} : { postcodes: document.postcodes }),
    ...(document["district-numbers"] === undefined ? {} : { districtNumbers: document["district-numbers"] }),
    ...(document.interpreters === undefined ? {} : { interpreters: document.interpreters }),
    ...(document.callbacks === undefined ? {} : { callbacks: callbacksOf(document.callbacks) }),
    ...(document["remember-callers-days"] === undefined
      ? {}
      : { rememberCallersMs: document["remember-callers-days"] * 86_400_000 }),
    busySpeakers: busySpeakersOf(document["busy-speakers"]),
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

/** Long enough for the greeting, the place, and the first steps of a usual ladder. */
const askAfterSeconds = 15;
const askAgainSeconds = 180;

function busySpeakersOf(rules: PlanDocument["busy-speakers"]): BusySpeakers {
  return {
    askAfterMs: (rules?.["ask-after-seconds"] ?? askAfterSeconds) * 1000,
    askAgainMs: (rules?.["ask-again-seconds"] ?? askAgainSeconds) * 1000,
  };
}

/** All prompts, without the line breaks of their layout, with `place-2` … `place-20` in place of `place-n`. */
function promptsOf({ languages, prompts: own = {} }: PlanDocument, defaults: ReadonlyMap<Language, Texts>): Plan["prompts"] {
  const prompts: Record<PromptId, Record<Language, string>> = {};
  const add = (id: PromptId, language: Language, text: string): void => {
    prompts[id] = { ...prompts[id], [language]: text };
  };
  const say = (id: PromptId, language: Language, text: string): void => {
    if (!isNumbered(id)) add(id, language, text);
    else for (const { prompt, n } of numberedPrompts(id)) add(prompt, language, text.replaceAll("{n}", String(n)));
  };
  for (const language of languages)
    for (const [id, text] of Object.entries(defaults.get(language) ?? {})) say(id, language, text);
  for (const [id, texts] of Object.entries(own))
    for (const [language, text] of Object.entries(texts)) say(id, language, oneLine(text));
  return prompts satisfies Record<PromptId, Prompt>;
}

function mapRecord<T, U>(record: Readonly<Record<string, T>>, map: (value: T, id: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([id, value]) => [id, map(value, id)]));
}
