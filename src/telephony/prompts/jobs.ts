import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Language, Plan, PromptId } from "../../core/plan/plan.ts";
import { isClip } from "../../core/speech/said.ts";
import type { Recording } from "./recordings.ts";
import { quietFirst, quietWithin, recipe } from "./sound.ts";
import { type Stretch, stretchesOf } from "./text.ts";

/** Larger than any spoken prompt. */
const mostRecordingBytes = 50_000_000;

/** One prompt in one language: what its sound is made of, and the file it becomes. */
export interface Job {
  readonly prompt: PromptId;
  readonly language: Language;
  /** The sound's file, named after all it is made of: what has the same name sounds the same. */
  readonly name: string;
  /** What to call it when it fails. */
  readonly from: string;
  /** The recording beside the text; without one the stretches are spoken. */
  readonly recording: string | undefined;
  readonly stretches: readonly Stretch[];
  /** Seconds of quiet before it. */
  readonly quiet: number;
}

/** Every prompt of a plan, in every language it has a text in; `voice`: what would speak. Errors: PROMPT_FAILED. */
export async function jobsOf(plan: Plan, recordings: readonly Recording[], voice: string): Promise<Job[]> {
  // Of two kinds of file with one name the first in the list counts.
  const files = new Map(recordings.toReversed().map(({ prompt, language, file }) => [`${prompt} ${language}`, file]));
  const texts = Object.entries(plan.prompts).flatMap(([prompt, byLanguage]) =>
    Object.entries(byLanguage).map(([language, text]) => ({ prompt, language, text })),
  );
  return Promise.all(
    texts.map(async ({ prompt, language, text }): Promise<Job> => {
      const recording = files.get(`${prompt} ${language}`);
      const stretches = stretchesOf(text, language);
      const quiet = isClip(prompt) ? quietWithin : quietFirst;
      const made =
        recording === undefined ? ["speech", voice, JSON.stringify(stretches)] : ["recording", await contentOf(recording)];
      const hash = createHash("sha256").update(recipe);
      for (const part of quiet === quietFirst ? made : [...made, `quiet ${quiet}`]) hash.update("\0").update(part);
      const name = `${language}-${prompt}-${hash.digest("hex").slice(0, 20)}.alaw`;
      return { prompt, language, name, from: recording ?? `${prompt} (${language})`, recording, stretches, quiet };
    }),
  );
}

async function contentOf(file: string): Promise<Buffer> {
  const { size } = await stat(file);
  if (size > mostRecordingBytes)
    throw new KontaktlotsError("PROMPT_FAILED", `${file} has ${size} bytes.`, "Put a shorter recording in its place.", { file });
  return readFile(file);
}
