import { parentPort, workerData } from "node:worker_threads";
import { asKontaktlotsError } from "../../core/errors.ts";
import type { Language } from "../../core/plan/plan.ts";
import { espeak } from "./espeak.ts";
import type { Job } from "./jobs.ts";
import { makeSounds } from "./make.ts";

/** What a thread is given to make: an announcement in some languages, the most wanted first. */
export interface SoundWork {
  readonly jobs: readonly Job[];
  readonly folder: string;
  readonly espeakNg: string;
  readonly sox: string;
}

/** What it tells of each language as it is done. */
export interface SoundDone {
  readonly language: Language;
  readonly failure?: { readonly message: string; readonly mend: string };
}

/** As many as there are processors to spare on a small machine; the first has them for itself. */
const atOnce = 2;

const { jobs, folder, espeakNg, sox } = workerData as SoundWork;
const left = jobs.values();

async function makeOne(job: Job): Promise<void> {
  const { language } = job;
  const tell = (done: SoundDone) => parentPort?.postMessage(done);
  try {
    await makeSounds([job], { folder, cache: undefined, provider: espeak(espeakNg), sox, atOnce: 1 });
    tell({ language });
  } catch (thrown) {
    const { message, mend } = asKontaktlotsError(thrown);
    tell({ language, failure: { message, mend } });
  }
}

async function makeRest(): Promise<void> {
  for (const job of left) await makeOne(job);
}

const first = left.next().value;
if (first) await makeOne(first);
await Promise.all(Array.from({ length: atOnce }, makeRest));
