import { mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Language, Plan, PromptId } from "../../core/plan/plan.ts";
import { splitPrompt } from "../../core/speech/said.ts";
import { checkPrompts } from "./check.ts";
import { type Job, jobsOf } from "./jobs.ts";
import { makeSounds } from "./make.ts";
import { listRecordings } from "./recordings.ts";
import type { SpeechProvider } from "./speech.ts";
import { readableText } from "./text.ts";

/** Where each prompt's sound and text are. What cannot be heard in a language is heard in the plan's main language. */
export interface PromptIndex {
  /** ARI media URI: `sound:` and the absolute path without its ending. Errors: PROMPT_FAILED for a prompt the plan has not. */
  media(prompt: PromptId, language: Language): string;
  /** What is said, as people read it. Errors: PROMPT_FAILED for a prompt the plan has not. */
  text(prompt: PromptId, language: Language): string;
  /** The plan's languages, in its order, in which every sound is there now; always with the main one. */
  readonly spoken: readonly Language[];
  /** Looks again which sounds are there, after another process made some. */
  look(): Promise<void>;
}

export interface PromptOptions {
  /** The program; "sox" if left out. */
  readonly sox?: string;
  /** How Asterisk sees `soundsDir`, when that differs. */
  readonly soundsSeenAs?: string;
  /** Where made sounds are kept for other systems on this machine; nowhere if left out. */
  readonly cacheDir?: string;
  /** The languages whose sounds are made now; all if left out. */
  readonly languages?: readonly Language[];
  /** How many voices speak at a time; 2 if left out, as for a machine of two cores. */
  readonly atOnce?: number;
}

/**
 * Makes the sound of a plan's prompts: from the recording beside the text if there is one, else by the voice. What was made before
 * from the same text, voice and recipe is kept. In the main language every sound must be made; in another one what there is no voice
 * for is left out, and that language is not among `spoken`.
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
  const recordings = await listRecordings(planFolder);
  const [jobs, made] = await Promise.all([jobsOf(plan, recordings, provider.id), readdir(folder)]);
  const known = new Set(made);
  const { languages } = options;
  const missing = jobs.filter((job) => !known.has(job.name) && (languages === undefined || languages.includes(job.language)));
  const makeable = await makeableOf(plan, missing, provider);
  const unique = [...new Map(makeable.map((job) => [job.name, job])).values()];
  const { cacheDir, sox = "sox", atOnce = 2 } = options;
  await makeSounds(unique, { folder, cache: cacheDir && join(cacheDir, "prompts"), provider, sox, atOnce });
  const index = new Index(plan, jobs, folder, options.soundsSeenAs ? join(options.soundsSeenAs, "prompts") : folder);
  await index.look();
  return index;
}

/** Jobs that can be made: in the main language all of them, or it is an error; in another one those with a recording or a voice. */
async function makeableOf(plan: Plan, jobs: readonly Job[], provider: SpeechProvider): Promise<Job[]> {
  const sure = (job: Job) => job.language === plan.languages[0] || job.recording !== undefined;
  if (jobs.every(sure)) return [...jobs];
  const voices = await provider.languages();
  return jobs.filter((job) => sure(job) || job.stretches.every((stretch) => voices.has(stretch.language)));
}

class Index implements PromptIndex {
  readonly #plan: Plan;
  readonly #main: Language;
  readonly #jobs: ReadonlyMap<string, Job>;
  readonly #folder: string;
  readonly #seenAs: string;
  #made: ReadonlySet<string> = new Set();
  spoken: readonly Language[] = [];

  constructor(plan: Plan, jobs: readonly Job[], folder: string, seenAs: string) {
    this.#plan = plan;
    [this.#main = "sv"] = plan.languages;
    this.#jobs = new Map(jobs.map((job) => [`${job.prompt} ${job.language}`, job]));
    this.#folder = folder;
    this.#seenAs = seenAs;
  }

  async look(): Promise<void> {
    const made = new Set(await readdir(this.#folder));
    this.#made = made;
    const prompts = Object.keys(this.#plan.prompts);
    const heard = (prompt: PromptId, language: Language) => made.has(this.#jobs.get(`${prompt} ${language}`)?.name ?? "");
    this.spoken = this.#plan.languages.filter(
      (language) => language === this.#main || prompts.every((prompt) => heard(prompt, language)),
    );
  }

  media(id: PromptId, inLanguage: Language): string {
    const { prompt, language = inLanguage } = splitPrompt(id);
    const main = this.#jobs.get(`${prompt} ${this.#main}`);
    const own = this.#jobs.get(`${prompt} ${language}`);
    const { name } = found(prompt, own && this.#made.has(own.name) ? own : main);
    return `sound:${join(this.#seenAs, name.replace(/\.alaw$/, ""))}`;
  }

  text(id: PromptId, inLanguage: Language): string {
    const { prompt, language = inLanguage } = splitPrompt(id);
    const texts = Object.hasOwn(this.#plan.prompts, prompt) ? this.#plan.prompts[prompt] : undefined;
    return readableText(found(prompt, texts?.[language] ?? texts?.[this.#main]));
  }
}

function found<T>(prompt: PromptId, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new KontaktlotsError("PROMPT_FAILED", `The plan has no prompt "${prompt}".`, "Add it to the plan, and start again.", {
    prompt,
  });
}
