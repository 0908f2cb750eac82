import type { Language } from "../../core/plan/plan.ts";

/** Whatever can speak: a program on this machine, or a service. */
export interface SpeechProvider {
  /** Name, voice and speed: what changes when the sound changes, so that prompts are spoken anew. */
  readonly id: string;
  /**
   * Speaks a text.
   *
   * @returns a WAV file of any rate.
   * @throws PROMPT_FAILED when there is no voice for the language, or nothing to speak with.
   */
  speak(text: string, language: Language): Promise<Buffer>;
}
