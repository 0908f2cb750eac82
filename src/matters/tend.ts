import type { Logger } from "pino";
import { type FollowDeps, followLog } from "./follow.ts";
import { type LetterDeps, sendLetters } from "./letters.ts";
import { overAndOver } from "./over-and-over.ts";
import { keepSounds, type SoundDeps } from "./sounds.ts";

export interface TendDeps extends FollowDeps, SoundDeps {
  readonly log: Logger;
  /** undefined: no mail is sent. */
  readonly letters: LetterDeps | undefined;
  /** How often is looked, ms. Default 1000. */
  readonly everyMs?: number;
}

/** Looks after matters until it is closed: new ones from the log, their recordings, their letters. */
export function tendMatters(deps: TendDeps): { close(): Promise<void> } {
  const { log, letters, everyMs } = deps;
  const jobs = {
    "Matters are made from the log": () => followLog(deps),
    "Recordings are kept": () => keepSounds(deps),
    "Owners are written to": async () => letters && sendLetters(letters),
  };
  return overAndOver(log, jobs, everyMs);
}
