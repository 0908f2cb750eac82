/** Sound for test phones: A-law, pure tones and the measuring of tones. Samples are 16 bit, 8,000 a second. */
export const sampleRate = 8000;

/** One sample to A-law (ITU-T G.711, table 1a). */
export function toALaw(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  const size = Math.min(Math.abs(sample), 32767);
  const segment = size < 256 ? 0 : Math.floor(Math.log2(size)) - 7;
  const step = (size >> (segment === 0 ? 4 : segment + 3)) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}

/** One A-law byte to a sample. */
export function fromALaw(byte: number): number {
  const value = byte ^ 0x55;
  const segment = (value >> 4) & 7;
  const step = (value & 0x0f) << 4;
  const size = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return value & 0x80 ? size : -size;
}

/** Gives the sample number `n` since the source was started. */
export type Source = (n: number) => number;

export const silence: Source = () => 0;

/** A pure tone, or several at once. `peak` is the height of each, of 32,767: 8,000 is about -12 dB of full scale. */
export function tone(hertz: number | readonly number[], peak = 8000): Source {
  const all = typeof hertz === "number" ? [hertz] : hertz;
  return (n) => Math.round(all.reduce((sum, hz) => sum + peak * Math.sin((2 * Math.PI * hz * n) / sampleRate), 0));
}

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477, 1633];
/** The two tones of a key (ITU-T Q.23). */
export function keyTone(key: string): Source {
  const at = "123A456B789C*0#D".indexOf(key);
  return tone([rows[at >> 2] ?? 0, columns[at & 3] ?? 0], 6000);
}

/** What one frequency has of a piece of sound. `peak`: its height, of 32,767. `share`: its part of all energy, 0–1. */
export interface ToneLevel {
  readonly peak: number;
  readonly share: number;
}

/** Measures one frequency with Goertzel's algorithm. A piece of n samples tells frequencies 8,000/n Hz apart. */
export function measureTone(samples: ArrayLike<number>, hertz: number): ToneLevel {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / sampleRate);
  let before = 0;
  let last = 0;
  let energy = 0;
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i] ?? 0;
    const now = sample + turn * last - before;
    before = last;
    last = now;
    energy += sample * sample;
  }
  const size = Math.sqrt(Math.max(0, last * last + before * before - turn * last * before));
  const peak = (2 * size) / Math.max(1, samples.length);
  return { peak, share: energy === 0 ? 0 : Math.min(1, ((peak * peak) / 2) * (samples.length / energy)) };
}

/** How loud a piece of sound is: root of the mean square, of 32,767. */
export function loudness(samples: ArrayLike<number>): number {
  let energy = 0;
  for (let i = 0; i < samples.length; i++) energy += (samples[i] ?? 0) ** 2;
  return Math.sqrt(energy / Math.max(1, samples.length));
}
