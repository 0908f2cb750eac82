import { takeTurn } from "../callback/rest.ts";
import type { Key, Language, Plan, PromptId } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, type Turn } from "../state.ts";
import { type Choice, choicesOf, mainLanguage, served, whenNobodySpeaks } from "./choices.ts";
import { changeQueue, enterQueue } from "./queue.ts";
import { say } from "./sound.ts";
import { menuTimer } from "./timers.ts";
import { dropQuestion, leaveQueue, movePlace, waitsNoMore } from "./waiting.ts";

/**
 * The way into the queue, and out of one that nobody answers any more. A call that nobody in the directory could ever take as it
 * asks is not left waiting for ever:
 *
 *   as it asks ─▶ from any district ─▶ last resort, same language ─▶ another language, asked ──key──▶ in that language
 *                                                                        └── silence ──▶ last resort, main language
 *
 * Each is tried only when nobody would come by the one before, and the log has what became of the call. When nobody would come
 * by any, the call waits as it asks, and the board says what is missing.
 *
 * A call that waits already when the directory loses the last who could take it goes the same way (`leadOn`), with its waiting time.
 */
export function toQueue(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
  const unasked = servedUnasked(core, plan, ask);
  if (unasked) return queue(core, turn, call, ask, unasked.ask, [...before, ...unasked.say]);
  if (offered(core, plan, ask).length === 0) return queue(core, turn, call, ask, ask, before);
  call.stage = { name: "menu", place: { node: questionNode, language: call.language, tries: 0 }, question: ask };
  askLanguage(core, plan, turn, call, ask, before);
}

/** The directory has changed: every call that waits is looked at, in order of arrival. */
export function leadAllOn(core: CoreState, plan: Plan, turn: Turn): void {
  const waiting = [...core.router.places.values()].map((place) => place.waiting).sort((a, b) => a.order - b.order);
  for (const { id } of waiting) {
    const call = core.calls.get(id);
    if (call) leadOn(core, plan, turn, call);
  }
}

/** A call that waits and that nobody could take any more is led on; nothing happens to one that somebody could. */
export function leadOn(core: CoreState, plan: Plan, turn: Turn, call: Call): void {
  if (turn.settling || !call.queued || call.stage.name !== "queue" || call.offer || call.callerGone) return;
  const { ask } = call.queued;
  const unasked = servedUnasked(core, plan, ask);
  if (call.callback) return leadBackOn(core, plan, turn, call, ask, unasked?.ask);
  if (unasked && unasked.ask !== ask) return queue(core, turn, call, ask, unasked.ask, unasked.say);
  const { question: asked } = call.stage;
  if (unasked || offered(core, plan, ask).length === 0) return asked?.busy ? undefined : dropQuestion(core, turn, call);
  if (asked && !asked.busy) return;
  clearTimer(core, turn, menuTimer(call.id));
  call.stage = { name: "queue", question: { tries: 0 } };
  askLanguage(core, plan, turn, call, ask, []);
}

/**
 * The same of a callback: nobody is on the line who could be told, or asked for another language. It is promised all the same, and so
 * an agent of another language rings: with an interpreter of the citizen's where there is one.
 */
function leadBackOn(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask, unasked: Ask | undefined): void {
  const choices = unasked ? [] : offered(core, plan, ask);
  const other = choices.find(({ interpreter }) => interpreter !== undefined) ?? choices[0];
  const now = unasked ?? other?.ask ?? ask;
  if (now === ask) return;
  delete call.interpreter;
  if (other?.interpreter !== undefined) call.interpreter = other.interpreter;
  tellFallback(turn, call, ask, now, false, other?.interpreter);
  waitsNoMore(core, turn, call);
  leaveQueue(core, turn, call);
  movePlace(core, turn, call, now);
  takeTurn(core, turn, call);
}

/** What the caller asked for when another language is being chosen instead. */
export function questionOf({ stage, queued }: Call): Ask | undefined {
  if (stage.name === "menu") return stage.question;
  return stage.name === "queue" && stage.question ? queued?.ask : undefined;
}

function askLanguage(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask, before: readonly Said[]): void {
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
  clearTimer(core, turn, menuTimer(call.id));
  const chosen = offered(core, plan, ask).find((choice) => choice.key === key);
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: questionNode, key, valid: chosen !== undefined });
  if (chosen) return takeChoice(core, turn, call, chosen, ask);
  if (tryAgain(call) >= tries) return languageNotPressed(core, plan, turn, call, ask);
  say(turn, call, ["wrong-key", ...question(core, plan, ask)]);
}

/**
 * The caller agreed to another way of being helped. Whoever understood the question and chose a language hears the rest in it too; in
 * which they are greeted next time stays as it was.
 */
export function takeChoice(core: CoreState, turn: Turn, call: Call, chosen: Choice, asked = call.queued?.ask): void {
  if (!asked) return;
  call.language = chosen.language;
  const { interpreter } = chosen;
  delete call.interpreter;
  if (interpreter !== undefined) call.interpreter = interpreter;
  const other = chosen.ask.group === asked.group ? [] : ["other-group"];
  const coming = interpreter === undefined ? [] : ["interpreter-coming"];
  queue(core, turn, call, asked, chosen.ask, [...other, ...coming], interpreter === undefined ? {} : { interpreter });
}

/** No key came: somebody is better than nobody. The caller's own prompts stay in the language they had. */
export function languageNotPressed(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask): void {
  const [first] = offered(core, plan, ask);
  const resort = { ...ask, group: plan.lastResort, languages: [first?.language ?? mainLanguage(plan)] };
  queue(core, turn, call, ask, served(core, resort) ?? first?.ask ?? resort, []);
}

export function askLanguageAgain(core: CoreState, plan: Plan, turn: Turn, call: Call, ask: Ask): void {
  clearTimer(core, turn, menuTimer(call.id));
  say(turn, call, question(core, plan, ask));
}

/** One more wrong key; how many there were. */
function tryAgain(call: Call): number {
  const { stage } = call;
  if (stage.name === "menu") {
    call.stage = { ...stage, place: { ...stage.place, tries: stage.place.tries + 1 } };
    return call.stage.place.tries;
  }
  const asked = (stage.name === "queue" ? (stage.question?.tries ?? 0) : 0) + 1;
  if (stage.name === "queue") call.stage = { ...stage, question: { tries: asked } };
  return asked;
}

/** `agreed`: by the caller's key, perhaps to an interpreter. */
function queue(core: CoreState, turn: Turn, call: Call, ask: Ask, now: Ask, before: readonly Said[], agreed?: Agreed): void {
  if (now !== ask) tellFallback(turn, call, ask, now, agreed !== undefined, agreed?.interpreter);
  // An interpreter speaks with agents of the main language.
  if (core.plan && !now.languages.includes(mainLanguage(core.plan))) delete call.interpreter;
  if (call.queued) changeQueue(core, turn, call, now, before);
  else enterQueue(core, turn, call, now, before);
}

type Agreed = { readonly interpreter?: Language };

function tellFallback(
  turn: Turn,
  call: Call,
  { group, languages }: Ask,
  now: Ask,
  agreed: boolean,
  interpreter?: Language,
): void {
  const to = { toGroup: now.group, toLanguages: now.languages, agreed, ...(interpreter === undefined ? {} : { interpreter }) };
  turn.facts.push({ at: turn.at, type: "call.fallback", call: call.id, group, languages, ...to });
}

/** The ask as somebody can take it without a word from the caller, by the ways in their order, and what is said of it. */
function servedUnasked(
  core: CoreState,
  plan: Plan,
  ask: Ask,
): { readonly ask: Ask; readonly say: readonly PromptId[] } | undefined {
  const near = served(core, ask);
  if (near) return { ask: near, say: [] };
  const elsewhere = served(core, { ...ask, group: plan.lastResort });
  return elsewhere && { ask: elsewhere, say: ["other-group"] };
}

/** In the group the caller wanted, or else with the last resort. */
const offered = (core: CoreState, plan: Plan, ask: Ask): Choice[] =>
  choicesOf(plan, ask, whenNobodySpeaks, (now) => served(core, now) ?? served(core, { ...now, group: plan.lastResort }));

const question = (core: CoreState, plan: Plan, ask: Ask): PromptId[] => [
  "no-speaker",
  ...offered(core, plan, ask).map(({ prompt }) => prompt),
];
