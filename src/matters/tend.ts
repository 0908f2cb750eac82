import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";
import { type FollowDeps, followLog } from "./follow.ts";
import { type LetterDeps, sendLetters } from "./letters.ts";
import { keepSounds, type SoundDeps } from "./sounds.ts";

export interface TendDeps extends FollowDeps, SoundDeps {
  readonly log: Logger;
  /** undefined: no mail is sent. */
  readonly letters: LetterDeps | undefined;
  /** How often is looked, ms. Default 1000. */
  readonly everyMs?: number;
}

/**
 * Looks after matters until it is closed: new ones from the log, their recordings, their letters. What fails is told once and
 * tried again the next time; none of the three keeps the others waiting.
 */
export function tendMatters(deps: TendDeps): { close(): Promise<void> } {
  const { log, letters, everyMs = 1_000 } = deps;
  const told = new Map<string, string>();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  const tryTo = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      if (closed) return;
      await act();
      if (told.delete(what)) log.info(`It works again: ${what}.`);
    } catch (thrown) {
      const error = asKontaktlotsError(thrown);
      if (told.get(what) === error.code) return;
      told.set(what, error.code);
      log.warn({ code: error.code, details: error.details, err: error.cause }, `${what}: ${error.line}`);
    }
  };
  const look = async (): Promise<void> => {
    await tryTo("Matters are made from the log", () => followLog(deps));
    await tryTo("Recordings are kept", () => keepSounds(deps));
    await tryTo("Owners are written to", async () => letters && sendLetters(letters));
    if (!closed) timer = setTimeout(() => (looking = look()), everyMs);
  };
  let looking = look();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
