import { KontaktlotsError } from "../../core/errors.ts";
import { alaw } from "./alaw.ts";
import { loudness, withoutEdges } from "./level.ts";
import { runTool } from "./tool.ts";
import type { Samples } from "./wav.ts";

/** Samples a second on the telephone network. */
const rate = 8_000;
/** Quiet before each prompt, s: mobiles and some trunks swallow the first syllable of an answered call. */
export const quietFirst = 0.3;
/** Before a clip that stands within a sentence, s: as between two words said with care. */
export const quietWithin = 0.05;
const quietBetween = 0.25 * rate;

/** Changes whenever the sound below does: it is part of every made prompt's name. */
export const recipe = "1: 8 kHz, -20 dBFS, 0.3 s of quiet first";

/**
 * Makes one prompt out of one or more sounds (8 kHz), with so many seconds of quiet before: A-law, 8 kHz, mono, evenly loud. That is
 * what Asterisk sends to the network as it is (format "alaw").
 *
 * @throws PROMPT_FAILED when there is nothing to hear.
 */
export function makePrompt(sources: readonly Int16Array[], quiet: number): Buffer {
  const together = joined(sources.map(withoutEdges), quiet * rate);
  const gain = loudness(together);
  if (gain === undefined) throw new KontaktlotsError("PROMPT_FAILED", "The sound is silent.", "Record it again, louder.");
  return alaw(together.map((sample) => Math.round(sample * gain)));
}

/**
 * The samples of a sound file at 8 kHz; read by sox, so WAV, FLAC, Ogg and more.
 *
 * @throws PROMPT_FAILED when it is no sound.
 */
export async function readSound(file: string, sox: string): Promise<Int16Array> {
  // --no-glob: a * in a file's name is part of the name.
  return resampled(["--no-glob", file], undefined, sox).catch((error: KontaktlotsError) => {
    // An exit code means that sox itself runs.
    if (typeof error.details.code !== "number") throw error;
    const mend = "Put a WAV, FLAC or Ogg file in its place, or take it away.";
    throw new KontaktlotsError("PROMPT_FAILED", `This is no sound (${error.message}).`, mend, error.details, error);
  });
}

/** Sounds of one rate brought to 8 kHz, all in one go: starting sox costs more than its work on a sentence. */
export async function toTelephone(sounds: readonly Samples[], sox: string): Promise<Int16Array[]> {
  const [first] = sounds;
  if (!first) return [];
  // Quiet around each, so that none is heard in its neighbour however the change of rate rounds.
  const gap = Math.round(first.rate * gapSeconds);
  const starts: number[] = [];
  let length = gap;
  for (const { samples } of sounds) {
    starts.push(length);
    length += samples.length + gap;
  }
  const all = new Int16Array(length);
  for (const [index, { samples }] of sounds.entries()) all.set(samples, starts[index]);
  const output = await resampled([...rawOf(first.rate), "-"], Buffer.from(all.buffer), sox);
  const place = (at: number) => Math.round((at * rate) / first.rate);
  return sounds.map(({ samples }, index) => {
    const start = starts[index] ?? 0;
    return output.slice(place(start), place(start + samples.length));
  });
}

const gapSeconds = 0.1;

const rawOf = (rate: number) => ["-t", "raw", "-r", String(rate), "-c", "1", "-b", "16", "-e", "signed-integer"];

async function resampled(input: readonly string[], content: Buffer | undefined, sox: string): Promise<Int16Array> {
  // -D: no noise added where it is quiet. gain -h: room above, for changing the rate of a loud sound makes it louder still.
  const output = await runTool(sox, ["-D", ...input, ...rawOf(rate), "-", "gain", "-h"], content);
  return new Int16Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length - (output.length % 2)));
}

function joined(parts: readonly Int16Array[], quiet: number): Int16Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length + quietBetween, quiet - quietBetween);
  const whole = new Int16Array(length);
  let at = quiet;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length + quietBetween;
  }
  return whole;
}
