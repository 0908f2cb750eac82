import t from "tap";
import type { Call } from "../support/sip/call.ts";
import { testSystem } from "../support/system.ts";
import { citizen, englishHigher, menuNumber, promptTones, tonePlan } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

t.test("the menu on a real line", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["a", "b"] }, planDir: await tonePlan(t) });
  const caller = await citizen(t, sys);
  let queued = 0;
  /** Where the call went, once it has come so far. */
  const group = async (): Promise<string | undefined> => (await sys.facts("call.queued", ++queued)).at(-1)?.group;

  await t.test("no key: said three times, then on to a person", async (t) => {
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.greeting);
    for (const prompt of ["menu", "no-key", "menu", "no-key", "menu"] as const) await next(call, promptTones[prompt]);
    t.equal(await group(), "a");
    call.hangUp();
    await call.ended();
  });

  await t.test("a wrong key three times: told so, then on to a person", async (t) => {
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.menu);
    await call.media.press("7");
    await next(call, promptTones["wrong-key"]);
    await next(call, promptTones.menu);
    await call.media.press("8");
    await next(call, promptTones["wrong-key"]);
    await call.media.press("#");
    t.equal(await group(), "a");
    const keys = (await sys.facts("call.key", 3)).map(({ key, valid }) => ({ key, valid }));
    t.strictSame(
      keys,
      ["7", "8", "#"].map((key) => ({ key, valid: false })),
    );
    call.hangUp();
    await call.ended();
  });

  await t.test("9 goes on in English, * says it again and is no wrong key", async (t) => {
    const call = await (await citizen(t, sys, "0701740610")).dial(menuNumber);
    await call.media.hears(promptTones.greeting);
    await call.media.press("9");
    await next(call, promptTones.menu + englishHigher);
    // More often than there are tries.
    for (let n = 0; n < 4; n++) {
      await call.media.press("*");
      await next(call, promptTones.menu + englishHigher);
    }
    await call.media.press("2");
    t.equal(await group(), "b");
    await next(call, promptTones["place-first"] + englishHigher);
    t.equal((await sys.facts("call.queued", queued)).at(-1)?.language, "en");
    t.strictSame(
      (await sys.facts("call.key")).slice(-6).map(({ key, valid }) => `${key} ${valid}`),
      ["9 true", ...Array(4).fill("* true"), "2 true"],
    );
    call.hangUp();
    await call.ended();
  });

  const ways: readonly [name: string, noEvents: boolean, press: (call: Call) => Promise<unknown>][] = [
    ["RFC 4733", false, (call) => call.media.press("2")],
    ["INFO", false, (call) => call.info("2")],
    ["INFO, from a caller without RFC 4733", true, (call) => call.info("2")],
    ["tones in the sound", true, (call) => call.media.pressInBand("2", 150)],
  ];
  for (const [name, noEvents, press] of ways) {
    await t.test(`a key by ${name}, while the greeting is spoken`, async (t) => {
      const call = await caller.dial(menuNumber, { noEvents });
      await call.media.hears(promptTones.greeting);
      await press(call);
      t.equal(await group(), "b");
      await next(call, promptTones["place-first"]);
      t.equal((await sys.facts("call.key")).at(-1)?.key, "2");
      call.hangUp();
      await call.ended();
    });
  }
});

/** Heard from now on. */
async function next(call: Call, hertz: number): Promise<void> {
  await call.media.hears(hertz, call.media.heard.all.length);
}
