import { access } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { espeak } from "../../../src/telephony/prompts/index.ts";

const { espeakNg } = await provision();
const voice = espeak(espeakNg);
/** Bytes a second of a WAV file as espeak-ng writes it: 22,050 Hz, 16 bit. */
const second = 44_100;

t.test("several texts in one go come back as one sound each, as long as alone", async (t) => {
  const texts = ["klockan fjorton", "Du är först i kön. Vi svarar så snart vi kan.", "noll", "Sill & potatis <är> gott."];
  const together = await voice.speak(texts, "sv");
  t.equal(together.length, texts.length);
  for (const [index, text] of texts.entries()) {
    const [alone = Buffer.alloc(0)] = await voice.speak([text], "sv");
    const more = alone.length - (together[index]?.length ?? 0);
    // Alone it has the quiet after it as well.
    t.ok(more > -second / 10 && more < second / 2, `${text}: ${more} bytes longer alone`);
  }
});

t.test("the voice knows which languages it speaks", async (t) => {
  const languages = await voice.languages();
  for (const language of ["sv", "en", "fi", "ar", "fa", "es", "pl", "tr", "ku"]) t.ok(languages.has(language), language);
  t.notOk(languages.has("so"));
});

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
    for (const sound of await voice.speak([text, `${text} <b>&`], "sv")) t.ok(sound.length > second / 5, text);
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
