/** Samples of one frame: 20 ms at 8 kHz. */
const frame = 160;
const fullScale = 32_768;
/** Where speech is brought to, as RMS of its loud frames: −20 dBFS, the usual level of telephone announcements. */
const wanted = fullScale * decibels(-20);
/** No sample may come higher, so that nothing is clipped. */
const ceiling = fullScale * decibels(-1);
/** Below this there is no speech in a sound, only hiss. */
const silence = fullScale * decibels(-60);
/** Frames this much below the loudest are pauses between words, and do not count for the level. */
const pause = decibels(-25);
/** Frames this much below the loudest, at either end, are cut. */
const edge = decibels(-40);
/** Frames kept around the speech, for soft first and last sounds. */
const margin = 3;

/** The factor that brings the speech to −20 dBFS without clipping; undefined when there is none. Cf. ITU-T P.56, simplified. */
export function loudness(samples: Int16Array): number | undefined {
  const levels = levelsOf(samples);
  const loudest = highest(levels);
  if (loudest < silence) return undefined;
  const speech = levels.filter((level) => level >= loudest * pause);
  const level = Math.sqrt(speech.reduce((sum, one) => sum + one * one, 0) / speech.length);
  return Math.min(wanted / level, ceiling / peakOf(samples));
}

/** The sound without the quiet at its beginning and end. */
export function withoutEdges(samples: Int16Array): Int16Array {
  const levels = levelsOf(samples);
  const limit = Math.max(silence, highest(levels) * edge);
  const first = levels.findIndex((level) => level >= limit);
  if (first < 0) return samples;
  const last = levels.findLastIndex((level) => level >= limit);
  return samples.slice(Math.max(0, first - margin) * frame, (last + 1 + margin) * frame);
}

/** The RMS of each frame. Plain loops here: a prompt has a hundred thousand samples, and there are thousands of prompts. */
function levelsOf(samples: Int16Array): number[] {
  const levels: number[] = [];
  for (let from = 0; from < samples.length; from += frame) {
    const to = Math.min(from + frame, samples.length);
    let sum = 0;
    for (let at = from; at < to; at++) {
      const sample = samples[at] ?? 0;
      sum += sample * sample;
    }
    levels.push(Math.sqrt(sum / (to - from)));
  }
  return levels;
}

function peakOf(samples: Int16Array): number {
  let most = 0;
  for (let at = 0; at < samples.length; at++) most = Math.max(most, Math.abs(samples[at] ?? 0));
  return most;
}

function highest(values: readonly number[]): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

function decibels(value: number): number {
  return 10 ** (value / 20);
}
