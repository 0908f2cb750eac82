import type { EntryNumber, Group, Key, Language, MenuNode, Plan, Prompt, PromptId, Target } from "../core/plan/plan.ts";
import { isNumbered, numberedPrompts } from "../core/speech/sentences.ts";
import { ladderOf, secondLineOf } from "./build-routing.ts";
import { oneLine, type Texts } from "./languages.ts";
import type { GroupDocument, MenuDocument, PlanDocument, WayDocument } from "./schema.ts";

const defaultWaitSeconds = 6;
const defaultTries = 3;

/** The core's plan out of a document that passed every check; `defaults`: what is said, by language, where the document says nothing. */
export function buildPlan(document: PlanDocument, defaults: ReadonlyMap<Language, Texts>): Plan {
  const [mainLanguage = "sv"] = document.languages;
  const [first, ...others] = document.numbers.map(
    (entry): EntryNumber => ({
      number: entry.number,
      aliases: entry.aliases ?? [],
      name: entry.name,
      greeting: entry.greeting,
      start: targetOf(entry.start),
      language: entry.language ?? mainLanguage,
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
    numbers: [first, ...others],
    nodes: mapRecord(document.menus, menuOf),
    groups: mapRecord(document.groups, (group, id) => groupOf(group, id, document["group-defaults"])),
    prompts,
    districts: document.districts ?? [],
    lastResort: document["last-resort"],
  };
}

function targetOf(way: WayDocument): Target {
  if (way === "repeat") return { to: "repeat" };
  const language = way.language === undefined ? {} : { language: way.language };
  if ("menu" in way) return { to: "node", node: way.menu, ...language };
  const { group, priority, district } = way;
  const asks = { ...(priority === undefined ? {} : { priority }), ...(district === undefined ? {} : { district }) };
  return { to: "group", group, ...language, ...asks };
}

function menuOf(menu: MenuDocument, id: string): MenuNode {
  return {
    id,
    label: menu.label,
    prompt: menu.prompt,
    keys: mapRecord(menu.keys, targetOf) as Partial<Record<Key, Target>>,
    waitMs: (menu["wait-seconds"] ?? defaultWaitSeconds) * 1000,
    tries: menu.tries ?? defaultTries,
    fallback: targetOf(menu.otherwise),
  };
}

function groupOf(group: GroupDocument, id: string, defaults: PlanDocument["group-defaults"]): Group {
  const set = { ...defaults, ...group };
  const secondLine = set["second-line"];
  return {
    id,
    name: group.name,
    board: group.board,
    ringMs: set["ring-seconds"] * 1000,
    wrapUpMs: set["wrap-up-seconds"] * 1000,
    answerTargetMs: set["answer-target-seconds"] * 1000,
    shortAbandonMs: set["short-abandon-seconds"] * 1000,
    fcrTargetPercent: set["first-contact-target-percent"],
    placeEveryMs: set["place-every-seconds"] * 1000,
    ladder: ladderOf(id, set.ladder ?? []),
    preferMs: (set["prefer-seconds"] ?? 0) * 1000,
    ...(secondLine ? { secondLine: secondLineOf(secondLine) } : {}),
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
