import type { Language, Plan, PromptId } from "../../core/plan/plan.ts";
import { stretchesOf } from "./text.ts";

/** What a prompt lacks to be heard in a language: a text, or, having one, a voice that could speak it or a recording in its place. */
export interface Lack {
  readonly prompt: PromptId;
  readonly language: Language;
  readonly lacks: "text" | "sound";
}

/** What there is besides texts. */
export interface Sounds {
  readonly recordings: readonly { readonly prompt: PromptId; readonly language: Language }[];
  /** Languages that can be spoken by a voice. */
  readonly voices: ReadonlySet<Language>;
}

/** Everything that keeps a plan's language from being complete. */
export function lacksOf(plan: Plan, language: Language, { recordings, voices }: Sounds): Lack[] {
  const recorded = new Set(recordings.filter((one) => one.language === language).map(({ prompt }) => prompt));
  return Object.entries(plan.prompts).flatMap(([prompt, texts]): Lack[] => {
    const text = Object.hasOwn(texts, language) ? texts[language] : undefined;
    if (text === undefined) return [{ prompt, language, lacks: "text" }];
    const speakable = recorded.has(prompt) || stretchesOf(text, language).every((stretch) => voices.has(stretch.language));
    return speakable ? [] : [{ prompt, language, lacks: "sound" }];
  });
}

/** The languages of a plan, in its order, in which every prompt can be heard once its sounds are made: those that may be offered. */
export function completeLanguages(plan: Plan, sounds: Sounds): Language[] {
  return plan.languages.filter((language) => lacksOf(plan, language, sounds).length === 0);
}
