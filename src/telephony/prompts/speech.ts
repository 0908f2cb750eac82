import type { Language } from "../../core/plan/plan.ts";

/** Whatever can speak: a program on this machine, or a service. */
export interface SpeechProvider {
  /** Name, voice and speed: what changes when the sound changes, so that prompts are spoken anew. */
  readonly id: string;
  /**
   * The languages it has a voice for.
   *
   * @throws PROMPT_FAILED when there is nothing to speak with.
   */
  languages(): Promise<ReadonlySet<Language>>;
  /**
   * Speaks texts, each by itself.
   *
   * @returns a WAV file of any rate for each text, in their order.
   * @throws PROMPT_FAILED when there is no voice for the language, or nothing to speak with.
   */
  speak(texts: readonly string[], language: Language): Promise<Buffer[]>;
}
