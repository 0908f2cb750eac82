import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { type Announcement, refusalOf, type Where } from "../core/announcements/announcement.ts";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import type { Language } from "../core/plan/plan.ts";
import type { CoreState } from "../core/state.ts";
import type { AnnouncementSounds, AnnouncementSource } from "../telephony/prompts/index.ts";
import type { Unstamped } from "../telephony/telephony.ts";

/** What somebody wants all callers to hear. */
export interface AnnouncementRequest {
  readonly where: Where;
  /** By language; the plan's main one at least, here or among the recordings. */
  readonly texts: Readonly<Record<Language, string>>;
  /** Sound files by language, which go before a text. */
  readonly recordings: Readonly<Record<Language, string>>;
  /** ms since the epoch. */
  readonly until: number;
  readonly alsoWaiting: boolean;
  readonly by: string;
}

export interface AnnouncerOptions {
  readonly core: CoreState;
  readonly sounds: AnnouncementSounds;
  readonly handle: (event: Unstamped) => void;
  readonly now: () => number;
  readonly log: Logger;
}

/**
 * Sets and clears announcements. The sound is made first and only then does the core hear of it, so no caller meets an announcement
 * that cannot be heard.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Errors: REQUEST_INVALID, ANNOUNCEMENTS_FULL, PROMPT_FAILED (no voice for a language, no sound in a recording). */
  async publish({ where, texts, recordings, until, alsoWaiting, by }: AnnouncementRequest): Promise<void> {
    const { core, sounds, handle, now, log } = this.#options;
    const began = now();
    const sources = this.#sources(texts, recordings);
    const said = Object.fromEntries(
      Object.entries(sources).map(([language, source]) => [language, "text" in source ? source.text : ""]),
    );
    const announcement: Announcement = { id: newId(), where, texts: said, until, from: by, alsoWaiting };
    const refuse = (): void => {
      const refusal = refusalOf(core.plan, core.announcements, announcement, now());
      if (refusal) throw refusal;
    };
    refuse();
    await sounds.make(announcement.id, sources);
    try {
      refuse(); // others may have set theirs meanwhile
    } catch (error) {
      await sounds.forget(announcement.id);
      throw error;
    }
    handle({ type: "announcement.set", announcement });
    log.warn(
      { announcement: announcement.id, by, where, languages: Object.keys(sources), until, madeMs: now() - began },
      "An announcement is in force: callers hear it from now on.",
    );
  }

  /** Errors: NOT_FOUND when it is not in force any more. */
  clear(id: string, by: string): void {
    const { core, handle, log } = this.#options;
    if (!core.announcements.some((one) => one.id === id))
      throw new KontaktlotsError(
        "NOT_FOUND",
        "That announcement is not in force any more.",
        "Look at the list of those that are.",
      );
    handle({ type: "announcement.cleared", announcement: id, by });
    log.warn({ announcement: id, by }, "An announcement was cleared.");
  }

  /**
   * After a start, before any call: those in force are heard again. One whose sound is lost is spoken anew from its text. Returns those
   * that cannot be heard any more, and are to be cleared.
   */
  async restore(): Promise<string[]> {
    const { core, sounds, log } = this.#options;
    const lost: string[] = [];
    const inForce = core.announcements.map(({ id, texts }) => ({ id, languages: Object.keys(texts), texts }));
    const lacking = await sounds.restore(inForce);
    for (const { id, texts } of inForce) {
      if (!lacking.includes(id)) continue;
      const spoken = Object.entries(texts).flatMap(([language, text]): [Language, AnnouncementSource][] =>
        text === "" ? [] : [[language, { text }]],
      );
      try {
        if (spoken.length === 0) throw new KontaktlotsError("PROMPT_FAILED", "Its recording is lost.", "Record it again.");
        await sounds.make(id, Object.fromEntries(spoken));
      } catch (thrown) {
        const error = asKontaktlotsError(thrown);
        log.error({ code: error.code, announcement: id, err: error.cause }, `An announcement is cleared. ${error.line}`);
        lost.push(id);
      }
    }
    return lost;
  }

  /** What it is made of, by language, in the plan's order: the main language first. */
  #sources(
    texts: Readonly<Record<Language, string>>,
    recordings: Readonly<Record<Language, string>>,
  ): Record<Language, AnnouncementSource> {
    const languages = this.#options.core.plan?.languages ?? [];
    const given = new Set([...Object.keys(texts), ...Object.keys(recordings)]);
    const strange = [...given].find((language) => !languages.includes(language));
    if (strange !== undefined)
      throw new KontaktlotsError("REQUEST_INVALID", `The plan has no language ${strange}.`, `It has ${languages.join(", ")}.`);
    const [main = "sv"] = languages;
    if (!given.has(main))
      throw new KontaktlotsError("REQUEST_INVALID", `There is nothing in the main language, ${main}.`, "Write or record it.");
    const sources = languages.flatMap((language): [Language, AnnouncementSource][] => {
      const file = recordings[language];
      const text = texts[language];
      if (file !== undefined) return [[language, { file }]];
      return text === undefined ? [] : [[language, { text }]];
    });
    return Object.fromEntries(sources);
  }
}

/** Small letters and digits: it becomes part of a prompt's id and of a file's name. */
const newId = (): string => randomBytes(5).toString("hex");

/** Where the front puts recordings, and the engine takes them from. */
export const uploadFolder = (stateDir: string): string => join(stateDir, "uploads");
export const uploadFile = (stateDir: string, upload: string): string => join(uploadFolder(stateDir), `${upload}.wav`);

/** Recordings that have been made into an announcement, or cannot be. */
export async function clearUploads(stateDir: string, uploads: Iterable<string>): Promise<void> {
  for (const upload of uploads) await rm(uploadFile(stateDir, upload), { force: true });
}
