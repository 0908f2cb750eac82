import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Competence } from "../../src/core/routing/types.ts";
import { generalist } from "../support/competence.ts";
import { takePorts } from "../support/ports.ts";
import type { Call } from "../support/sip/call.ts";
import { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";
import { allHear, bothHear, citizen, desk, longestGap, talk, tonePlan } from "./people.ts";

/** A caller in English while the one agent who speaks it is in a talk: what is asked, and what comes of it, on a real line. */

t.setTimeout(240_000);
const englishNumber = "0846500402";
const interpreter = "+46701234569";

async function withEnglish(t: Test): Promise<string> {
  const folder = await tonePlan(t);
  const file = join(folder, "plan.yaml");
  const text = (await readFile(file, "utf8")).replace(
    "\nmenus:",
    `  - number: "+46846500402"
    name: { sv: Engelska, en: English }
    greeting: greeting
    start: { group: b }
    language: en
busy-speakers: { ask-after-seconds: 5, ask-again-seconds: 60 }
interpreters: { en: "${interpreter}" }
menus:`,
  );
  await writeFile(file, text);
  return folder;
}

const speaking = (...languages: string[]): Competence => ({
  ...generalist(["b"]),
  languages: Object.fromEntries(languages.map((language) => [language, "native"])),
});

t.test("the only agent who speaks English is in a talk", async (t) => {
  const ports = await takePorts();
  const port = ports.spare[0] ?? 0;
  t.teardown(() => ports.release());
  const sys = await testSystem(t, {
    agents: { eva: speaking("sv", "en"), anna: speaking("sv") },
    planDir: await withEnglish(t),
    env: { TRUNK_CONTACT: `sip:127.0.0.2:${port}` },
  });
  const network = await Phone.open({ user: "network", server: sys.server, address: "127.0.0.2", port });
  t.teardown(() => network.close());
  const eva = await desk(t, sys, "eva");
  const talker = await citizen(t, sys, "0701740606");
  const caller = await citizen(t, sys);
  const busy = await talk(talker, eva);
  const anna = await desk(t, sys, "anna");
  let over = 0;
  let questions = 0;
  const asked = async (t: Test): Promise<Call> => {
    const call = await caller.dial(englishNumber);
    await sys.facts("call.menu", ++questions);
    const said = (await sys.facts("call.said")).at(-1);
    t.match(said, { prompts: ["no-speaker-free", "speaker-wait", "speaker-main", "speaker-interpreter"], language: "en" });
    return call;
  };
  const ended = async (t: Test, ...legs: Call[]): Promise<void> => {
    const [call] = legs;
    t.ok(call && longestGap(call) < 1_500, "no silence");
    call?.hangUp();
    await Promise.all(legs.map((leg) => leg.ended()));
    await sys.facts("call.ended", ++over);
  };

  await t.test("another language: the agent who is free answers", async (t) => {
    const call = await asked(t);
    await call.media.press("3");
    const leg = await anna.nextCall();
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    t.match(await sys.facts("call.fallback"), [{ languages: ["en"], toLanguages: ["sv"], agreed: true }]);
    t.match((await sys.agent("anna", ({ state }) => state === "talking")).call?.language, "sv");
    await ended(t, call, leg);
  });

  await t.test("an interpreter: rung when the agent has answered, and all three hear each other", async (t) => {
    const call = await asked(t);
    await call.media.press("5");
    const leg = await anna.nextCall();
    t.match((await sys.facts("call.said")).at(-1)?.prompts[0], "interpreter-coming");
    leg.pickUp();
    const third = await network.nextCall();
    t.match(third.invitation?.uri, interpreter);
    third.pickUp();
    await sys.agent("anna", ({ call: now }) => now?.interpreter?.state === "talking");
    await allHear([
      [call, 440],
      [leg, 1000],
      [third, 1700],
    ]);
    await ended(t, call, leg, third);
  });

  await t.test("the speaker becomes free while the caller is asked, and answers", async (t) => {
    const call = await asked(t);
    busy.call.hangUp();
    await busy.leg.ended();
    over += 1;
    const leg = await eva.nextCall();
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    t.match((await sys.facts("call.answered")).at(-1), { group: "b", agent: "eva" });
    t.equal((await sys.facts("call.fallback")).length, 2, "nothing was changed");
    await ended(t, call, leg);
  });
});
