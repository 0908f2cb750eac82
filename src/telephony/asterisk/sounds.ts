import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { access, copyFile, mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { KontaktlotsError } from "../../core/errors.ts";
import type { AsteriskLaunch } from "./options.ts";

const run = promisify(execFile);
const config = fileURLToPath(new URL("../../../asterisk-config/", import.meta.url));

/** The folders of an instance's sounds. */
export interface SoundFolders {
  readonly sounds: string;
  readonly music: string;
  readonly bed: string;
}

/** What is heard before a recording begins, for ARI. */
export const recordTone = "sound:record-tone";

/**
 * Makes what is no prompt of a plan: the reserve apology and that the lines are full, in Swedish and English, the music, the bed that is heard while a key or
 * speech is awaited, and the tone before a recording. All is A-law at 8 kHz, as the telephone network has it, and is kept in
 * `launch.cacheDir` under a checksum of its source.
 *
 * @throws KontaktlotsError PROMPT_FAILED
 */
export async function makeReserveSounds(launch: AsteriskLaunch, { sounds, music, bed }: SoundFolders): Promise<void> {
  await Promise.all([
    place(launch, join(sounds, "reserve-sv.alaw"), ["reserve/reserve-sv.txt"], (out) => speak(launch, "sv", out)),
    place(launch, join(sounds, "reserve-en.alaw"), ["reserve/reserve-en.txt"], (out) => speak(launch, "en", out)),
    place(launch, join(sounds, "full-sv.alaw"), ["reserve/full-sv.txt"], (out) => speak(launch, "sv", out, "full")),
    place(launch, join(sounds, "full-en.alaw"), ["reserve/full-en.txt"], (out) => speak(launch, "en", out, "full")),
    place(launch, join(sounds, "record-tone.alaw"), [], (out) => beep(launch, out)),
    place(launch, join(music, "music.alaw"), ["music/score.txt", "music/render.sh"], (out) =>
      run("bash", [join(config, "music", "render.sh"), launch.sox, out]),
    ),
    place(launch, join(bed, "bed.alaw"), ["music/bed.sh"], (out) =>
      run("bash", [join(config, "music", "bed.sh"), launch.sox, out]),
    ),
  ]);
}

/** Puts a sound in place, made only when none was made from the same sources before. */
async function place(
  launch: AsteriskLaunch,
  target: string,
  sources: readonly string[],
  make: (out: string) => Promise<unknown>,
): Promise<void> {
  const hash = createHash("sha256");
  for (const source of sources) hash.update(await readFile(join(config, source)));
  const kept = join(launch.cacheDir, "sounds", `${hash.update(recipe).digest("hex").slice(0, 16)}.alaw`);
  const unfinished = `${kept}.${process.pid}.${Math.trunc(performance.now())}`;
  try {
    await mkdir(join(launch.cacheDir, "sounds"), { recursive: true });
    if (!(await exists(kept))) {
      await make(unfinished);
      await rename(unfinished, kept);
    }
    await copyFile(kept, `${target}.new`);
    await rename(`${target}.new`, target);
  } catch (error) {
    await rm(unfinished, { force: true });
    const message = error instanceof Error ? error.message : String(error);
    throw new KontaktlotsError(
      "PROMPT_FAILED",
      `The sound ${target} could not be made: ${message}`,
      "Check that espeak-ng and sox work, and that the disk has room.",
      { target },
      error,
    );
  }
}

/** Counts into the checksum: change it together with the command lines below. */
const recipe = "speech 150 wpm, 0.3 s of quiet first, -20 dB; tone 0.3 s of 800 Hz";

async function speak(launch: AsteriskLaunch, voice: "sv" | "en", out: string, what = "reserve"): Promise<void> {
  const wav = `${out}.wav`;
  try {
    const text = join(config, "reserve", `${what}-${voice}.txt`);
    await run(launch.espeakNg, ["-v", voice, "-s", "150", "-f", text, "-w", wav]);
    // The network often clips the first syllable of an answered call, so each prompt opens with 300 ms of quiet.
    await run(launch.sox, [wav, "-r", "8000", "-c", "1", "-e", "a-law", "-t", "al", out, "norm", "-4", "pad", "0.3", "0.2"]);
  } finally {
    await rm(wav, { force: true });
  }
}

async function beep(launch: AsteriskLaunch, out: string): Promise<void> {
  const tone = ["synth", "0.3", "sine", "800", "fade", "q", "0.02", "0.3", "0.05", "gain", "-16"];
  await run(launch.sox, ["-D", "-n", "-r", "8000", "-c", "1", "-e", "a-law", "-t", "al", out, ...tone]);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
