import { once } from "node:events";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Worker } from "node:worker_threads";
import { announcementOf, announcementPrompt } from "../../core/announcements/announcement.ts";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Language, PromptId } from "../../core/plan/plan.ts";
import type { SoundFailure, SoundWork } from "./announcement-worker.ts";
import type { Job } from "./jobs.ts";
import { quietFirst } from "./sound.ts";
import { stretchesOf, textProblem } from "./text.ts";

/** What an announcement is made of in one language: a text that is spoken, or a sound file that sox reads. */
export type AnnouncementSource = { readonly text: string } | { readonly file: string };

export interface AnnouncementSoundsOptions {
  /** Where sounds are, for us and for Asterisk; a folder of their own is made in it. */
  readonly soundsDir: string;
  /** The programs. */
  readonly espeakNg: string;
  readonly sox: string;
}

/**
 * The sounds of announcements, beside the plan's prompts: they come and go while calls go on. Files are named after the announcement,
 * so a new engine finds them again.
 */
export class AnnouncementSounds {
  readonly #folder: string;
  readonly #options: AnnouncementSoundsOptions;
  /** Announcement → its languages, the main one first. */
  readonly #known = new Map<string, readonly Language[]>();

  constructor(options: AnnouncementSoundsOptions) {
    this.#options = options;
    this.#folder = resolve(options.soundsDir, "announcements");
  }

  /** ARI media URI of an announcement's prompt, in its main language when it has no other; undefined for other prompts. */
  media(prompt: PromptId, language: Language): string | undefined {
    const id = announcementOf(prompt);
    const languages = id === undefined ? undefined : this.#known.get(id);
    if (id === undefined || languages === undefined) return undefined;
    const heard = languages.includes(language) ? language : (languages[0] ?? language);
    return `sound:${join(this.#folder, nameOf(id, heard))}`;
  }

  /**
   * Makes an announcement's sounds. The first language is the main one.
   *
   * @throws PROMPT_FAILED naming the languages in which it cannot be heard; nothing of it is kept then.
   */
  async make(id: string, sources: Readonly<Record<Language, AnnouncementSource>>): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const languages = Object.keys(sources);
    const jobs = Object.entries(sources).map(([language, source]) => jobOf(id, language, source));
    try {
      const { espeakNg, sox } = this.#options;
      await makeAside({ jobs, folder: this.#folder, espeakNg, sox });
    } catch (error) {
      await this.forget(id);
      throw error;
    }
    this.#known.set(id, languages);
  }

  /**
   * After a start: knows again those in force, and clears away the others' files. Returns what lacks a sound: it was lost with the
   * disk, say.
   */
  async restore(inForce: readonly { readonly id: string; readonly languages: readonly Language[] }[]): Promise<string[]> {
    const files = new Set(await readdir(this.#folder).catch(() => []));
    const lacking: string[] = [];
    for (const { id, languages } of inForce) {
      const there = languages.filter((language) => files.delete(`${nameOf(id, language)}.alaw`));
      if (there.length === languages.length) this.#known.set(id, languages);
      else lacking.push(id);
    }
    for (const file of files) await rm(join(this.#folder, file), { force: true });
    return lacking;
  }

  /** Its files go. One that is being heard is heard to its end. */
  async forget(id: string): Promise<void> {
    this.#known.delete(id);
    const files = await readdir(this.#folder);
    for (const file of files) if (file.startsWith(`${id}-`)) await rm(join(this.#folder, file), { force: true });
  }
}

/** In a thread of its own: a minute of sound takes longer to make than calls may wait. Errors: PROMPT_FAILED. */
async function makeAside(workerData: SoundWork): Promise<void> {
  const worker = new Worker(new URL("./announcement-worker.ts", import.meta.url), { workerData });
  const [failure] = (await once(worker, "message")) as [SoundFailure | null];
  if (failure) throw new KontaktlotsError("PROMPT_FAILED", failure.message, failure.mend);
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
  const problem = textProblem(source.text);
  if (problem) throw new KontaktlotsError("PROMPT_FAILED", `${language}: ${problem.what}`, problem.mend, { language });
  return { ...job, recording: undefined, stretches: stretchesOf(source.text, language) };
}

const nameOf = (id: string, language: Language): string => `${id}-${language}`;
