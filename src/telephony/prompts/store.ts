import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { Language, Plan, PromptId } from "../../core/plan/plan.ts";
import { checkPrompts } from "./check.ts";
import { listRecordings } from "./recordings.ts";
import { makePrompt, recipe, type SoundSource } from "./sound.ts";
import type { SpeechProvider } from "./speech.ts";
import { readableText, stretchesOf } from "./text.ts";

/** Where each prompt's sound and text are. A language that lacks a prompt gets it in the plan's main language. */
export interface PromptIndex {
  /** ARI media URI: `sound:` and the absolute path without its ending. Errors: PROMPT_FAILED for a prompt the plan has not. */
  media(prompt: PromptId, language: Language): string;
  /** What is said, as people read it. Errors: PROMPT_FAILED for a prompt the plan has not. */
  text(prompt: PromptId, language: Language): string;
}

export interface PromptOptions {
  /** The program; "sox" if left out. */
  readonly sox?: string;
  /** How Asterisk sees `soundsDir`, when that differs. */
  readonly soundsSeenAs?: string;
}

/** How many are made at a time: more would keep the calls waiting on a machine of two cores. */
const atOnce = 2;
/** Larger than any spoken prompt. */
const mostRecordingBytes = 50_000_000;

/** One prompt in one language: what it is made of, and the file it becomes. */
interface Job {
  readonly prompt: PromptId;
  readonly language: Language;
  readonly name: string;
  /** What to call it when it fails. */
  readonly from: string;
  readonly sources: () => Promise<SoundSource[]>;
}

/**
 * Makes the sound of every prompt of a plan, in every language it has: from the recording beside the text if there is one, else by the
 * voice. What was made before from the same text, voice and recipe is kept; files appear whole or not at all.
 *
 * @throws PROMPT_FAILED naming every prompt or recording that could not be made, and what to do.
 */
export async function preparePrompts(
  plan: Plan,
  planFolder: string,
  soundsDir: string,
  provider: SpeechProvider,
  options: PromptOptions = {},
): Promise<PromptIndex> {
  const problems = checkPrompts(plan);
  if (problems.length > 0) {
    const lines = problems.map(({ prompt, language, what, mend }) => `\n  ${prompt} (${language}): ${what} ${mend}`).join("");
    throw new KontaktlotsError("PROMPT_FAILED", `Prompts cannot be spoken:${lines}\n`, "Mend their texts in the plan.", {
      problems,
    });
  }
  const folder = resolve(soundsDir, "prompts");
  // ARI takes several media in one request, divided by commas.
  if (folder.includes(",")) throw new KontaktlotsError("PROMPT_FAILED", `${folder} has a comma.`, "Choose a folder without.");
  await mkdir(folder, { recursive: true });
  const [jobs, made] = await Promise.all([jobsOf(plan, planFolder, provider), readdir(folder)]);
  const known = new Set(made);
  const missing = new Map(jobs.filter((job) => !known.has(job.name)).map((job) => [job.name, job]));
  await makeAll([...missing.values()], folder, options.sox ?? "sox");
  return indexOf(plan, jobs, options.soundsSeenAs ? join(options.soundsSeenAs, "prompts") : folder);
}

async function jobsOf(plan: Plan, planFolder: string, provider: SpeechProvider): Promise<Job[]> {
  const recordings = await listRecordings(planFolder);
  const texts = Object.entries(plan.prompts).flatMap(([prompt, byLanguage]) =>
    Object.entries(byLanguage).map(([language, text]) => ({ prompt, language, text })),
  );
  return Promise.all(
    texts.map(async ({ prompt, language, text }): Promise<Job> => {
      const name = (...parts: (string | Buffer)[]) => {
        const hash = createHash("sha256").update(recipe);
        for (const part of parts) hash.update("\0").update(part);
        return `${language}-${prompt}-${hash.digest("hex").slice(0, 20)}.alaw`;
      };
      const file = recordings.find((one) => one.prompt === prompt && one.language === language)?.file;
      if (file !== undefined) {
        return { prompt, language, name: name("recording", await contentOf(file)), from: file, sources: async () => [{ file }] };
      }
      const stretches = stretchesOf(text, language);
      const sources = async () => {
        const spoken: SoundSource[] = [];
        for (const stretch of stretches) spoken.push({ wav: await provider.speak(stretch.text, stretch.language) });
        return spoken;
      };
      return {
        prompt,
        language,
        name: name("speech", provider.id, JSON.stringify(stretches)),
        from: `${prompt} (${language})`,
        sources,
      };
    }),
  );
}

async function contentOf(file: string): Promise<Buffer> {
  const { size } = await stat(file);
  if (size > mostRecordingBytes)
    throw new KontaktlotsError("PROMPT_FAILED", `${file} has ${size} bytes.`, "Put a shorter recording in its place.", { file });
  return readFile(file);
}

/** Makes what is missing, a few at a time, and goes on past failures so that all of them are told at once. */
async function makeAll(jobs: readonly Job[], folder: string, sox: string): Promise<void> {
  const failures: { readonly from: string; readonly error: KontaktlotsError }[] = [];
  const queue = jobs.values();
  const worker = async () => {
    for (const job of queue) {
      try {
        await writeWhole(join(folder, job.name), await makePrompt(await job.sources(), sox));
      } catch (thrown) {
        failures.push({ from: job.from, error: asKontaktlotsError(thrown) });
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (failures.length > 0) throw allFailed(failures);
}

/** One error for all; what failed in the same way, as all do without a voice, is told together. */
function allFailed(failures: readonly { readonly from: string; readonly error: KontaktlotsError }[]): KontaktlotsError {
  const lines = [...Map.groupBy(failures, ({ error }) => `${error.message} ${error.mend}`)].map(([why, alike]) => {
    const names = alike.slice(0, 3).map(({ from }) => from);
    const more = alike.length > names.length ? ` and ${alike.length - names.length} more` : "";
    return `\n  ${names.join(", ")}${more}: ${why}`;
  });
  const prompts = failures.map(({ from }) => from);
  const message = `Prompts could not be made:${lines.join("")}\n`;
  return new KontaktlotsError("PROMPT_FAILED", message, "Do as said, and start again.", { prompts }, failures[0]?.error);
}

/** Readable by Asterisk, whoever it runs as; on disk before it has its name, so that no half file is ever played. */
async function writeWhole(file: string, content: Buffer): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, content, { flush: true, mode: 0o644 });
  await rename(unfinished, file);
}

function indexOf(plan: Plan, jobs: readonly Job[], folder: string): PromptIndex {
  const [main = "sv"] = plan.languages;
  const media = new Map(
    jobs.map((job) => [`${job.prompt} ${job.language}`, `sound:${join(folder, job.name.replace(/\.alaw$/, ""))}`]),
  );
  const found = <T>(prompt: PromptId, value: T | undefined): T => {
    if (value !== undefined) return value;
    throw new KontaktlotsError("PROMPT_FAILED", `The plan has no prompt "${prompt}".`, "Add it to the plan, and start again.", {
      prompt,
    });
  };
  return {
    media: (prompt, language) => found(prompt, media.get(`${prompt} ${language}`) ?? media.get(`${prompt} ${main}`)),
    text(prompt, language) {
      const texts = Object.hasOwn(plan.prompts, prompt) ? plan.prompts[prompt] : undefined;
      return readableText(found(prompt, texts?.[language] ?? texts?.[main]));
    },
  };
}
