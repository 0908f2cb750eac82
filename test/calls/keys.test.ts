import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import type { Call } from "../support/sip/call.ts";
import { loudness, measureTone } from "../support/sip/tones.ts";
import { testSystem } from "../support/system.ts";
import { citizen, menuNumber, promptTones, tonePlan, toneWav } from "./people.ts";

t.setTimeout(240_000);

/** Of this many presses the figures are told. */
const presses = 20;

t.test("speech stops as a key goes down, and the bed is heard until it is let go", async (t) => {
  const planDir = await tonePlan(t);
  await writeFile(join(planDir, "recordings", "sv", "menu.wav"), toneWav(promptTones.menu, 6_000));
  const sys = await testSystem(t, { agents: { anna: ["a", "b"] }, planDir });
  const caller = await citizen(t, sys);
  const call = await caller.dial(menuNumber);

  await call.media.hears(promptTones.menu);
  let pressed = true;
  const released = call.media.press("*", 2_000).then(() => {
    pressed = false;
  });
  await call.media.heard.when("the bed", ({ sound }) => isBed(sound), call.media.heard.all.length);
  t.ok(pressed, "speech ended while the key was still down");
  await released;
  await next(call);
  t.equal((await sys.facts("call.key")).at(-1)?.key, "*", "and the key counts when it is let go");

  const down: number[] = [];
  const told: number[] = [];
  for (let n = 0; n < presses; n++) {
    down.push(await stopAfter(call, () => call.media.press("*", 250)));
    told.push(await stopAfter(call, () => call.info("*")));
  }
  t.comment(`speech stops after key-down of a press of 250 ms: ${figures(down)}`);
  t.comment(`speech stops after a key told at once (INFO): ${figures(told)}`);
  call.hangUp();
  await call.ended();
});

const isBed = (sound: Int16Array): boolean => loudness(sound) > 50 && loudness(sound) < 1_000;
const isMenu = (sound: Int16Array): boolean => loudness(sound) > 1_000 && measureTone(sound, promptTones.menu).share > 0.8;

/** The menu is spoken from now on. */
async function next(call: Call): Promise<void> {
  await call.media.hears(promptTones.menu, call.media.heard.all.length);
}

/** How long the menu is heard on after a key, ms; then it is spoken again. */
async function stopAfter(call: Call, press: () => Promise<unknown>): Promise<number> {
  await next(call);
  const { heard } = call.media;
  const from = heard.all.length;
  const at = Date.now();
  const other = heard.when("the end of speech", ({ sound }) => sound.length > 0 && !isMenu(sound), from);
  await Promise.all([press(), other]);
  const stop = heard.all.findIndex((packet, n) => n >= from && !isMenu(packet.sound));
  return Math.max(0, (heard.all[stop - 1]?.at ?? at) - at);
}

function figures(ms: number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms (${ms.length} presses)`;
}
