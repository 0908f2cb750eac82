import {
  type EntryNumber,
  type Group,
  type Key,
  type MenuNode,
  type Plan,
  type Prompt,
  spokenPlaces,
  type Target,
} from "../core/plan/plan.ts";
import { ladderOf, secondLineOf } from "./build-routing.ts";
import type { GroupDocument, MenuDocument, PlanDocument, WayDocument } from "./schema.ts";

const defaultWaitSeconds = 6;
const defaultTries = 3;

/** The core's plan out of a document that passed every check. */
export function buildPlan(document: PlanDocument): Plan {
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
  if (!first) throw new TypeError("A plan without numbers passed the schema.");
  return {
    id: document.id,
    city: document.city,
    timezone: document.timezone,
    languages: document.languages,
    agentLanguages: document["agent-languages"] ?? document.languages,
    numbers: [first, ...others],
    nodes: mapRecord(document.menus, menuOf),
    groups: mapRecord(document.groups, (group, id) => groupOf(group, id, document["group-defaults"])),
    prompts: promptsOf(document.prompts),
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
