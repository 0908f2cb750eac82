import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { clockTime, dayOf } from "../../src/core/time/civil.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openOfficers } from "../../src/store/sqlite/officers.ts";
import type { Call } from "../support/sip/call.ts";
import { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";
import { speakAfterTone } from "./hearing.ts";
import { bothHear, citizen } from "./people.ts";

/** Officers on a real line: rung by extension and by their own number, busy, away, gone. */

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);
const plan = fileURLToPath(new URL("../fixtures/plans/officers", import.meta.url));
const network = "127.0.0.2";

t.test("officers", async (t) => {
  const outsidePort = await freePort();
  const sys = await testSystem(t, {
    agents: { x: ["a", "b"] },
    planDir: plan,
    env: { TRUNK_CONTACT: `sip:${network}:${outsidePort}` },
  });
  const officers = await openOfficers({ file: join(sys.stateDir, stateFiles.officers) });
  t.teardown(() => officers.close());
  const common = { functions: [], subjects: [], districts: [] };
  const anna = {
    ...common,
    id: "anna",
    name: "Anna",
    extension: "12001",
    number: "+46846512001",
    colleague: "12002",
    group: "b",
  };
  const bo = { ...common, id: "bo", name: "Bo", extension: "12002", number: "+46846512002" };
  await officers.replaceOfficers([anna, bo]);
  const desk = await Phone.open({ user: "46846512001", address: network, server: sys.server, port: outsidePort });
  t.teardown(() => desk.close());
  const caller = await citizen(t, sys);
  const said = async (prompt: string, from: number): Promise<string[]> => {
    for (let count = from + 1; ; count++) {
      const all = (await sys.facts("call.said", count)).slice(from).flatMap(({ prompts }) => prompts);
      if (all.includes(prompt)) return all;
    }
  };
  const heard = async () => (await sys.facts("call.said", 0)).length;
  const press = async (call: Call, digits: string) => {
    for (const key of digits) await call.media.press(key as never);
  };
  const talk = async (call: Call): Promise<void> => {
    const leg = await desk.nextCall();
    leg.ring();
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    leg.hangUp();
    await call.ended();
  };

  await t.test("keyed while the greeting is spoken: they hear each other", async () => {
    const call = await caller.dial("0846500401");
    await call.media.hearsSomething();
    await press(call, "12001");
    await talk(call);
    t.match(await sys.facts("call.officer", 1), [{ officer: "anna" }]);
    t.match(await sys.facts("call.outside-answered", 1), [{ number: "+46846512001" }]);
  });

  await t.test("the officer's own number: nobody is greeted or asked", async () => {
    const from = await heard();
    const call = await caller.dial("0846512001");
    await talk(call);
    t.strictSame(
      (await sys.facts("call.said")).slice(from).flatMap(({ prompts }) => prompts),
      ["connecting"],
    );
    t.equal((await sys.facts("call.arrived")).at(-1)?.number, "+46846512001");
  });

  await t.test("busy: told so; 2 is the group", async () => {
    const from = await heard();
    const call = await caller.dial("0846512001");
    (await desk.nextCall()).refuse(486);
    await said("officer-busy", from);
    await call.media.press("2");
    t.match((await sys.facts("call.queued", 1)).at(-1), { group: "b" });
    call.hangUp();
    await call.ended();
  });

  await t.test(
    "away: reason, day and time; 1 is the colleague, who has left the city meanwhile; 3 a message, though the officer left as well",
    async () => {
      const now = Date.now();
      const tomorrow = dayOf(now + 86_400_000, "Europe/Stockholm");
      const until = clockTime(tomorrow, 14 * 60, "Europe/Stockholm")?.first ?? 0;
      await officers.setAbsence("anna", { reason: "meeting", until });
      const from = await heard();
      const call = await caller.dial("0846512001");
      const prompts = await said("officer-choices", from);
      t.strictSame(prompts, ["officer-meeting", "officer-back", "day-tomorrow", "clock-14", "officer-choices"]);
      await officers.replaceOfficers([anna]);
      const before = await heard();
      await call.media.press("1");
      t.strictSame(await said("nobody-answered", before), ["nobody-answered", "officer-choices"]);
      const then = await heard();
      // And now the officer, too: the message becomes a matter all the same, of the group that stands beside the name.
      await officers.replaceOfficers([]);
      await call.media.press("3");
      await said("voicemail-start", then);
      await speakAfterTone(call, 2_500, { from: call.media.heard.all.length });
      call.hangUp();
      await call.ended();
      t.match(await sys.facts("call.message"), [{ officer: "anna", group: "b" }]);
    },
  );

  await t.test("an extension nobody has, twice: a person answers", async () => {
    const from = await heard();
    const call = await caller.dial("0846500401");
    await call.media.hearsSomething();
    await press(call, "99999");
    await said("extension-unknown", from);
    await press(call, "99998");
    t.match((await sys.facts("call.queued", 2)).at(-1), { group: "a" });
    call.hangUp();
    await call.ended();
  });
  await sys.empty();
});

/** A port nobody listens on now. */
async function freePort(): Promise<number> {
  const phone = await Phone.open({ user: "probe", address: network, server: { address: network, port: 9 } });
  const { port } = phone.wire;
  phone.close();
  return port;
}
