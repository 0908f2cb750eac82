import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import type { Competence } from "../../src/core/routing/types.ts";
import { generalist } from "../support/competence.ts";
import { takePorts } from "../support/ports.ts";
import type { Call } from "../support/sip/call.ts";
import { Phone } from "../support/sip/phone.ts";
import { toldSipp } from "../support/sip/told.ts";
import { testSystem } from "../support/system.ts";
import { Said } from "./hearing.ts";
import { allHear, bothHear, citizen, desk, longestGap, talk, tonePlan } from "./people.ts";

/** A caller in English while the one agent who speaks it is in a talk: what is asked, and what comes of it, on a real line. */

t.setTimeout(240_000);
const englishNumber = "0846500402";
const interpreter = "+46701234569";

async function withEnglish(t: Test, callbacks = ""): Promise<string> {
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
${callbacks}menus:`,
  );
  const key = "      9: { menu: top, language: en }\n";
  await writeFile(file, callbacks === "" ? text : text.replace(key, `      7: { step: back }\n${key}`));
  return folder;
}

const speaking = (...languages: string[]): Competence => ({
  ...generalist(["b"]),
  languages: Object.fromEntries(languages.map((language) => [language, "native"])),
});

const callbacks = `steps:
  callbacks:
    back: { label: { sv: Ring upp, en: Ring back }, wait-seconds: 3, next: end, otherwise: back }
callbacks: { attempts: 1, retry-minutes: 1, ring-seconds: 20, nordic-mobiles: false }
`;

t.test("a callback instead (2), by a call of SIPp's: rung back by the agent who speaks it, though another is free", async (t) => {
  const ports = await takePorts();
  const port = ports.spare[0] ?? 0;
  t.teardown(() => ports.release());
  const sys = await testSystem(t, {
    agents: { eva: speaking("sv", "en"), anna: speaking("sv") },
    planDir: await withEnglish(t, callbacks),
    env: { TRUNK_CONTACT: `sip:127.0.0.2:${port}` },
  });
  const network = await Phone.open({ user: "network", server: sys.server, address: "127.0.0.2", port });
  t.teardown(() => network.close());
  const sipp = await toldSipp(t, sys.server);
  const eva = await desk(t, sys, "eva");
  const busy = await talk(await citizen(t, sys, "0701740606"), eva);
  const anna = await desk(t, sys, "anna");
  const said = new Said(sys);

  const call = await sipp.dial(englishNumber, "0701740605");
  await call.answered();
  await said.next("speaker-callback");
  t.strictSame((await sys.facts("call.said")).at(-1)?.prompts, [
    ...["no-speaker-free", "speaker-wait", "speaker-callback", "speaker-main", "speaker-interpreter"],
  ]);
  await call.media.press("2");
  await said.next("callback-confirm");
  await call.media.press("1");
  await said.next("callback-booked");
  await call.over();
  const [booked] = await sys.facts("callback.booked");
  t.match(booked, { group: "b", number: "+46701740605" });
  t.match((await sys.agent("anna", () => true)).state, "available", "who does not speak it is not rung");

  busy.call.hangUp();
  await busy.leg.ended();
  const leg = await eva.nextCall();
  leg.ring();
  leg.pickUp();
  const back = await network.nextCall();
  t.match(back.invitation?.uri, "+46701740605");
  back.pickUp();
  back.media.play(440);
  leg.media.play(1000);
  await bothHear(back, leg);
  const { call: ringing } = await sys.agent("eva", ({ state }) => state === "talking");
  t.equal(ringing?.language, "en");
  await sys.command({ type: "reached", agent: "eva", call: booked?.call ?? "" });
  back.hangUp();
  await Promise.all([back.ended(), leg.ended()]);
  t.match(await sys.facts("callback.reached"), [{ call: booked?.call, agent: "eva" }]);
  t.match(await sys.facts("callback.rung"), [{ agent: "eva", attempt: 1 }]);
  t.equal(anna.incoming.all.length, 0);
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
