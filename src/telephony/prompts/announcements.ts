import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { announcementOf, announcementPrompt } from "../../core/announcements/announcement.ts";
import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { Language, PromptId } from "../../core/plan/plan.ts";
import type { SoundDone, SoundWork } from "./announcement-worker.ts";
import { espeak, noVoice } from "./espeak.ts";
import type { Job } from "./jobs.ts";
import { quietFirst } from "./sound.ts";
import { stretchesOf, textProblem } from "./text.ts";

/** What an announcement is made of in one language: a text that is spoken, or a sound file that sox reads. */
export type AnnouncementSource = { readonly text: string } | { readonly file: string };
export type AnnouncementSources = Readonly<Record<Language, AnnouncementSource>>;

export interface AnnouncementSoundsOptions {
  /** Where sounds are, for us and for Asterisk; a folder of their own is made in it. */
  readonly soundsDir: string;
  /** The programs. */
  readonly espeakNg: string;
  readonly sox: string;
}

interface Known {
  /** All its languages, the main one first. */
  readonly languages: readonly Language[];
  /** Those whose sound is there. */
  readonly ready: Set<Language>;
}

/**
 * The sounds of announcements, beside the plan's prompts: they come and go while calls go on. Files are named after the announcement,
 * so a new engine finds them again.
 */
export class AnnouncementSounds {
  readonly #folder: string;
  readonly #options: AnnouncementSoundsOptions;
  readonly #known = new Map<string, Known>();
  /** What the voice speaks, asked in time: in a crisis every program that need not be started counts. */
  readonly #voices: Promise<ReadonlySet<Language> | undefined>;

  constructor(options: AnnouncementSoundsOptions) {
    this.#options = options;
    this.#folder = resolve(options.soundsDir, "announcements");
    // Without an answer each language is tried.
    this.#voices = espeak(options.espeakNg)
      .languages()
      .catch(() => undefined);
  }

  /** ARI media URI of an announcement's prompt, in the first language it has when not in this one; undefined for other prompts. */
  media(prompt: PromptId, language: Language): string | undefined {
    const id = announcementOf(prompt);
    const known = id === undefined ? undefined : this.#known.get(id);
    if (id === undefined || known === undefined) return undefined;
    const heard = known.ready.has(language) ? language : (known.languages.find((other) => known.ready.has(other)) ?? language);
    return `sound:${join(this.#folder, nameOf(id, heard))}`;
  }

  /** Why an announcement cannot be made as far as that is known at once; undefined when it may. */
  async problemIn(sources: AnnouncementSources): Promise<KontaktlotsError | undefined> {
    const voices = await this.#voices;
    for (const [language, source] of Object.entries(sources)) {
      if ("file" in source) continue;
      const problem = textProblem(source.text);
      if (problem) return new KontaktlotsError("PROMPT_FAILED", `${language}: ${problem.what}`, problem.mend, { language });
      if (voices?.has(language) === false) return noVoice(language);
    }
    return undefined;
  }

  /**
   * Makes an announcement's sounds in some of its languages; `languages`: all of them, the main one first.
   *
   * @throws PROMPT_FAILED naming the languages in which it cannot be heard; nothing of it is kept then.
   */
  async make(id: string, languages: readonly Language[], sources: AnnouncementSources): Promise<void> {
    const failures: KontaktlotsError[] = [];
    await this.add(id, languages, sources, (_, failure) => {
      if (failure) failures.push(failure);
    });
    const [failure] = failures;
    if (!failure) return;
    await this.forget(id);
    const message = failures.map((one) => one.message).join(" ");
    throw new KontaktlotsError("PROMPT_FAILED", message, failure.mend, {}, failure);
  }

  /** Makes the sounds of more languages, in their order; each is told of as soon as it can be heard, or has failed. */
  async add(
    id: string,
    languages: readonly Language[],
    sources: AnnouncementSources,
    tell: (language: Language, failure?: KontaktlotsError) => void,
  ): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const known = this.#known.get(id) ?? { languages, ready: new Set() };
    this.#known.set(id, known);
    const jobs = Object.entries(sources).map(([language, source]) => jobOf(id, language, source));
    const { espeakNg, sox } = this.#options;
    await makeAside({ jobs, folder: this.#folder, espeakNg, sox }, ({ language, failure }) => {
      if (!failure) known.ready.add(language);
      tell(language, failure && new KontaktlotsError("PROMPT_FAILED", failure.message, failure.mend, { language }));
    });
  }

  /** In which languages it can be heard now. */
  heardIn(id: string): readonly Language[] {
    const { languages, ready } = this.#known.get(id) ?? { languages: [], ready: new Set() };
    return languages.filter((language) => ready.has(language));
  }

  /** After a start: knows again what is there of those in force, and clears away the others' files. */
  async restore(inForce: readonly { readonly id: string; readonly languages: readonly Language[] }[]): Promise<void> {
    const files = new Set(await readdir(this.#folder).catch(() => []));
    for (const { id, languages } of inForce) {
      const there = languages.filter((language) => files.delete(`${nameOf(id, language)}.alaw`));
      this.#known.set(id, { languages, ready: new Set(there) });
    }
    for (const file of files) await rm(join(this.#folder, file), { force: true });
  }

  /** Its files go. One that is being heard is heard to its end. */
  async forget(id: string): Promise<void> {
    this.#known.delete(id);
    const files = await readdir(this.#folder);
    for (const file of files) if (file.startsWith(`${id}-`)) await rm(join(this.#folder, file), { force: true });
  }
}

/**
 * In a thread of its own: a minute of sound takes longer to make than calls may wait. The thread, and the programs it starts, have the
 * engine's own priority, which is that of the calls. Each language is told of once, and never fails in another way.
 */
function makeAside(workerData: SoundWork, tell: (done: SoundDone) => void): Promise<void> {
  const left = new Set(workerData.jobs.map(({ language }) => language));
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./announcement-worker.ts", import.meta.url), { workerData });
    const told = (done: SoundDone): void => {
      left.delete(done.language);
      tell(done);
      if (left.size === 0) resolve();
    };
    let error = asKontaktlotsError(new Error("The thread that makes sounds has ended."));
    worker.on("message", told);
    worker.once("error", (thrown) => {
      error = asKontaktlotsError(thrown);
    });
    worker.once("exit", () => {
      for (const language of left) told({ language, failure: { message: error.message, mend: error.mend } });
    });
  });
}

function jobOf(id: string, language: Language, source: AnnouncementSource): Job {
  const job = {
    prompt: announcementPrompt(id),
    language,
    name: `${nameOf(id, language)}.alaw`,
    from: language,
    quiet: quietFirst,
  };
  if ("file" in source) return { ...job, recording: source.file, stretches: [] };
  return { ...job, recording: undefined, stretches: stretchesOf(source.text, language) };
}

const nameOf = (id: string, language: Language): string => `${id}-${language}`;
