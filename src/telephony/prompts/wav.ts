import { KontaktlotsError } from "../../core/errors.ts";

/** Signed 16-bit samples, mono. */
export interface Samples {
  readonly rate: number;
  readonly samples: Int16Array;
}

const headBytes = 44;

/** The samples of a WAV file as voices write it to a pipe: 44 bytes of head, 16 bit, mono. Errors: PROMPT_FAILED. */
export function wavSamples(wav: Buffer): Samples {
  const known = wav.length >= headBytes && wav.toString("latin1", 0, 4) === "RIFF" && wav.toString("latin1", 36, 40) === "data";
  if (!known || wav.readUInt16LE(22) !== 1 || wav.readUInt16LE(34) !== 16)
    throw new KontaktlotsError("PROMPT_FAILED", "The voice wrote no WAV file of 16 bit, mono.", "Try the voice by hand.");
  const bytes = wav.length - headBytes;
  const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + headBytes, wav.byteOffset + headBytes + bytes - (bytes % 2)));
  return { rate: wav.readUInt32LE(24), samples };
}

/** Samples as a WAV file: 16 bit, mono. */
export function wavOf(samples: Int16Array, rate: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.write("RIFF", 0);
  head.writeUInt32LE(headBytes - 8 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}

/** The stretches of sound between stretches of complete quiet that are at least so long. */
export function splitAtQuiet({ samples, rate }: Samples, leastMs: number): Int16Array[] {
  const least = (leastMs / 1000) * rate;
  const parts: Int16Array[] = [];
  let from = -1;
  let last = -1;
  for (let at = 0; at < samples.length; at++) {
    if (samples[at] === 0) continue;
    if (from >= 0 && at - last > least) {
      parts.push(samples.subarray(from, last + 1));
      from = at;
    }
    if (from < 0) from = at;
    last = at;
  }
  if (from >= 0) parts.push(samples.subarray(from, last + 1));
  return parts;
}
