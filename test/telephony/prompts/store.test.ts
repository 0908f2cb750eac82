import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import t from "tap";
import { provision } from "../../../src/telephony/asterisk/index.ts";
import { preparePrompts } from "../../../src/telephony/prompts/store.ts";
import { hertzOf, levelOf, planSaying, played, ToneSpeech, tone, wav } from "./tones.ts";

const { sox } = await provision();
const fileOf = (media: string) => `${media.replace(/^sound:/, "")}.alaw`;

/** A plan's folder and a sounds folder within a test's own. */
function folders(root: string): { plan: string; sounds: string } {
  return { plan: join(root, "plan"), sounds: join(root, "sounds") };
}

async function record(planFolder: string, name: string, content: Buffer): Promise<string> {
  const file = join(planFolder, "recordings", name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

t.test("each prompt becomes A-law: 300 ms of quiet, then speech at -20 dBFS", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const index = await preparePrompts(planSaying({}), plan, sounds, new ToneSpeech(), { sox });
  const media = index.media("goodbye", "sv");
  t.ok(media.startsWith(`sound:${sounds}`));
  const bytes = await readFile(fileOf(media));
  // 0xd5 is silence in A-law (ITU-T G.711).
  t.ok(bytes.subarray(0, 2_400).every((byte) => byte === 0xd5));
  const speech = played(sox, fileOf(media)).subarray(2_400);
  t.equal(speech.length, 8_000);
  t.ok(Math.abs(levelOf(speech) + 20) < 0.5, `${levelOf(speech)} dBFS`);
  t.ok(Math.abs(hertzOf(speech) - 440) < 2);
  t.equal((await stat(fileOf(media))).mode & 0o444, 0o444, "Asterisk may read it, whoever it runs as");
});

t.test("what was spoken once is kept, and only what changed is spoken anew", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const first = new ToneSpeech();
  const before = await preparePrompts(planSaying({}), plan, sounds, first, { sox });
  t.ok(first.spoken.length > 0);
  t.ok(first.mostAtOnce === 2, `${first.mostAtOnce} at once`);

  const second = new ToneSpeech();
  const after = await preparePrompts(planSaying({}), plan, sounds, second, { sox });
  t.strictSame(second.spoken, []);
  t.equal(after.media("goodbye", "en"), before.media("goodbye", "en"));

  const third = new ToneSpeech();
  const changed = planSaying({ goodbye: { sv: "sv goodbye", en: "Farewell." } });
  const index = await preparePrompts(changed, plan, sounds, third, { sox });
  t.strictSame(third.spoken, ["en: Farewell."]);
  t.equal(index.media("goodbye", "sv"), before.media("goodbye", "sv"));
  t.not(index.media("goodbye", "en"), before.media("goodbye", "en"));

  const otherVoice = new ToneSpeech("another voice");
  await preparePrompts(planSaying({}), plan, sounds, otherVoice, { sox });
  t.equal(otherVoice.spoken.length, first.spoken.length);
});

t.test("another language within a text is spoken in its own voice", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const speech = new ToneSpeech();
  const saying = planSaying({ hello: { sv: "Hej. [en: For English, press 9.]", en: "Hello." } });
  const index = await preparePrompts(saying, plan, sounds, speech, { sox });
  t.ok(speech.spoken.includes("sv: Hej.") && speech.spoken.includes("en: For English, press 9."));
  t.equal(index.text("hello", "sv"), "Hej. For English, press 9.");
  const length = (await stat(fileOf(index.media("hello", "sv")))).size / 8_000;
  t.equal(length, 0.3 + 1 + 0.25 + 1);
});

t.test("a language that lacks a prompt gets it in the main language", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const index = await preparePrompts(planSaying({ only: { sv: "Bara svenska." } }), plan, sounds, new ToneSpeech(), { sox });
  t.equal(index.media("only", "en"), index.media("only", "sv"));
  t.equal(index.text("only", "fi"), "Bara svenska.");
  for (const unknown of ["nothing", "constructor", "__proto__"]) {
    t.throws(() => index.media(unknown, "sv"), { code: "PROMPT_FAILED", message: new RegExp(unknown) });
    t.throws(() => index.text(unknown, "sv"), { code: "PROMPT_FAILED" });
  }
});

t.test("a recording beside the text wins, whatever kind of sound it is", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const stereo = join(plan, "stereo.wav");
  await writeFile(stereo, wav(tone(1_000, 1, 0.9, 44_100), 44_100));
  for (const kind of ["wav", "flac", "ogg"]) {
    const file = await record(plan, `sv/goodbye.${kind}`, Buffer.alloc(0));
    execFileSync(sox, [stereo, "-c", "2", file]);
    const speech = new ToneSpeech();
    const index = await preparePrompts(planSaying({}), plan, sounds, speech, { sox });
    t.notOk(speech.spoken.includes("sv: sv goodbye"), kind);
    const said = played(sox, fileOf(index.media("goodbye", "sv"))).subarray(2_400);
    t.ok(Math.abs(hertzOf(said) - 1_000) < 10, `${kind}: ${hertzOf(said)} Hz`);
    t.ok(Math.abs(levelOf(said) + 20) < 1, `${kind}: ${levelOf(said)} dBFS`);
    t.equal(index.text("goodbye", "sv"), "sv goodbye", "the text is still read");
    await rm(file);
  }
});

t.test("a changed recording is heard, and one taken away gives way to the voice", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const heard = async () => {
    const index = await preparePrompts(planSaying({}), plan, sounds, new ToneSpeech(), { sox });
    return Math.round(hertzOf(played(sox, fileOf(index.media("goodbye", "sv"))).subarray(2_400)) / 10) * 10;
  };
  const file = await record(plan, "sv/goodbye.wav", wav(tone(600, 1)));
  t.equal(await heard(), 600);
  await record(plan, "sv/goodbye.wav", wav(tone(700, 1)));
  t.equal(await heard(), 700);
  await rm(file);
  t.equal(await heard(), 440);
});

t.test("every recording that is no sound is named, and nothing half-made stays", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  await record(plan, "sv/goodbye.wav", Buffer.from("this is a letter, not a sound"));
  await record(plan, "en/no-key.ogg", Buffer.alloc(10_000));
  await record(plan, "en/goodbye.wav", wav(new Int16Array(8_000)));
  await t.rejects(preparePrompts(planSaying({}), plan, sounds, new ToneSpeech(), { sox }), {
    code: "PROMPT_FAILED",
    message:
      /(?=[\s\S]*sv\/goodbye\.wav: This is no sound)(?=[\s\S]*en\/no-key\.ogg: This is no sound)(?=[\s\S]*en\/goodbye\.wav: .*silent)/,
  });
  const made = await readdir(join(sounds, "prompts"));
  t.ok(made.every((name) => name.endsWith(".alaw")));
  t.notOk(made.some((name) => name.startsWith("sv-goodbye")));
});

t.test("a voice that fails is told once, with the names of what it should have said", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const silent = {
    id: "silent",
    languages: async () => new Set(["sv", "en"]),
    speak: () => Promise.reject(new Error("no voice today")),
  };
  const failure = preparePrompts(planSaying({}), plan, sounds, silent, { sox });
  await t.rejects(failure, { code: "PROMPT_FAILED", message: /wrong-key \(sv\).*and 17 more: no voice today/ });
  const { message } = (await failure.catch((error: Error) => error as Error)) as Error;
  t.equal(message.split("no voice today").length, 2);
});

t.test("without sox: what to install", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  await t.rejects(preparePrompts(planSaying({}), plan, sounds, new ToneSpeech(), { sox: "sox-not-here" }), {
    code: "PROMPT_FAILED",
    message: /sox-not-here is not installed.*apt-get install -y espeak-ng sox/,
  });
});

t.test("texts that cannot be spoken, and folders that cannot be played from, are refused", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const speech = new ToneSpeech();
  const bad = planSaying({ goodbye: { sv: "", en: "x" }, "../../out": { sv: "x" } });
  await t.rejects(preparePrompts(bad, plan, sounds, speech, { sox }), { code: "PROMPT_FAILED", message: /goodbye[\s\S]*out/ });
  await t.rejects(preparePrompts(planSaying({}), plan, `${sounds},2`, speech, { sox }), {
    code: "PROMPT_FAILED",
    message: /comma/,
  });
  t.strictSame(speech.spoken, []);
});

t.test("two at once make the same, and both can play it", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const prepare = () =>
    preparePrompts(planSaying({}), plan, sounds, new ToneSpeech(), { sox, soundsSeenAs: "/seen/by/asterisk" });
  const [one, two] = await Promise.all([prepare(), prepare()]);
  t.equal(one.media("goodbye", "sv"), two.media("goodbye", "sv"));
  t.match(one.media("goodbye", "sv"), /^sound:\/seen\/by\/asterisk\/prompts\/sv-goodbye-/);
  t.equal((await readdir(join(sounds, "prompts"))).length, 20);
});

t.test("languages are made one by one, and spoken when all of it is there", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const speech = new ToneSpeech();
  const index = await preparePrompts(planSaying({}), plan, sounds, speech, { sox, languages: ["sv"] });
  t.strictSame(index.spoken, ["sv"]);
  t.ok(speech.spoken.every((text) => text.startsWith("sv: ")));
  t.equal(index.media("goodbye", "en"), index.media("goodbye", "sv"), "until then the main language is heard");
  await preparePrompts(planSaying({}), plan, sounds, speech, { sox, languages: ["en"] });
  t.strictSame(index.spoken, ["sv"]);
  await index.look();
  t.strictSame(index.spoken, ["sv", "en"]);
  t.match(index.media("goodbye", "en"), /\/en-goodbye-/);
});

t.test("what another system on the machine has made is not made again, and a lost cache is no loss", async (t) => {
  const root = t.testdir({ plan: {} });
  const cacheDir = join(root, "cache");
  const made = async (sounds: string) => {
    const speech = new ToneSpeech();
    const index = await preparePrompts(planSaying({}), join(root, "plan"), join(root, sounds), speech, { sox, cacheDir });
    return { texts: speech.spoken.length, sound: await readFile(fileOf(index.media("goodbye", "sv"))) };
  };
  const first = await made("first");
  t.ok(first.texts > 0);
  const second = await made("second");
  t.equal(second.texts, 0);
  t.strictSame(second.sound, first.sound);
  await rm(cacheDir, { recursive: true });
  t.equal((await made("second")).texts, 0);
  t.equal((await made("third")).texts, first.texts);
});

t.test("a text that cannot be spoken does not keep its neighbours from it", async (t) => {
  const { plan, sounds } = folders(t.testdir({ plan: {} }));
  const speech = new ToneSpeech();
  const picky = {
    id: "picky",
    languages: () => speech.languages(),
    speak: (texts: readonly string[], language: string) =>
      texts.includes("sv goodbye") ? Promise.reject(new Error("not that word")) : speech.speak(texts, language),
  };
  await t.rejects(preparePrompts(planSaying({}), plan, sounds, picky, { sox }), {
    message: /^[^,]*goodbye \(sv\): not that word[^,]*$/,
  });
  t.equal((await readdir(join(sounds, "prompts"))).length, 19);
});
