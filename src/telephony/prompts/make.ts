import { randomUUID } from "node:crypto";
import { access, copyFile, link, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { Language } from "../../core/plan/plan.ts";
import type { Job } from "./jobs.ts";
import { makePrompt, readSound, toTelephone } from "./sound.ts";
import type { SpeechProvider } from "./speech.ts";
import { wavSamples } from "./wav.ts";

export interface Making {
  /** Where Asterisk finds the sounds. */
  readonly folder: string;
  /** Where made sounds are kept for other systems on this machine, if anywhere. */
  readonly cache: string | undefined;
  readonly provider: SpeechProvider;
  readonly sox: string;
  /** How many batches at a time: more than the machine has to spare would keep the calls waiting. */
  readonly atOnce: number;
}

/** Texts that are spoken in one go: so much that the voice's start does not count, so little that others get their turn. */
const mostOfBatch = 16;
const mostLettersOfBatch = 1_500;

interface Failure {
  readonly from: string;
  readonly error: KontaktlotsError;
}

/**
 * Makes the sounds of jobs, and goes on past failures so that all of them are told at once. Files appear whole or not at all.
 *
 * @throws PROMPT_FAILED naming every prompt or recording that could not be made, and what to do.
 */
export async function makeSounds(jobs: readonly Job[], making: Making): Promise<void> {
  if (making.cache !== undefined) await mkdir(making.cache, { recursive: true });
  const failures: Failure[] = [];
  const batches = batchesOf(jobs).values();
  const worker = async () => {
    for (const batch of batches) {
      const left = await withoutKept(batch, making);
      failures.push(...(await makeBatch(left, making)));
    }
  };
  await Promise.all(Array.from({ length: making.atOnce }, worker));
  if (failures.length > 0) throw allFailed(failures);
}

/** Jobs of one language each, for they are spoken in one go; the languages in the order in which they first come. */
function batchesOf(jobs: readonly Job[]): Job[][] {
  const batches: Job[][] = [];
  let letters = 0;
  for (const job of [...Map.groupBy(jobs, ({ language }) => language).values()].flat()) {
    const more = job.stretches.reduce((sum, { text }) => sum + text.length, 0);
    const batch = batches.at(-1);
    if (batch && batch.length < mostOfBatch && letters + more <= mostLettersOfBatch && batch[0]?.language === job.language) {
      batch.push(job);
      letters += more;
    } else {
      batches.push([job]);
      letters = more;
    }
  }
  return batches;
}

/** Those of a batch that another system on this machine has not made before. */
async function withoutKept(batch: readonly Job[], { cache, folder }: Making): Promise<Job[]> {
  if (cache === undefined) return [...batch];
  const left: Job[] = [];
  for (const job of batch) {
    const kept = join(cache, job.name);
    const isKept = await access(kept).then(
      () => true,
      () => false,
    );
    if (isKept) await share(kept, join(folder, job.name));
    else left.push(job);
  }
  return left;
}

async function makeBatch(batch: readonly Job[], making: Making): Promise<Failure[]> {
  if (batch.length === 0) return [];
  try {
    const spoken = await speak(batch, making);
    const failures: Failure[] = [];
    for (const job of batch) {
      const made = makeOne(job, spoken.get(job) ?? [], making);
      await made.catch((thrown) => failures.push({ from: job.from, error: asKontaktlotsError(thrown) }));
    }
    return failures;
  } catch (thrown) {
    if (batch.length === 1) return batch.map(({ from }) => ({ from, error: asKontaktlotsError(thrown) }));
    // One text may keep the others from being spoken: which one is found by speaking each alone.
    const failures: Failure[] = [];
    for (const job of batch) failures.push(...(await makeBatch([job], making)));
    return failures;
  }
}

/** What the jobs without a recording are made of: every stretch spoken, those of one language in one go. */
async function speak(batch: readonly Job[], { provider, sox }: Making): Promise<Map<Job, Int16Array[]>> {
  const stretches = batch.flatMap((job) =>
    job.recording === undefined ? job.stretches.map((stretch) => ({ job, ...stretch })) : [],
  );
  const sounds = new Map<(typeof stretches)[number], Int16Array>();
  for (const [language, alike] of Map.groupBy(stretches, (stretch): Language => stretch.language)) {
    const texts = alike.map(({ text }) => text);
    const said = await toTelephone((await provider.speak(texts, language)).map(wavSamples), sox);
    for (const [index, stretch] of alike.entries()) sounds.set(stretch, said[index] ?? new Int16Array());
  }
  const spoken = new Map<Job, Int16Array[]>(batch.map((job) => [job, []]));
  for (const stretch of stretches) spoken.get(stretch.job)?.push(sounds.get(stretch) ?? new Int16Array());
  return spoken;
}

async function makeOne(job: Job, spoken: readonly Int16Array[], { folder, cache, sox }: Making): Promise<void> {
  const sources = job.recording === undefined ? spoken : [await readSound(job.recording, sox)];
  const sound = makePrompt(sources, job.quiet);
  await writeWhole(join(cache ?? folder, job.name), sound);
  if (cache !== undefined) await share(join(cache, job.name), join(folder, job.name));
}

/** Readable by Asterisk, whoever it runs as; on disk before it has its name, so that no half file is ever played. */
async function writeWhole(file: string, content: Buffer): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, content, { flush: true, mode: 0o644 });
  await rename(unfinished, file);
}

/** The same file in a second place: a second name for it, or a copy where the two lie on different disks. */
async function share(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    const unfinished = `${to}.${randomUUID()}`;
    await copyFile(from, unfinished);
    await rename(unfinished, to);
  }
}

/** One error for all; what failed in the same way, as all do without a voice, is told together. */
function allFailed(failures: readonly Failure[]): KontaktlotsError {
  const lines = [...Map.groupBy(failures, ({ error }) => `${error.message} ${error.mend}`)].map(([why, alike]) => {
    const names = alike.slice(0, 3).map(({ from }) => from);
    const more = alike.length > names.length ? ` and ${alike.length - names.length} more` : "";
    return `\n  ${names.join(", ")}${more}: ${why}`;
  });
  const prompts = failures.map(({ from }) => from);
  const message = `Prompts could not be made:${lines.join("")}\n`;
  return new KontaktlotsError("PROMPT_FAILED", message, "Do as said, and start again.", { prompts }, failures[0]?.error);
}
