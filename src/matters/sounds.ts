import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { KontaktlotsError } from "../core/errors.ts";
import type { Matter, MatterStore } from "../store/matter-port.ts";
import { readWav } from "./wav.ts";

/** Where recordings lie until they are fetched: Asterisk's spool. Errors: ARI_*. */
export interface RecordingSource {
  /** undefined: there is none. */
  fetch(call: string, recording: number): Promise<Uint8Array | undefined>;
  remove(call: string, recording: number): Promise<void>;
}

export interface SoundDeps {
  readonly store: MatterStore;
  readonly source: RecordingSource;
  /** Where they are kept. */
  readonly folder: string;
  readonly log: Logger;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Asterisk may still be writing a recording whose caller has just hung up, ms. */
const lateMs = 30_000;
/** Softer than the quietest line is no sound; shorter is a click, ms. */
const leastPeak = 0.004;
const leastMs = 300;

/** Where a matter's recording is kept. `number` must be a matter's: it becomes part of a path. */
export const soundFile = (folder: string, number: string): string => join(folder, `${number}.wav`);

/**
 * Brings the recordings home that are not yet: first the file is on the disk, then Asterisk's own goes, then the matter says so. A
 * crash at any point loses nothing; the next time goes on from there. One without anything to be heard is told, and its matter has
 * no sound. Errors: STORE_FAILED, STORE_FULL; ARI_* when Asterisk is away, with those left for later.
 */
export async function keepSounds(deps: SoundDeps): Promise<void> {
  for (const matter of await deps.store.awaitedSounds()) await keepSound(deps, matter);
}

async function keepSound({ store, source, folder, log, now }: SoundDeps, matter: Matter): Promise<void> {
  const { number, call, recording, createdAt } = matter;
  if (!recording) return;
  const file = soundFile(folder, number);
  const kept = await contentOf(file);
  const bytes = kept ?? (await source.fetch(call, recording.n));
  if (bytes === undefined && now() - createdAt < lateMs) return;
  const sound = bytes && readWav(bytes);
  const heard = sound !== undefined && sound.ms >= leastMs && sound.peak >= leastPeak;
  if (bytes && heard && !kept) await write(folder, file, bytes);
  if (!heard) {
    const what = bytes === undefined ? "is not there" : sound === undefined ? "is no sound" : "has nothing to be heard";
    const error = new KontaktlotsError(
      "RECORDING_BROKEN",
      `The recording of the message ${number} ${what}.`,
      "The matter stands without it; ring the caller back, if the number is known.",
      { number, call, recording: recording.n },
    );
    log.error({ code: error.code, details: error.details }, error.line);
  }
  if (bytes) await source.remove(call, recording.n);
  await store.setSound(number, heard ? "kept" : "none", sound?.ms);
}

async function contentOf(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw failed(error);
  }
}

/** Whole or not at all, and on the disk itself: Asterisk's own is removed next. */
async function write(folder: string, file: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${file}.new`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(unfinished, "w", 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(unfinished, file);
    const directory = await open(folder);
    await directory.sync().finally(() => directory.close());
  } catch (error) {
    throw failed(error);
  }
}

function failed(error: unknown): KontaktlotsError {
  const full = error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
  const what = error instanceof Error ? error.message : String(error);
  const mend = full ? "Make room on the disk." : "Look at the rights on the state folder.";
  return new KontaktlotsError(full ? "STORE_FULL" : "STORE_FAILED", `A recording could not be kept: ${what}.`, mend, {}, error);
}
