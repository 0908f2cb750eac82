import type { Logger } from "pino";
import { type Tending, tend } from "../outbox/tend.ts";
import { type FollowDeps, followMatters } from "./follow.ts";
import { type LetterDeps, sendLetters } from "./letters.ts";
import { keepSounds, type SoundDeps } from "./sounds.ts";

export interface TendDeps extends FollowDeps, SoundDeps {
  readonly log: Logger;
  /** undefined: no mail is sent. */
  readonly letters: LetterDeps | undefined;
  /** Between two looks, ms: see `tend`. */
  readonly pauses?: readonly number[];
}

/** Looks after matters until it is closed: new ones from the log, their recordings, their letters. */
export function tendMatters(deps: TendDeps): Tending {
  const { log, letters, pauses } = deps;
  const jobs = {
    "Matters are made from the log": () => followMatters(deps),
    "Recordings are kept": () => keepSounds(deps),
    "Owners are written to": async () => letters && sendLetters(letters),
  };
  return tend(log, jobs, pauses);
}
