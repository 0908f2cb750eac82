import type { Language, PhoneNumber, Plan } from "../plan/plan.ts";
import { remember } from "../remembered.ts";
import type { Call, CoreState } from "../state.ts";

/** The language a caller chose is theirs in the next call too. Withheld numbers leave no trace. */

/** The oldest are forgotten beyond this many. */
const most = 100_000;

/** Only a choice is remembered: who never chose hears what the number rung speaks. `at`: ms since the epoch. */
export function rememberLanguage(core: CoreState, plan: Plan, call: Call, language: Language, at: number): void {
  if (call.from === null || language === call.language || !plan.languages.includes(language)) return;
  remember(core.lastLanguages, call.from, { language, at }, most);
}

/** The caller rings at `at`, and what is remembered of them is as good as new. */
export function recallLanguage(core: CoreState, plan: Plan, from: PhoneNumber | null, at: number): Language | undefined {
  const language = from === null ? undefined : core.lastLanguages.get(from)?.language;
  if (from === null || language === undefined) return undefined;
  remember(core.lastLanguages, from, { language, at }, most);
  return plan.spoken.includes(language) ? language : undefined;
}
