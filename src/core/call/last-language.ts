import type { Language, PhoneNumber, Plan } from "../plan/plan.ts";
import type { Call, CoreState } from "../state.ts";

/** The language a caller chose is theirs in the next call too. Withheld numbers leave no trace. */

/** The oldest are forgotten beyond this many. */
const most = 100_000;

/** Only a choice is remembered: who never chose hears what the number rung speaks. */
export function rememberLanguage(core: CoreState, plan: Plan, call: Call, language: Language): void {
  if (call.from === null || language === call.language || !plan.languages.includes(language)) return;
  core.lastLanguages.delete(call.from); // so that it stands last: a map keeps the order of insertion
  core.lastLanguages.set(call.from, language);
  if (core.lastLanguages.size <= most) return;
  for (const oldest of core.lastLanguages.keys()) {
    core.lastLanguages.delete(oldest);
    return;
  }
}

export function lastLanguageOf(core: CoreState, plan: Plan, from: PhoneNumber | null): Language | undefined {
  const language = from === null ? undefined : core.lastLanguages.get(from);
  return language !== undefined && plan.spoken.includes(language) ? language : undefined;
}
