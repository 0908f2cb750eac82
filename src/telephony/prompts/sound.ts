import { KontaktlotsError } from "../../core/errors.ts";
import { loudness, withoutEdges } from "./level.ts";
import { runTool } from "./tool.ts";

/** Samples a second on the telephone network. */
const rate = 8_000;
/** Quiet before each prompt: mobiles and some trunks swallow the first syllable of an answered call. */
const quietFirst = 0.3 * rate;
const quietBetween = 0.25 * rate;

/** Changes whenever the sound below does: it is part of every made prompt's name. */
export const recipe = "1: 8 kHz, -20 dBFS, 0.3 s of quiet first";

/** A sound file, or its content; read by sox, so WAV, FLAC, Ogg and more. */
export type SoundSource = { readonly file: string } | { readonly wav: Buffer };

/**
 * Makes one prompt out of one or more sounds: A-law, 8 kHz, mono, evenly loud. That is what Asterisk sends to the
 * network as it is (format "alaw").
 *
 * @throws PROMPT_FAILED when a source is no sound, or silent.
 */
export async function makePrompt(sources: readonly SoundSource[], sox: string): Promise<Buffer> {
  const parts: Int16Array[] = [];
  for (const source of sources) parts.push(withoutEdges(await samplesOf(source, sox)));
  const together = joined(parts);
  const gain = loudness(together);
  if (gain === undefined) throw new KontaktlotsError("PROMPT_FAILED", "The sound is silent.", "Record it again, louder.");
  const even = together.map((sample) => Math.round(sample * gain));
  return runTool(sox, [...raw, "-", "-e", "a-law", "-t", "al", "-"], Buffer.from(even.buffer));
}

/** Signed 16-bit samples as they come; -D: no noise added where it is quiet. */
const raw = ["-D", "-t", "raw", "-r", String(rate), "-c", "1", "-b", "16", "-e", "signed-integer"];

async function samplesOf(source: SoundSource, sox: string): Promise<Int16Array> {
  // --no-glob: a * in a file's name is part of the name.
  const [input, content] = "file" in source ? [["--no-glob", source.file]] : [["-t", "wav", "-"], source.wav];
  const [, ...format] = raw;
  // gain -h: room above, for changing the rate of a loud sound makes it louder still.
  const output = await runTool(sox, ["-D", ...input, ...format, "-", "gain", "-h"], content).catch((error: KontaktlotsError) => {
    // An exit code means that sox itself runs.
    if (typeof error.details.code !== "number") throw error;
    const mend = "Put a WAV, FLAC or Ogg file in its place, or take it away.";
    throw new KontaktlotsError("PROMPT_FAILED", `This is no sound (${error.message}).`, mend, error.details, error);
  });
  return new Int16Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length - (output.length % 2)));
}

function joined(parts: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  const length = parts.reduce((sum, part) => sum + part.length + quietBetween, quietFirst - quietBetween);
  const whole = new Int16Array(length);
  let at = quietFirst;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length + quietBetween;
  }
  return whole;
}
