import { allowed } from "../numbers/allowed.ts";
import type { Key, Language, Plan, PromptId } from "../plan/plan.ts";
import { canBeServed } from "../routing/check.ts";
import type { Ask } from "../routing/types.ts";
import type { CoreState } from "../state.ts";

/** In which other ways a caller can be helped whose language nobody speaks, or nobody who is free. */
export interface Choice {
  readonly key: Key;
  readonly prompt: PromptId;
  /** What the caller hears from then on. */
  readonly language: Language;
  readonly ask: Ask;
  /** An agent of the main language takes the call, with an interpreter of this one. */
  readonly interpreter?: Language;
}

/** What a question offers, each with its own key and prompt: a way that is not open leaves its key unused. */
type Offers = Readonly<Record<"main" | "english" | "interpreter", readonly [Key, PromptId]>>;

export const whenNobodySpeaks: Offers = {
  main: ["1", "press-main"],
  english: ["2", "press-english"],
  interpreter: ["5", "speaker-interpreter"],
};

export const whenNobodyIsFree: Offers = {
  main: ["3", "speaker-main"],
  english: ["4", "speaker-english"],
  interpreter: ["5", "speaker-interpreter"],
};

/** The ways in which `helped` finds somebody, in their order: the plan's main language, English, an interpreter of the caller's. */
export function choicesOf(plan: Plan, ask: Ask, offers: Offers, helped: (ask: Ask) => Ask | undefined): Choice[] {
  const main = mainLanguage(plan);
  const choices: Choice[] = [];
  const add = ([key, prompt]: readonly [Key, PromptId], asked: Language, about: Pick<Choice, "language" | "interpreter">) => {
    if (ask.languages.includes(asked) || !plan.languages.includes(asked)) return;
    const found = helped({ ...ask, languages: [asked] });
    if (found) choices.push({ key, prompt, ask: found, ...about });
  };
  add(offers.main, main, { language: main });
  if (main !== "en") add(offers.english, "en", { language: "en" });
  const own = ask.languages.find((language) => hasInterpreter(plan, language));
  if (own !== undefined) add(offers.interpreter, main, { language: own, interpreter: own });
  return choices;
}

function hasInterpreter(plan: Plan, language: Language): boolean {
  const number = plan.interpreters?.[language];
  return number !== undefined && allowed(number, { nordicMobiles: plan.callbacks?.nordicMobiles ?? false }) !== undefined;
}

/** The ask as somebody can take it: as it is, or else from any district; undefined when nobody can. */
export function served(core: CoreState, ask: Ask, who: "anybody" | "at-work" = "anybody"): Ask | undefined {
  if (canBeServed(core.router, ask, who)) return ask;
  if (ask.district === undefined) return undefined;
  const { district: _, ...anywhere } = ask;
  return canBeServed(core.router, anywhere, who) ? anywhere : undefined;
}

export const mainLanguage = (plan: Plan): Language => plan.languages[0] ?? "sv";
