import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { announcementPrompt } from "../../../src/core/announcements/announcement.ts";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { AnnouncementSounds } from "../../../src/telephony/prompts/index.ts";
import { tone, wav } from "./tones.ts";

/** The sounds of announcements: one language after another, and what each caller hears meanwhile. */

const { sox, espeakNg } = await provision();
const texts = { sv: { text: "Vatten." }, fi: { text: "Vesi." }, pl: { text: "Woda." } };

t.test("what cannot be spoken is known before anything is made", async (t) => {
  const sounds = new AnnouncementSounds({ soundsDir: t.testdir({}), sox, espeakNg });
  t.equal(await sounds.problemIn(texts), undefined);
  t.equal(await sounds.problemIn({ ...texts, so: { file: "biyo.wav" } }), undefined, "what is recorded needs no voice");
  t.match(await sounds.problemIn({ ...texts, so: { text: "Biyo." } }), { code: "PROMPT_FAILED", message: /no voice.* so\b/ });
  t.match(await sounds.problemIn({ ...texts, en: { text: " … " } }), { code: "PROMPT_FAILED", message: /^en: / });
  const silent = new AnnouncementSounds({ soundsDir: t.testdir({}), sox, espeakNg: "no-such-program" });
  t.equal(await silent.problemIn({ so: { text: "Biyo." } }), undefined, "without an answer each language is tried");
});

t.test("each is heard as it is ready; one that fails takes nothing from the others", async (t) => {
  const soundsDir = t.testdir({});
  const sounds = new AnnouncementSounds({ soundsDir, sox, espeakNg });
  const languages = ["sv", "fi", "pl"];
  const heard = (language: string) => sounds.media(announcementPrompt("a"), language)?.slice(-4);
  await t.rejects(sounds.make("a", languages, { sv: { file: join(soundsDir, "gone.wav") } }), { code: "PROMPT_FAILED" });
  t.equal(heard("sv"), undefined, "nothing of it is kept");

  await writeFile(join(soundsDir, "tone.wav"), wav(tone(440, 0.5)));
  await sounds.make("a", languages, { sv: { file: join(soundsDir, "tone.wav") } });
  t.strictSame(languages.map(heard), ["a-sv", "a-sv", "a-sv"]);
  const told: [string, string | undefined][] = [];
  await sounds.add("a", languages, { fi: { file: join(soundsDir, "gone.wav") }, pl: texts.pl }, (language, failure) =>
    told.push([language, failure?.code]),
  );
  t.strictSame(told, [
    ["fi", "PROMPT_FAILED"],
    ["pl", undefined],
  ]);
  t.strictSame(languages.map(heard), ["a-sv", "a-sv", "a-pl"]);
  t.strictSame(sounds.heardIn("a"), ["sv", "pl"]);

  const anew = new AnnouncementSounds({ soundsDir, sox, espeakNg });
  await anew.restore([{ id: "a", languages }]);
  t.strictSame(anew.heardIn("a"), ["sv", "pl"], "a new engine finds what is there");
  t.strictSame(anew.heardIn("b"), []);
});
