import fc from "fast-check";
import t from "tap";
import { fromALaw, keyTone, loudness, measureTone, toALaw, tone } from "./tones.ts";

const play = (source: (n: number) => number, length = 1600): Int16Array => Int16Array.from({ length }, (_, n) => source(n));

t.test("A-law: every byte comes back, every sample within a sixteenth", async (t) => {
  for (let byte = 0; byte < 256; byte++) t.equal(toALaw(fromALaw(byte)), byte, `byte ${byte}`);
  fc.assert(
    fc.property(fc.integer({ min: -32768, max: 32767 }), (sample) => {
      t.ok(Math.abs(fromALaw(toALaw(sample)) - sample) <= Math.max(16, Math.abs(sample) / 16));
    }),
  );
});

t.test("a tone is measured at its own frequency and height, and nowhere else", async (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 6, max: 60 }), fc.integer({ min: 1000, max: 15000 }), (step, peak) => {
      const sound = play(tone(step * 50, peak)).map((sample) => fromALaw(toALaw(sample)));
      const level = measureTone(sound, step * 50);
      t.ok(Math.abs(level.peak - peak) < peak / 20 && level.share > 0.98);
      t.ok(measureTone(sound, step * 50 + 200).share < 0.01);
    }),
  );
  t.equal(measureTone(new Int16Array(160), 440).share, 0, "silence has no part in any tone");
  t.equal(loudness(new Int16Array(160)), 0);
});

t.test("each key has its own pair of tones", async (t) => {
  const pairs = new Set<string>();
  for (const key of "1234567890*#ABCD") {
    const sound = play(keyTone(key));
    const strong = [697, 770, 852, 941, 1209, 1336, 1477, 1633].filter((hz) => measureTone(sound, hz).share > 0.4);
    t.equal(strong.length, 2, key);
    pairs.add(strong.join());
  }
  t.equal(pairs.size, 16);
});
