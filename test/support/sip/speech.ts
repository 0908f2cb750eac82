import { loudness, measureTone } from "./tones.ts";

const audible = 150;
/** Below this share of a tone's energy it is another sound. */
const pure = 0.8;

/** Speech between two tones: which packets hold it, and how long it is, ms. */
export interface Spoken {
  readonly ms: number;
  /** Number of the first packet with speech; -1 when there is none. */
  readonly first: number;
}

/**
 * What is heard, packet by packet of 20 ms, from the first time of one tone to the first time of another after it, without the former:
 * an announcement between a greeting and a menu that are tones. Undefined when the two were not heard in that order.
 */
export function spokenBetween(packets: readonly Int16Array[], greeting: number, menu: number): Spoken | undefined {
  const is = (sound: Int16Array, hertz: number): boolean => loudness(sound) > audible && measureTone(sound, hertz).share > pure;
  const from = packets.findIndex((sound) => is(sound, greeting));
  const to = packets.findIndex((sound, n) => n > from && is(sound, menu));
  if (from < 0 || to < 0) return undefined;
  const isSpeech = (sound: Int16Array, n: number): boolean =>
    n > from && n < to && loudness(sound) > audible && !is(sound, greeting);
  return { ms: 20 * packets.filter(isSpeech).length, first: packets.findIndex(isSpeech) };
}
