import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import type { Call, DialOptions } from "../support/sip/call.ts";
import { Phone } from "../support/sip/phone.ts";
import { loudness, tone } from "../support/sip/tones.ts";
import type { TestSystem } from "../support/system.ts";

/** The numbers of the calls' plan: one with a menu (1: group a, 2: group b), one straight to group b, which has no wrap-up. */
export const menuNumber = "0846500400";
export const directNumber = "0846500401";

/** Each prompt of `tonePlan` is a tone of its own, so that a test can tell what is being said. Hz. */
export const promptTones = {
  greeting: 500,
  menu: 600,
  "wrong-key": 700,
  "no-key": 800,
  "to-agent": 900,
  "place-first": 1100,
  "other-group": 1300,
} as const;

/** In English each prompt is so much higher, Hz. */
export const englishHigher = 1000;

/** A copy of the calls' plan whose prompts are recordings of tones. */
export async function tonePlan(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "kl-plan-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await cp(fileURLToPath(new URL("../fixtures/plans/calls/", import.meta.url)), folder, { recursive: true });
  for (const [language, higher] of [["sv", 0] as const, ["en", englishHigher] as const]) {
    await mkdir(join(folder, "recordings", language), { recursive: true });
    for (const [prompt, hertz] of Object.entries(promptTones)) {
      await writeFile(join(folder, "recordings", language, `${prompt}.wav`), toneWav(hertz + higher, 500));
    }
  }
  return folder;
}

/** A WAV file: 8 kHz, mono, 16 bit. */
export function toneWav(hertz: number, ms: number): Buffer {
  const source = tone(hertz);
  const file = Buffer.alloc(44 + ms * 16);
  file.write("RIFF", 0);
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8);
  // 16 bytes of format: PCM, one channel, samples and bytes a second, bytes and bits of a sample.
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(8000, 24);
  file.writeUInt32LE(16_000, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(file.length - 44, 40);
  for (let n = 0; n < ms * 8; n++) file.writeInt16LE(source(n), 44 + 2 * n);
  return file;
}

/** A caller in the telephone network. */
export async function citizen(t: Test, sys: TestSystem, user = "0701740605"): Promise<Phone> {
  const phone = await Phone.open({ user, server: sys.server, address: "127.0.0.2" });
  t.teardown(() => phone.close());
  return phone;
}

/** An agent's desk phone, registered, and the agent available. */
export async function desk(t: Test, sys: TestSystem, agent: string): Promise<Phone> {
  const password = sys.secrets.get(agent)?.desk ?? "";
  const phone = await Phone.open({ user: `d-${agent}`, server: sys.server, password });
  t.teardown(() => phone.close());
  await phone.register();
  await sys.agent(agent, (view) => view.reachable);
  await sys.command({ type: "available", agent });
  return phone;
}

/** Rings straight to group b, and is answered: caller and agent hear each other's tones, 440 and 1,000 Hz. */
export async function talk(from: Phone, to: Phone, options?: DialOptions): Promise<{ call: Call; leg: Call }> {
  const call = await from.dial(directNumber, options);
  const leg = await to.nextCall();
  leg.ring();
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  return { call, leg };
}

/** The longest time without sound above -50 dBFS since the answer, ms. */
export function longestGap(call: Call): number {
  const loud = call.media.heard.all.filter(({ sound }) => loudness(sound) > 32_768 * 10 ** (-50 / 20));
  return Math.max(0, ...loud.slice(1).map(({ at }, n) => at - (loud[n]?.at ?? at)));
}

/** From this moment on, caller and agent hear each other. */
export async function bothHear(call: Call, leg: Call): Promise<void> {
  await Promise.all([leg.media.hears(440, leg.media.heard.all.length), call.media.hears(1000, call.media.heard.all.length)]);
}

/** Each speaks in turn, and all the others hear it. */
export async function allHear(all: readonly (readonly [Call, number])[]): Promise<void> {
  for (const [one] of all) one.media.quiet();
  for (const [speaker, hertz] of all) {
    speaker.media.play(hertz);
    await Promise.all(all.flatMap(([one]) => (one === speaker ? [] : [one.media.hears(hertz, one.media.heard.all.length)])));
    speaker.media.quiet();
  }
}
