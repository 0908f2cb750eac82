import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { makeReserveSounds } from "../../../src/telephony/asterisk/sounds.ts";
import { testLaunch } from "../../support/asterisk.ts";
import { fromALaw, loudness } from "../../support/sip/tones.ts";

t.setTimeout(120_000);

/** dB of full scale. */
const level = (samples: ArrayLike<number>): number => 20 * Math.log10(loudness(samples) / 32_768);

/** The longest stretch that is quieter than `floor` dB, in ms, looked at in windows of 20 ms. */
function longestGap(samples: Int16Array, floor: number): number {
  let longest = 0;
  let gap = 0;
  for (let i = 0; i < samples.length; i += 160) {
    gap = level(samples.subarray(i, i + 160)) < floor ? gap + 20 : 0;
    longest = Math.max(longest, gap);
  }
  return longest;
}

t.test("the sounds of the reserve, made anew", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "kontaktlots-sounds-"));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  await makeReserveSounds({ ...(await testLaunch()), cacheDir: join(dir, "cache") }, { sounds: dir, music: dir, bed: dir });
  const read = async (name: string): Promise<Int16Array> => Int16Array.from(await readFile(join(dir, name)), fromALaw);

  const music = await read("music.alaw");
  t.ok(music.length >= 60 * 8000, "a minute of music at least");
  t.ok(Math.abs(level(music) + 20) < 1, `at -20 dB: ${level(music).toFixed(1)}`);
  t.equal(
    longestGap(Int16Array.from([...music, ...music.subarray(0, 8000)]), -40),
    0,
    "without a gap, also where it begins again",
  );

  const bed = await read("bed.alaw");
  t.ok(Math.abs(level(bed) + 43) < 1, `the bed is soft: ${level(bed).toFixed(1)} dB`);
  t.equal(longestGap(Int16Array.from([...bed, ...bed.subarray(0, 8000)]), -50), 0, "and never dead air, nor where it goes round");

  for (const name of ["reserve-sv.alaw", "reserve-en.alaw"]) {
    const speech = await read(name);
    t.ok(level(speech.subarray(0, 2400)) < -50, `${name} opens with 300 ms of quiet`);
    t.ok(level(speech) > -28 && level(speech) < -16, `${name} is as loud as speech: ${level(speech).toFixed(1)} dB`);
    t.ok(speech.length < 10 * 8000, `${name} is short: ${(speech.length / 8000).toFixed(1)} s`);
  }
});
