import type { Key, Language, Plan, PromptId } from "../plan/plan.ts";
import { canBeServed } from "../routing/check.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, type Turn } from "../state.ts";
import { enterQueue } from "./queue.ts";
import { say } from "./sound.ts";
import { menuTimer } from "./timers.ts";

/**
 * The way into the queue. A call that nobody in the directory could ever take as it asks is not left waiting for ever:
 *
 *   as it asks ─▶ from any district ─▶ last resort, same language ─▶ another language, asked ──key──▶ in that language
 *                                                                        └── silence ──▶ last resort, main language
 *
 * Each is tried only when nobody would come by the one before, and the log has what became of the call. When nobody would come
 * by any, the call waits as it asks, and the board says what is missing.
 */
export function toQueue(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
  const near = served(core, ask);
  if (near) return queue(core, turn, call, ask, near, before);
  const elsewhere = served(core, { ...ask, group: plan.lastResort });
  if (elsewhere) return queue(core, turn, call, ask, elsewhere, [...before, "other-group"]);
  if (offered(core, plan, ask).length === 0) return enterQueue(core, turn, call, ask, before);
  call.stage = { name: "menu", place: { node: questionNode, language: call.language, tries: 0 }, question: ask };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: questionNode, language: call.language });
  say(turn, call, [...before, ...question(core, plan, ask)]);
}

/** What stands for the question where the log names a menu. */
const questionNode = "no-speaker";
const tries = 3;
/** How long to wait for a key after the question, ms. */
export const questionWaitMs = 6_000;

/** A key while the question stands. */
export function languagePressed(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask, key: Key): void {
  if (call.stage.name !== "menu") return;
  clearTimer(core, turn, menuTimer(call.id));
  const chosen = offered(core, plan, ask).find((choice) => choice.key === key);
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: questionNode, key, valid: chosen !== undefined });
  if (chosen) {
    // Whoever understood the question and chose hears the rest in that language too.
    call.language = chosen.language;
    const other = chosen.ask.group === ask.group ? [] : (["other-group"] as const);
    return queue(core, turn, call, ask, chosen.ask, other, true);
  }
  const { place } = call.stage;
  if (place.tries + 1 >= tries) return languageNotPressed(core, plan, turn, call, ask);
  call.stage = { ...call.stage, place: { ...place, tries: place.tries + 1 } };
  say(turn, call, ["wrong-key", ...question(core, plan, ask)]);
}

/** No key came: somebody is better than nobody. The caller's own prompts stay in the language they had. */
export function languageNotPressed(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask): void {
  const [first] = offered(core, plan, ask);
  const resort = { ...ask, group: plan.lastResort, languages: [first?.language ?? mainLanguage(plan)] };
  queue(core, turn, call, ask, served(core, resort) ?? first?.ask ?? resort, []);
}

export function askLanguageAgain(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask): void {
  say(turn, call, question(core, plan, ask));
}

function queue(core: CoreState, turn: Turn, call: Call, ask: Ask, now: Ask, before: readonly Said[], agreed = false): void {
  if (now !== ask) {
    const { group, languages } = ask;
    const to = { toGroup: now.group, toLanguages: now.languages };
    turn.facts.push({ at: turn.at, type: "call.fallback", call: call.id, group, languages, ...to, agreed });
  }
  enterQueue(core, turn, call, now, before);
}

/** The ask as somebody can take it: as it is, or else from any district; undefined when nobody can. */
function served(core: CoreState, ask: Ask): Ask | undefined {
  if (canBeServed(core.router, ask)) return ask;
  if (ask.district === undefined) return undefined;
  const { district: _, ...anywhere } = ask;
  return canBeServed(core.router, anywhere) ? anywhere : undefined;
}

interface Choice {
  readonly key: Key;
  readonly language: Language;
  readonly prompt: PromptId;
  /** In the group the caller wanted, or else with the last resort. */
  readonly ask: Ask;
}

/** Other languages in which somebody could help: 1 the plan's main one, 2 English. */
function offered(core: CoreState, plan: Plan, ask: Ask): Choice[] {
  const main = mainLanguage(plan);
  const choices: readonly Omit<Choice, "ask">[] = [
    { key: "1", language: main, prompt: "press-main" },
    ...(main === "en" ? [] : [{ key: "2", language: "en", prompt: "press-english" } as const]),
  ];
  return choices.flatMap((choice) => {
    const { language } = choice;
    if (ask.languages.includes(language) || !plan.languages.includes(language)) return [];
    const changed = { ...ask, languages: [language] };
    const found = served(core, changed) ?? served(core, { ...changed, group: plan.lastResort });
    return found ? [{ ...choice, ask: found }] : [];
  });
}

const question = (core: CoreState, plan: Plan, ask: Ask): PromptId[] => [
  "no-speaker",
  ...offered(core, plan, ask).map(({ prompt }) => prompt),
];

const mainLanguage = (plan: Plan): Language => plan.languages[0] ?? "sv";
