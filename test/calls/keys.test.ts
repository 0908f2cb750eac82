import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { livedMs } from "../support/sip/clock.ts";
import type { Media } from "../support/sip/media.ts";
import { toldSipp } from "../support/sip/told.ts";
import { loudness, measureTone } from "../support/sip/tones.ts";
import { testSystem } from "../support/system.ts";
import { citizen, menuNumber, promptTones, tonePlan, toneWav } from "./people.ts";

t.setTimeout(240_000);

/** Of this many presses the figures are told. */
const presses = 60;

t.test("speech stops as a key goes down, and the bed is heard until it is let go", async (t) => {
  const planDir = await tonePlan(t);
  await writeFile(join(planDir, "recordings", "sv", "menu.wav"), toneWav(promptTones.menu, 6_000));
  const file = join(planDir, "plan.yaml");
  // Two keys in turn: the same one again, within half a second, is heard when it is let go.
  const twoKeys = (await readFile(file, "utf8")).replace('"*": repeat', '"*": repeat\n      "#": repeat');
  await writeFile(file, twoKeys);
  const sys = await testSystem(t, { agents: { anna: ["a", "b"] }, planDir });
  const call = await (await toldSipp(t, sys.server)).dial(menuNumber, "0701740605");
  const { media } = call;

  await media.hears(promptTones.menu);
  let pressed = true;
  const released = media.press("*", 2_000).then(() => {
    pressed = false;
  });
  await media.heard.when("the bed", ({ sound }) => isBed(sound), media.heard.all.length);
  t.ok(pressed, "speech ended while the key was still down");
  await released;
  await next(media);
  t.equal((await sys.facts("call.key")).at(-1)?.key, "*", "and the key counts when it is let go");

  const other = await (await citizen(t, sys, "0701740606")).dial(menuNumber);
  await other.media.hears(promptTones.menu);
  const down: number[] = [];
  const told: number[] = [];
  const pressDown = async () => {
    for (let n = 0; n < presses; n++) down.push(await stopAfter(media, () => media.press(n % 2 === 0 ? "#" : "*", 250)));
  };
  const tellEnd = async () => {
    for (let n = 0; n < presses; n++) told.push(await stopAfter(other.media, () => other.info("*")));
  };
  await Promise.all([pressDown(), tellEnd()]);
  t.comment(`speech stops after key-down of a press of 250 ms (RFC 4733, a call of SIPp's): ${figures(down)}`);
  t.comment(`speech stops after a key's end (told at once, INFO): ${figures(told)}`);
  call.hangUp();
  other.hangUp();
  await Promise.all([call.over(), other.ended()]);
});

const isBed = (sound: Int16Array): boolean => loudness(sound) > 50 && loudness(sound) < 1_000;
const isMenu = (sound: Int16Array): boolean => loudness(sound) > 1_000 && measureTone(sound, promptTones.menu).share > 0.8;

/** The menu is spoken from now on. */
async function next(media: Media): Promise<void> {
  await media.hears(promptTones.menu, media.heard.all.length);
}

/** How long the menu is heard on after a key, ms; then it is spoken again. */
async function stopAfter(media: Media, press: () => Promise<unknown>): Promise<number> {
  await next(media);
  const { heard } = media;
  const from = heard.all.length;
  const at = livedMs();
  const other = heard.when("the end of speech", ({ sound }) => sound.length > 0 && !isMenu(sound), from);
  await Promise.all([press(), other]);
  const stop = heard.all.findIndex(({ sound }, n) => n >= from && sound.length > 0 && !isMenu(sound));
  return Math.max(0, (heard.all[stop - 1]?.at ?? at) - at);
}

function figures(ms: number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${at(1)} ms (${ms.length} presses)`;
}
