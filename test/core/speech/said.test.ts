import fc from "fast-check";
import t, { type Test } from "tap";
import { clips, clipsOf, isClip, type Said, splitPrompt } from "../../../src/core/speech/said.ts";
import { numbered, numberedPrompts, requiredPrompts } from "../../../src/core/speech/sentences.ts";
import { defaultTexts } from "../../../src/plans/languages.ts";

const says = (t: Test, said: Said, expected: readonly string[]) => t.strictSame(clipsOf(said), expected, JSON.stringify(said));

t.test("a time of day: a full hour in one, else hour and minutes, never too early", async (t) => {
  says(t, { clock: 14 * 60 }, ["clock-14"]);
  says(t, { clock: 0 }, ["clock-0"]);
  says(t, { clock: 14 * 60 + 30 }, ["hour-14", "minute-30"]);
  says(t, { clock: 14 * 60 + 1 }, ["hour-14", "minute-5"]);
  says(t, { clock: 14 * 60 + 56 }, ["clock-15"]);
  says(t, { clock: 23 * 60 + 58 }, ["hour-23", "minute-55"]);
  says(t, { clock: -3 }, ["clock-0"]);
  says(t, { clock: Number.NaN }, []);
});

t.test("a day by its distance", async (t) => {
  const today = "2026-11-24";
  says(t, { day: "2026-11-24", today }, ["day-today"]);
  says(t, { day: "2026-11-25", today }, ["day-tomorrow"]);
  says(t, { day: "2026-11-26", today }, ["weekday-4"]);
  says(t, { day: "2026-11-29", today }, ["weekday-7"]);
  says(t, { day: "2026-11-30", today }, ["weekday-1"]);
  says(t, { day: "2026-12-01", today }, ["date-1", "month-12"]);
  says(t, { day: "2026-11-23", today }, ["date-23", "month-11"]);
  // Summer time begins and ends between these.
  says(t, { day: "2026-03-30", today: "2026-03-28" }, ["weekday-1"]);
  says(t, { day: "2027-01-01", today: "2026-12-31" }, ["day-tomorrow"]);
  for (const day of ["2026-02-30", "2026-13-01", "soon", ""]) says(t, { day, today }, []);
});

t.test("a wait by the narrowest range that holds it; nothing for a guess", async (t) => {
  const wait = (from: number, to: number) => clipsOf({ waitMinutes: { from, to } });
  t.strictSame(wait(0, 0.5), ["wait-0-1"]);
  t.strictSame(wait(1.2, 1.9), ["wait-1-2"]);
  t.strictSame(wait(3, 4.5), ["wait-2-5"]);
  t.strictSame(wait(1.5, 3), ["wait-1-5"]);
  t.strictSame(wait(4, 7), ["wait-2-10"]);
  t.strictSame(wait(6, 12), ["wait-5-15"]);
  t.strictSame(wait(20, 40), ["wait-15-60"]);
  t.strictSame(wait(70, 100), ["wait-over-60"]);
  t.strictSame(wait(1, 40), []);
  t.strictSame(wait(50, 70), []);
  t.strictSame(wait(5, 2), []);
  t.strictSame(wait(Number.NaN, 2), []);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 90, noNaN: true }), fc.double({ min: 0, max: 90, noNaN: true }), (a, b) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      const [clip] = wait(from, to);
      if (clip === undefined) return true;
      if (clip === "wait-over-60") return from >= 60;
      const [, least, most] = clip.split("-").map(Number);
      return Number(least) <= from && to <= Number(most);
    }),
  );
});

t.test("digits, places, prompts, and prompts in another language", async (t) => {
  says(t, { digits: "08-508" }, ["digit-0", "digit-8", "digit-5", "digit-0", "digit-8"]);
  t.equal(clipsOf({ digits: "7".repeat(3_000) }).length, 32);
  says(t, { place: 1 }, ["place-first"]);
  says(t, { place: 20 }, ["place-20"]);
  says(t, { place: 21 }, ["place-many"]);
  says(t, "goodbye", ["goodbye"]);
  says(t, { prompt: "language-choice-3", language: "fi" }, ["fi:language-choice-3"]);
  t.strictSame(splitPrompt("fi:language-choice-3"), { prompt: "language-choice-3", language: "fi" });
  t.strictSame(splitPrompt("goodbye"), { prompt: "goodbye" });
  t.ok(isClip("clock-14") && isClip("digit-7") && !isClip("wait-5-10") && !isClip("goodbye"));
});

const languages = ["sv", "en", "fi", "ar", "so", "fa", "es", "pl", "tr", "ku"];
const value: fc.Arbitrary<Said> = fc.oneof(
  fc.constantFrom(...requiredPrompts),
  fc.record({ clock: fc.oneof(fc.integer(), fc.double(), fc.nat(1_440)) }),
  fc.record({ day: fc.date({ noInvalidDate: true }).map(dayOf), today: fc.date({ noInvalidDate: true }).map(dayOf) }),
  fc
    .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: -10, max: 40 }))
    .map(([from, ahead]) => ({ day: dayOf(new Date(86_400_000 * (from + ahead))), today: dayOf(new Date(86_400_000 * from)) })),
  fc.record({ waitMinutes: fc.record({ from: fc.double(), to: fc.double() }) }),
  fc.record({ digits: fc.string() }),
  fc.record({ place: fc.oneof(fc.integer(), fc.nat(40), fc.double()) }),
);

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

t.test("every clip that anything can give has a text in every language", async (t) => {
  for (const language of languages) {
    const texts = defaultTexts(language);
    const known = new Set(Object.keys(texts));
    for (const id of Object.keys(numbered) as (keyof typeof numbered)[])
      if (known.delete(id)) for (const { prompt } of numberedPrompts(id)) known.add(prompt);
    t.strictSame(
      [...requiredPrompts, ...Object.values(clips).flat()].filter((id) => !known.has(id)),
      [],
      `${language} lacks nothing`,
    );
    fc.assert(
      fc.property(value, (said) => clipsOf(said).every((clip) => known.has(clip))),
      { numRuns: 300 },
    );
  }
});

t.test("languages say different things differently", async (t) => {
  for (const language of languages) {
    const texts = defaultTexts(language);
    for (const [kind, ids] of Object.entries(clips)) {
      const said = ids.map((id) => texts[id]);
      t.equal(new Set(said).size, said.length, `${kind} in ${language}`);
    }
    const latin = !["ar", "fa"].includes(language);
    for (const [id, text] of Object.entries(texts)) {
      const own = text.replaceAll(/\[[a-z]{2}:[^\]]*\]|\{n\}/g, "");
      if (/\p{Script=Arabic}/u.test(own) === latin) t.fail(`${id} in ${language} is in another script: ${text}`);
    }
  }
  t.equal(defaultTexts("pl")["clock-14"], "o czternastej");
  t.equal(defaultTexts("tr")["minute-30"], "otuzda");
  t.equal(defaultTexts("ar")["hour-14"], "بعد الظهر، في الساعة الثانية");
});
