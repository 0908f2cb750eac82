import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { loadPlan } from "../../../src/plans/load.ts";
import { readSettings } from "../../../src/settings/settings.ts";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { checkPrompts, completeLanguages, espeak, lacksOf, preparePrompts } from "../../../src/telephony/prompts/index.ts";
import { levelOf, planSaying, played, tone, wav } from "./tones.ts";

t.setTimeout(600_000);
const { espeakNg, sox } = await provision();
const voice = espeak(espeakNg);
const { cacheDir } = readSettings({}, import.meta.dirname);
const folder = join(import.meta.dirname, "../../../dialplans/stockholm");
const plan = await loadPlan(folder);
const spokenByVoice = ["sv", "en", "fi", "ar", "fa", "es", "pl", "tr", "ku"];

t.test("all that Stockholm says is heard in nine languages", async (t) => {
  t.strictSame(checkPrompts(plan), []);
  // What this machine has made before of the same texts, voice and recipe is as good.
  const index = await preparePrompts(plan, folder, t.testdir(), voice, { sox, cacheDir });
  t.strictSame(index.spoken, spokenByVoice);
  for (const language of spokenByVoice) {
    const wrong: string[] = [];
    const sounds = new Set<string>();
    for (const prompt of Object.keys(plan.prompts)) {
      const media = index.media(prompt, language);
      if (!media.includes(`/${language}-${prompt}-`)) wrong.push(`${prompt} is ${media}`);
      const sound = await readFile(`${media.slice("sound:".length)}.alaw`);
      sounds.add(sound.toString("latin1"));
      // A-law: a byte a sample; 0xd5 and 0x55 are the two quietest values.
      const seconds = sound.length / 8_000;
      const heard = sound.reduce((sum, byte) => sum + (byte === 0xd5 || byte === 0x55 ? 0 : 1), 0) / 8_000;
      if (seconds > 30 || heard < 0.15) wrong.push(`${prompt}: ${heard.toFixed(2)} s heard of ${seconds.toFixed(2)}`);
    }
    t.strictSame(wrong, [], language);
    t.ok(sounds.size > Object.keys(plan.prompts).length * 0.7, `${language}: ${sounds.size} different sounds`);
    for (const prompt of ["menu-start", "clock-14", "digit-7", "wait-5-10", "language-choice-3"]) {
      const level = levelOf(played(sox, `${index.media(prompt, language).slice("sound:".length)}.alaw`));
      t.ok(level > -32 && level < -15, `${prompt} in ${language}: ${level.toFixed(1)} dBFS`);
    }
  }
  t.match(index.media("fi:language-choice-3", "sv"), /\/fi-language-choice-3-/);
  t.match(index.media("so:goodbye", "fi"), /\/sv-goodbye-/, "what nobody can speak is heard in the main language");
});

t.test("Somali is refused without recordings, and offered as soon as all of them stand beside the texts", async (t) => {
  const root = t.testdir();
  const city = join(root, "city");
  await cp(folder, city, { recursive: true });
  const sounds = join(root, "sounds");
  const prompts = Object.keys(plan.prompts);
  const voices = await voice.languages();
  t.strictSame(completeLanguages(plan, { recordings: [], voices }), spokenByVoice);
  t.equal(lacksOf(plan, "so", { recordings: [], voices }).length, prompts.length);

  const recordings = join(city, "recordings/so");
  await mkdir(recordings, { recursive: true });
  const record = (prompt: string, hertz: number) => writeFile(join(recordings, `${prompt}.wav`), wav(tone(hertz, 0.5)));
  for (const [index, prompt] of prompts.entries()) if (prompt !== "goodbye") await record(prompt, 300 + 5 * index);
  const before = await preparePrompts(plan, city, sounds, voice, { sox, languages: ["so"] });
  t.notOk(before.spoken.includes("so"), "one is still missing");
  await record("goodbye", 290);
  const after = await preparePrompts(plan, city, sounds, voice, { sox, languages: ["so"] });
  t.ok(after.spoken.includes("so"));
  t.match(after.media("clock-14", "so"), /\/so-clock-14-/);
});

t.test("a language counts as complete by its texts, voices and recordings together", async (t) => {
  const small = planSaying({ a: { sv: "A", fi: "A. [en: A.]" } }, ["sv", "fi", "en"]);
  const only = { ...small, prompts: { a: small.prompts["a"] ?? {} } };
  const complete = (voices: string[], recordings: { prompt: string; language: string }[] = []) =>
    completeLanguages(only, { voices: new Set(voices), recordings });
  t.strictSame(complete([]), []);
  t.strictSame(complete(["sv", "fi"]), ["sv"], "a text with English in it needs an English voice");
  t.strictSame(complete(["sv", "fi", "en"]), ["sv", "fi"], "a text is missing in English");
  t.strictSame(complete(["sv"], [{ prompt: "a", language: "fi" }]), ["sv", "fi"]);
  t.strictSame(complete(["sv"], [{ prompt: "b", language: "fi" }]), ["sv"]);
  t.match(lacksOf(only, "en", { voices: new Set(), recordings: [] }), [{ prompt: "a", lacks: "text" }]);
});
