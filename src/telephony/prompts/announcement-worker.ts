import { parentPort, workerData } from "node:worker_threads";
import { asKontaktlotsError } from "../../core/errors.ts";
import { espeak } from "./espeak.ts";
import type { Job } from "./jobs.ts";
import { makeSounds } from "./make.ts";

/** What a thread is given to make, and what it answers: nothing, or what failed. */
export interface SoundWork {
  readonly jobs: readonly Job[];
  readonly folder: string;
  readonly espeakNg: string;
  readonly sox: string;
}
export interface SoundFailure {
  readonly message: string;
  readonly mend: string;
}

/** A crisis is no time to save the processor. */
const atOnce = 4;

const { jobs, folder, espeakNg, sox } = workerData as SoundWork;
try {
  await makeSounds(jobs, { folder, cache: undefined, provider: espeak(espeakNg), sox, atOnce });
  parentPort?.postMessage(null);
} catch (thrown) {
  const { message, mend } = asKontaktlotsError(thrown);
  parentPort?.postMessage({ message, mend } satisfies SoundFailure);
}
