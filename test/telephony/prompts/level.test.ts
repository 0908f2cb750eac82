import fc from "fast-check";
import t from "tap";
import { loudness, withoutEdges } from "../../../src/telephony/prompts/level.ts";
import { levelOf, tone } from "./tones.ts";

const loud = (samples: Int16Array) => {
  const gain = loudness(samples) ?? 0;
  return samples.map((sample) => Math.round(sample * gain));
};
const quiet = (seconds: number) => new Int16Array(seconds * 8_000);
const joined = (...parts: Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));

t.test("any tone comes out at -20 dBFS", async () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 3_000 }), fc.double({ min: 0.01, max: 1, noNaN: true }), (hertz, peak) => {
      return Math.abs(levelOf(loud(tone(hertz, 0.5, peak))) + 20) < 0.2;
    }),
    { numRuns: 30 },
  );
});

t.test("pauses between words do not make the words louder", async (t) => {
  const word = tone(400, 0.4, 0.3);
  t.equal(loudness(joined(word, quiet(2), word, quiet(3))), loudness(joined(word, word)));
});

t.test("nothing is clipped, however spiky the sound", async (t) => {
  const spiky = joined(tone(400, 0.5, 0.05), tone(400, 0.002, 1), tone(400, 0.5, 0.05));
  const peak = Math.max(...loud(spiky).map(Math.abs));
  t.ok(peak <= 32_768 * 10 ** (-1 / 20) + 1, String(peak));
});

t.test("silence has no level", async (t) => {
  t.equal(loudness(quiet(1)), undefined);
  t.equal(loudness(new Int16Array()), undefined);
  t.equal(loudness(tone(400, 1, 0.0005)), undefined);
});

t.test("quiet edges go, pauses within stay", async (t) => {
  const word = tone(400, 0.4);
  const cut = withoutEdges(joined(quiet(1), word, quiet(0.5), word, quiet(2)));
  // 60 ms are kept at either end.
  t.ok(Math.abs(cut.length / 8_000 - 1.42) < 0.05, String(cut.length / 8_000));
  t.equal(withoutEdges(quiet(1)).length, 8_000);
});
