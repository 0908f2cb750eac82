import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import t from "tap";
import { followMatters } from "../../src/matters/follow.ts";
import { keepSounds, soundFile } from "../../src/matters/sounds.ts";
import { readWav } from "../../src/matters/wav.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openMatters } from "../../src/store/sqlite/matters.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { storedRecordings } from "../../src/telephony/recordings.ts";
import { testSystem } from "../support/system.ts";
import { Said, speakAfterTone } from "./hearing.ts";
import { citizen, keyIn } from "./people.ts";

/** Messages on a real line: from what the caller says to the sound in the state folder, and the matter that is asked for by telephone. */

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);
const plan = fileURLToPath(new URL("../fixtures/plans/officers", import.meta.url));

t.test("messages", async (t) => {
  const sys = await testSystem(t, { agents: { x: ["a", "b"] }, planDir: plan });
  const store = await openMatters({ file: join(sys.stateDir, stateFiles.matters) });
  const reader = openSqliteReader({ file: join(sys.stateDir, stateFiles.log) });
  t.teardown(() => Promise.all([store.close(), reader.close()]));
  const folder = join(sys.stateDir, stateFiles.recordings);
  const caller = await citizen(t, sys);
  const said = new Said(sys);
  /** The whole log but for the plan, as text. */
  const everything = async (): Promise<string> => {
    const entries: string[] = [];
    for await (const page of reader.read({}))
      entries.push(...page.flatMap(({ type, json }) => (type === "plan.set" ? [] : [json])));
    return entries.join("\n");
  };
  /** What the front does with them. */
  const tend = async () => {
    const mailTo = async () => undefined;
    await followMatters({ reader, store, timezone: "Europe/Stockholm", mailTo });
    const source = storedRecordings(sys.system.runtime.ari);
    await keepSounds({ store, source, folder, log: pino({ level: "silent" }), now: Date.now });
  };
  /** Listens to the start, and to the tone after it; then speaks for so long, ms. */
  const speak = async (ms: number) => {
    const call = await caller.dial("0846500402");
    await said.next("voicemail-start");
    await speakAfterTone(call, ms, { from: call.media.heard.all.length });
    return call;
  };

  await t.test(
    "spoken, ended by #, sent by 1: it is a matter, its sound is here, and the caller is told its number and code",
    async (t) => {
      const call = await speak(3_000);
      await call.media.press("#");
      await said.next("voicemail-confirm");
      await call.media.press("1");
      const [message] = await sys.facts("call.message", 1);
      t.match(message, { group: "b", from: "+46701740605" });
      await said.next("matter-told-again");
      const told = await store.reserve(message?.call ?? "", 1, new Date().getFullYear());
      const loud = call.media.heard.all.length;
      await call.media.heard.when("the digits", () => call.media.heard.all.length > loud + 100);
      await call.media.press("1");
      await said.next("matter-told-again");
      await call.ended();
      await tend();
      const [matter] = await store.list({ most: 1 });
      t.match(matter, told, "the one that was told");
      t.notMatch(await everything(), new RegExp(`digit-|"${told.code}"`), "the code is not in the log");
      t.match(matter, { group: "b", from: "+46701740605", sound: "kept", status: "received" });
      const sound = readWav(await readFile(soundFile(folder, matter?.number ?? "")));
      t.ok((sound?.ms ?? 0) > 2_000, `${sound?.ms} ms`);
      t.ok((sound?.peak ?? 0) > 0.02, "and what was said is to be heard");
      t.same(await sys.ari("GET", "recordings/stored"), [], "and nothing is left with Asterisk");
    },
  );

  await t.test("hung up while speaking: sent all the same", async (t) => {
    const call = await speak(2_500);
    call.hangUp();
    await call.ended();
    const message = (await sys.facts("call.message", 2)).at(-1);
    t.ok((message?.ms ?? 0) >= 2_000);
    await tend();
    t.match(await store.list({ most: 1 }), [{ sound: "kept" }]);
  });

  await t.test("2 makes it anew, and the first one is not kept", async (t) => {
    const call = await speak(2_500);
    await call.media.press("#");
    await said.next("voicemail-confirm");
    await call.media.press("2");
    await said.next("voicemail-again");
    call.hangUp();
    await call.ended();
    await sys.empty();
    t.equal((await sys.facts("call.message", 2)).length, 2);
    t.same(await sys.ari("GET", "recordings/stored"), []);
  });

  await t.test("the engine is killed while the caller speaks: the message is not lost", async (t) => {
    const call = await speak(2_500);
    process.kill(sys.system.engine.pid ?? 0, "SIGKILL");
    await said.next("voicemail-confirm");
    await call.media.press("1");
    await call.ended();
    t.equal((await sys.facts("call.message", 3)).length, 3);
    await tend();
    t.match(await store.list({ most: 1 }), [{ sound: "kept" }]);
  });

  await t.test("the caller asks how far the matter has come; a wrong code tells nothing", async () => {
    const [matter] = await store.list({ most: 1 });
    const { number = "", code = "" } = matter ?? {};
    await store.setStatus(number, "in-progress");
    const call = await caller.dial("0846500403");
    await call.media.hearsSomething();
    await keyIn(call, `${number.replace("-", "")}${code === "0000" ? "1111" : "0000"}`);
    await said.next("matter-unknown");
    await keyIn(call, `${number.replace("-", "")}${code}`);
    await said.next("matter-status-in-progress");
    await call.ended();
  });
  await sys.empty();
});
