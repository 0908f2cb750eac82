import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { signInAt, waterTexts } from "../support/publish.ts";
import type { Phone } from "../support/sip/phone.ts";
import { spokenBetween } from "../support/sip/speech.ts";
import { testSystem } from "../support/system.ts";
import { citizen, menuNumber, promptTones, tonePlan, toneWav } from "./people.ts";

/** From a text typed on the page to the voice that callers hear. */

t.setTimeout(240_000);

/** A sentence is longer than that, ms; nothing else is spoken here between the name and the menu. */
const sentenceMs = 1_000;

t.test(
  "typed in nine languages: in force in the main one first, then in English, then in the others; heard at once",
  async (t) => {
    const planDir = await tonePlan(t);
    const file = join(planDir, "plan.yaml");
    const plan = await readFile(file, "utf8");
    const languages = Object.keys(waterTexts);
    await writeFile(file, plan.replace("languages: [sv, en]", `languages: [${languages.join(", ")}]`));
    const sys = await testSystem(t, { agents: {}, planDir, withFront: true });
    const accounts = await openAccounts({ file: join(sys.stateDir, stateFiles.accounts) });
    await accounts.createUser({ user: "lena", name: "Lena", roles: ["lead"], password: "a password" });
    await accounts.close();
    const page = await signInAt(`http://127.0.0.1:${sys.ports.spare[0]}`, "lena", "a password");
    const caller = await citizen(t, sys);
    const heard = async (): Promise<number> => {
      const call = await caller.dial(menuNumber);
      await call.media.hears(promptTones.menu);
      const packets = call.media.heard.all.map(({ sound }) => sound);
      call.hangUp();
      await call.ended();
      return spokenBetween(packets, promptTones.greeting, promptTones.menu)?.ms ?? Number.NaN;
    };
    t.ok((await heard()) < sentenceMs, "nothing is said there before");

    const button = Date.now();
    await page.publish(waterTexts);
    const ms = await heard();
    t.ok(ms >= sentenceMs, `${ms} ms of speech`);
    const others = await sys.facts("announcement.language", languages.length - 1);
    const [set] = await sys.facts("announcement.set");
    t.strictSame(Object.keys(set?.texts ?? {}), languages);
    t.equal(others[0]?.language, "en", "English comes next");
    t.strictSame(new Set(["sv", ...others.map(({ language }) => language)]), new Set(languages));
    t.ok(
      others.every(({ heard }) => heard),
      "each is heard",
    );
    const order = (await sys.allFacts()).flatMap(({ type }) => (type.startsWith("announcement.") ? [type] : []));
    t.equal(order[0], "announcement.set", "the main language waits for none of them");
    t.comment(
      `in force ${(set?.at ?? 0) - button} ms after the button, in all languages after ${(others.at(-1)?.at ?? 0) - button} ms`,
    );
  },
);

/** What the message sounds like, Hz: nothing else on the line does. */
const message = { sv: 2_600, en: 3_000 };
const englishNumber = "0846500402";
const word = "Bromma";

/** A voice that says the message as a tone, in English not before `ready`, or the test's end; all else by the real one. */
async function slowVoice(t: Test, espeakNg: string): Promise<{ program: string; ready(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "kl-voice-"));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [language, hertz] of Object.entries(message)) await writeFile(join(folder, `${language}.wav`), toneWav(hertz, 700));
  const program = join(folder, "espeak-ng");
  await writeFile(join(folder, "wait"), "");
  const [wait, sv, en] = ["wait", "sv.wav", "en.wav"].map((name) => `'${join(folder, name)}'`);
  const script = `#!/bin/sh
text=$(cat)
case "$2 $text" in
  *${word}*) ;;
  *) printf %s "$text" | '${espeakNg}' "$@"; exit ;;
esac
case "$2" in
  sv) exec cat ${sv} ;;
esac
while [ -e ${wait} ]; do sleep 0.05; done
exec cat ${en}
`;
  await writeFile(program, script, { mode: 0o755 });
  return { program, ready: () => rm(join(folder, "wait")) };
}

t.test("while a language is not ready its callers hear the main one; nothing is lost with the engine", async (t) => {
  const planDir = await tonePlan(t);
  const file = join(planDir, "plan.yaml");
  const number = `  - { number: "+46846500402", name: { sv: E, en: E }, greeting: greeting, start: { menu: top }, language: en }\n`;
  await writeFile(
    file,
    (await readFile(file, "utf8")).replace("\nmenus:\n", () => `${number}\nmenus:\n`),
  );
  let ready = async (): Promise<void> => {};
  const sys = await testSystem(t, {
    agents: {},
    planDir,
    voice: async (espeakNg) => {
      const voice = await slowVoice(t, espeakNg);
      ready = voice.ready;
      return voice.program;
    },
  });
  const [swede, briton] = [await citizen(t, sys, "0701740611"), await citizen(t, sys, "0701740612")];
  const hears = async (phone: Phone, number: string, hertz: number): Promise<void> => {
    const call = await phone.dial(number);
    await call.media.hears(hertz);
    call.hangUp();
    await call.ended();
  };
  const texts = { sv: `Vattnet i ${word}.`, en: `The water in ${word}.` };
  const command = { type: "announce", by: "lena", where: "all", recordings: {}, minutes: 60, alsoWaiting: false } as const;
  await sys.link.send({ ...command, texts }, 20_000);
  await Promise.all([hears(swede, menuNumber, message.sv), hears(briton, englishNumber, message.sv)]);
  t.strictSame(await sys.facts("announcement.language", 0), [], "in force, heard in both, and English is still being read");

  process.kill(sys.system.engine.pid ?? 0, "SIGKILL");
  await sys.facts("engine.recovered", 2);
  await ready();
  t.match(await sys.facts("announcement.language"), [{ language: "en", heard: true }]);
  await Promise.all([hears(swede, menuNumber, message.sv), hears(briton, englishNumber, message.en)]);
});
