import type { HeardPacket, Media } from "./media.ts";
import { loudness, measureTone } from "./tones.ts";

/** What a caller would notice of the sound that was recorded; times in ms. */
export interface Recorded {
  /** The longest time without a packet, from the answer to the end. */
  readonly gapMs: number;
  /** The longest time below -50 dBFS. */
  readonly quietMs: number;
  /** Packets that never came, and such that came twice: by each sender's own numbers. */
  readonly lost: number;
  readonly doubled: number;
}

/** A time of which nothing is judged but the packets: the caller speaks, say. */
export interface Exempt {
  readonly from: number;
  readonly until: number;
}

const fullScale = 32_768;
/** -50 dBFS, root of the mean square. */
export const soft = fullScale * 10 ** (-50 / 20);

/** Looks at what came between two moments, by `livedMs`. */
export function recorded(heard: readonly HeardPacket[], from: number, until: number, exempt: readonly Exempt[] = []): Recorded {
  const sound = heard.filter(({ at, key }) => key === undefined && at <= until);
  const loud = sound.filter(({ sound }) => loudness(sound) > soft).map(({ at }) => at);
  const judged = exempt.flatMap(({ from, until }) => sound.map(({ at }) => at).filter((at) => at >= from && at <= until));
  return {
    gapMs: longest([from, ...sound.map(({ at }) => at), until]),
    quietMs: longest([from, ...loud, ...judged, until].sort((a, b) => a - b)),
    ...missing(sound),
  };
}

const longest = (moments: readonly number[]): number =>
  moments.reduce((most, at, n) => Math.max(most, at - (moments[n - 1] ?? at)), 0);

const numbers = 1 << 16;

function missing(packets: readonly HeardPacket[]): { lost: number; doubled: number } {
  const last = new Map<number, number>();
  let [lost, doubled] = [0, 0];
  for (const { source, sequence } of packets) {
    const before = last.get(source);
    // Half a round ahead is further back, and one that comes late was counted as lost.
    const step = before === undefined ? 1 : (sequence - before + numbers) % numbers;
    if (step === 0) doubled += 1;
    else if (step < numbers / 2) lost += step - 1;
    else lost -= 1;
    if (step > 0 && step < numbers / 2) last.set(source, sequence);
  }
  return { lost, doubled };
}

/** Below this share of a tone's energy it is another sound. */
const pure = 0.8;
/** 80 ms: tones 12.5 Hz apart are told from each other. */
const packetsJudged = 4;

/** Resolves when this tone is heard, or has been from packet number `from` on: the number of the packet after it. */
export async function toneFrom(media: Media, hertz: number, from: number): Promise<number> {
  let seen = from;
  let last: Int16Array[] = [];
  await media.heard.when(
    `${hertz} Hz`,
    ({ sound }) => {
      seen += 1;
      last = [...last, sound].slice(-packetsJudged);
      if (last.length < packetsJudged || last.some((one) => loudness(one) < soft)) return false;
      return measureTone(Int16Array.from(last.flatMap((one) => [...one])), hertz).share > pure;
    },
    from,
  );
  return seen;
}
