import type { Call } from "../support/sip/call.ts";
import { loudness, measureTone } from "../support/sip/tones.ts";

/** What a caller heard, looked at afterwards. */

const audible = 150;
/** Below this share of a tone's energy it is another sound. */
const pure = 0.8;

/** The frequency of the very first sound of a call, among those that may come; undefined: something else. */
export async function firstTone(call: Call, among: readonly number[]): Promise<number | undefined> {
  await call.media.hearsSomething();
  const start = call.media.heard.all.findIndex(({ sound }) => loudness(sound) > audible);
  // The first packet may begin anywhere in the sound; the next 100 ms do not.
  await call.media.heard.when("100 ms of it", () => call.media.heard.all.length > start + 6);
  const sound = call.media.heard.all.slice(start + 1, start + 6).flatMap((packet) => [...packet.sound]);
  return among.find((hertz) => measureTone(sound, hertz).share > pure);
}

/** Packets from number `from` on that are loud and yet not this tone: what else was heard. */
export function otherThan(call: Call, hertz: number, from: number): number {
  const rest = call.media.heard.all.slice(from);
  return rest.filter(({ sound }) => loudness(sound) > audible && measureTone(sound, hertz).share < pure).length;
}
