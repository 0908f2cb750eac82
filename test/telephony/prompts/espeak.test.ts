import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { loadPlan } from "../../../src/plans/load.ts";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { checkPrompts, espeak, preparePrompts } from "../../../src/telephony/prompts/index.ts";

const { espeakNg, sox } = await provision();
const voice = espeak(espeakNg);
/** Bytes a second of a WAV file as espeak-ng writes it: 22,050 Hz, 16 bit. */
const second = 44_100;

t.test("the voice speaks Swedish and English", async (t) => {
  for (const language of ["sv", "en", "fi", "ar"]) {
    const [sound = Buffer.alloc(0)] = await voice.speak(["Hej 7"], language);
    t.equal(sound.subarray(0, 4).toString(), "RIFF", language);
    t.ok(sound.length > second / 3, `${language}: ${sound.length} bytes`);
  }
});

t.test("a text is said, never run and never taken for an option", async (t) => {
  const trap = join(t.testdir(), "trap");
  for (const text of [`Hej; touch ${trap}`, `$(touch ${trap})`, `\`touch ${trap}\``, "--help", `-w ${trap}`, "|cat"]) {
    for (const sound of await voice.speak([text, `${text} <b>&`], "sv")) t.ok(sound.length > second / 3, text);
  }
  await t.rejects(access(trap));
});

t.test("a language without a voice: record it", async (t) => {
  await t.rejects(voice.speak(["Salaan"], "so"), {
    code: "PROMPT_FAILED",
    message: /no voice for the language so/,
    mend: /recording/,
  });
});

t.test("no espeak-ng: what to install", async (t) => {
  await t.rejects(espeak("espeak-not-here").speak(["Hej"], "sv"), {
    code: "PROMPT_FAILED",
    mend: /apt-get install -y espeak-ng/,
  });
});

t.test("all that Stockholm says can be spoken and played", async (t) => {
  const folder = join(import.meta.dirname, "../../../dialplans/stockholm");
  const plan = await loadPlan(folder);
  t.strictSame(checkPrompts(plan), []);
  const index = await preparePrompts(plan, folder, t.testdir(), voice, { sox });
  for (const [prompt, texts] of Object.entries(plan.prompts)) {
    for (const language of Object.keys(texts)) {
      // A-law: a byte a sample.
      const { size } = await stat(`${index.media(prompt, language).slice("sound:".length)}.alaw`);
      t.ok(size > 4_000 && size < 240_000, `${prompt} in ${language} takes ${(size / 8_000).toFixed(1)} s`);
    }
  }
});
