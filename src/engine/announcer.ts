import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { type Announcement, refusalOf, type Where } from "../core/announcements/announcement.ts";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import type { Language } from "../core/plan/plan.ts";
import type { CoreState } from "../core/state.ts";
import type { AnnouncementSounds, AnnouncementSource, AnnouncementSources } from "../telephony/prompts/index.ts";
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
 * that cannot be heard. The main language's is in force at once; English follows, and then each other language as it is ready. A caller
 * in one that is not there yet hears the main one meanwhile.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the next caller hears it. What is recorded only has to be read, and is there from the beginning too: whether it is sound
   * at all shows by that.
   *
   * Errors: REQUEST_INVALID, ANNOUNCEMENTS_FULL, PROMPT_FAILED (no voice for a language, no sound in a recording).
   */
  async publish({ where, texts, recordings, until, alsoWaiting, by }: AnnouncementRequest): Promise<void> {
    const { core, sounds, handle, now, log } = this.#options;
    const began = now();
    const sources = this.#sources(texts, recordings);
    const said = Object.fromEntries(
      Object.entries(sources).map(([language, source]) => [language, "text" in source ? source.text : ""]),
    );
    const languages = Object.keys(sources);
    const [main] = languages;
    const isFirst = (language: Language): boolean => language === main || "file" in (sources[language] ?? {});
    const heardIn = languages.filter(isFirst);
    const [first = [], rest = []] = [true, false].map((is) => ranked(sources, main).filter(([one]) => isFirst(one) === is));
    const announcement: Announcement = { id: newId(), where, texts: said, heardIn, until, from: by, alsoWaiting };
    const refuse = (): void => {
      const refusal = refusalOf(core.plan, core.announcements, announcement, now());
      if (refusal) throw refusal;
    };
    refuse();
    const problem = await sounds.problemIn(sources);
    if (problem) throw problem;
    await sounds.make(announcement.id, languages, Object.fromEntries(first));
    try {
      refuse(); // others may have set theirs meanwhile
    } catch (error) {
      await sounds.forget(announcement.id);
      throw error;
    }
    handle({ type: "announcement.set", announcement });
    log.warn(
      { announcement: announcement.id, by, where, languages, heardIn, until, madeMs: now() - began },
      "An announcement is in force: callers hear it from now on.",
    );
    void this.#add(announcement.id, languages, Object.fromEntries(rest));
  }

  /** Its other languages, told to the core one by one. */
  async #add(id: string, languages: readonly Language[], sources: AnnouncementSources): Promise<void> {
    if (Object.keys(sources).length === 0) return;
    const { sounds, log } = this.#options;
    try {
      await sounds.add(id, languages, sources, (language, failure) => {
        if (failure)
          log.error({ code: failure.code, announcement: id, language }, `An announcement lacks a language. ${failure.line}`);
        this.#tell(id, language, failure === undefined);
      });
    } catch (thrown) {
      const error = asKontaktlotsError(thrown);
      log.error({ code: error.code, announcement: id, err: error.cause }, `An announcement lacks languages. ${error.line}`);
      for (const language of Object.keys(sources)) this.#tell(id, language, false);
    }
  }

  #tell(announcement: string, language: Language, heard: boolean): void {
    this.#options.handle({ type: "announcement.language", announcement, language, heard });
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
   * After a start, before any call: those in force are heard again, in one language at least. One whose sound is lost is spoken anew from
   * its text. Returns those that cannot be heard any more, and are to be cleared.
   */
  async restore(): Promise<string[]> {
    const { core, sounds, log } = this.#options;
    const lost: string[] = [];
    const inForce = core.announcements.map(({ id, texts }) => ({ id, languages: Object.keys(texts), texts }));
    await sounds.restore(inForce);
    for (const { id, languages, texts } of inForce) {
      if (sounds.heardIn(id).length > 0) continue;
      const [first] = Object.entries(spokenOf(texts));
      try {
        if (!first) throw new KontaktlotsError("PROMPT_FAILED", "Its recording is lost.", "Record it again.");
        await sounds.make(id, languages, Object.fromEntries([first]));
      } catch (thrown) {
        const error = asKontaktlotsError(thrown);
        log.error({ code: error.code, announcement: id, err: error.cause }, `An announcement is cleared. ${error.line}`);
        lost.push(id);
      }
    }
    return lost;
  }

  /** Once the engine takes events: what `restore` left out follows, and the core hears what is there and what is not. */
  resume(): void {
    const { core, sounds } = this.#options;
    for (const { id, texts, heardIn } of [...core.announcements]) {
      const languages = Object.keys(texts);
      const there = sounds.heardIn(id);
      const lacking = languages.filter((language) => !there.includes(language));
      for (const language of there) if (!heardIn.includes(language)) this.#tell(id, language, true);
      for (const language of lacking) if (heardIn.includes(language) || texts[language] === "") this.#tell(id, language, false);
      const spoken = ranked(spokenOf(texts), languages[0]).filter(([language]) => lacking.includes(language));
      void this.#add(id, languages, Object.fromEntries(spoken));
    }
  }

  /** What it is made of, by language, in the plan's order: the main language first. */
  #sources(texts: Readonly<Record<Language, string>>, recordings: Readonly<Record<Language, string>>): AnnouncementSources {
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

/** By language, those that are spoken from a text. */
const spokenOf = (texts: Readonly<Record<Language, string>>): AnnouncementSources =>
  Object.fromEntries(
    Object.entries(texts).flatMap(([language, text]): [Language, AnnouncementSource][] =>
      text === "" ? [] : [[language, { text }]],
    ),
  );

/** In the order in which they are made: the main language, English, the others. */
function ranked(sources: AnnouncementSources, main: Language | undefined): [Language, AnnouncementSource][] {
  const rank = (language: Language): number => (language === main ? 0 : language === "en" ? 1 : 2);
  return Object.entries(sources).sort(([one], [other]) => rank(one) - rank(other));
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
