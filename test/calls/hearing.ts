import type { Call } from "../support/sip/call.ts";
import { loudness, measureTone } from "../support/sip/tones.ts";
import type { TestSystem } from "../support/system.ts";

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

/** Whether this tone has been heard so far, for 80 ms at least. */
export function hasHeard(call: Call, hertz: number): boolean {
  let run = 0;
  return call.media.heard.all.some(({ sound }) => {
    const isTone = loudness(sound) > audible && measureTone(sound, hertz).share > pure;
    run = isTone ? run + 1 : 0;
    return run >= 4;
  });
}

/**
 * Listens for so long, ms, as the line counts it: by the sound that comes, 50 packets a second. When the machine stands still, so does
 * this.
 */
export async function listen(call: Call, ms: number): Promise<void> {
  const { heard } = call.media;
  const until = heard.all.length + Math.ceil(ms / 20);
  await heard.when(`${ms} ms of sound`, () => heard.all.length >= until, heard.all.length, 60_000 + 4 * ms);
}

/** The tone after which one speaks, Hz. */
const recordTone = 800;

/**
 * Listens to the tone before a recording to its end, from packet number `from` on, and then speaks for so long, ms: 440 Hz unless told
 * otherwise.
 */
export async function speakAfterTone(call: Call, ms: number, { from = 0, hertz = 440 } = {}): Promise<void> {
  await call.media.hears(recordTone, from);
  const { heard } = call.media;
  const isOver = ({ sound }: { sound: Int16Array }) => sound.length > 0 && measureTone(sound, recordTone).share < pure;
  await heard.when("the end of the tone", isOver, heard.all.length);
  call.media.play(hertz);
  await listen(call, ms);
}

/** What the engine says to callers, prompt by prompt as its log has it: to wait for one whatever it sounds like. */
export class Said {
  readonly #sys: TestSystem;
  #seen = 0;

  constructor(sys: TestSystem) {
    this.#sys = sys;
  }

  /** Waits until this prompt is said, after the one waited for before. */
  async next(prompt: string): Promise<void> {
    for (;;) {
      const all = await this.#sys.facts("call.said", this.#seen + 1);
      const found = all.findIndex(({ prompts }, n) => n >= this.#seen && prompts.includes(prompt));
      this.#seen = found < 0 ? all.length : found + 1;
      if (found >= 0) return;
    }
  }
}
