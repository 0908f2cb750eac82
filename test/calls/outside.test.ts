import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { takePorts } from "../support/ports.ts";
import type { Call } from "../support/sip/call.ts";
import { header } from "../support/sip/message.ts";
import { Phone } from "../support/sip/phone.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { engineAgain, killEngine } from "./engine-alone.ts";
import { filesWith } from "./files.ts";
import { allHear, bothHear, citizen, desk, longestGap, talk, tonePlan } from "./people.ts";

/** Calls to numbers outside: those on duty, one after the other, and interpreters who join a talk. */

t.setTimeout(240_000);
const dutyNumber = "0846500402";
const duty = ["+46701234561", "+46701234562"];
const interpreter = "+46701234569";

async function withDuty(t: Test, ringS: number): Promise<string> {
  const folder = await tonePlan(t);
  const file = join(folder, "plan.yaml");
  const text = (await readFile(file, "utf8"))
    .replace(
      "\nmenus:",
      `  - number: "+46846500402"
    name: { sv: Jour, en: On duty }
    greeting: greeting
    start: { step: duty }
steps:
  dials:
    duty:
      label: { sv: Jour, en: On duty }
      on-duty: duty
      ring-seconds: ${ringS}
      otherwise: { group: a, priority: urgent }
on-duty:
  duty:
    name: { sv: Jour, en: On duty }
    numbers: ["${duty.join('", "')}"]
interpreters:
  en: "${interpreter}"
menus:`,
    )
    .replace(
      "\nprompts:\n",
      `
prompts:
  connecting: { sv: Vi kopplar., en: Connecting. }
  on-duty-trying-next: { sv: Vi söker nästa., en: Trying the next. }
  nobody-answered: { sv: Ingen svarade., en: Nobody answered. }
`,
    );
  await writeFile(file, text);
  return folder;
}

interface Outside {
  readonly sys: TestSystem;
  readonly caller: Phone;
  /** Where all calls to the telephone network arrive. */
  readonly network: Phone;
}

async function set(t: Test, agents: Record<string, readonly string[]>, ringS = 5): Promise<Outside> {
  const ports = await takePorts();
  const port = ports.spare[0] ?? 0;
  t.teardown(() => ports.release());
  const sys = await testSystem(t, {
    agents,
    planDir: await withDuty(t, ringS),
    env: { TRUNK_CONTACT: `sip:127.0.0.2:${port}`, LOG_LEVEL: "trace" },
  });
  const network = await Phone.open({ user: "network", server: sys.server, address: "127.0.0.2", port });
  t.teardown(() => network.close());
  return { sys, network, caller: await citizen(t, sys) };
}

const rung = (leg: Call): string => /sip:([^@]+)@/.exec(leg.invitation?.uri ?? "")?.[1] ?? "";
t.test("those on duty", async (t) => {
  const { sys, network, caller } = await set(t, { anna: ["a", "b"] });
  let ended = 0;
  const over = async (): Promise<void> => {
    await sys.facts("call.ended", ++ended);
    await sys.empty();
  };

  await t.test("the first is busy, the second answers: both talk, until one hangs up", async (t) => {
    const call = await caller.dial(dutyNumber, {
      from: "anonymous",
      headers: [
        ["Privacy", "id"],
        ["P-Asserted-Identity", "<sip:0701987654@127.0.0.2>"],
      ],
    });
    const first = await network.nextCall();
    t.equal(rung(first), duty[0]);
    first.refuse(486);
    const second = await network.nextCall();
    t.equal(rung(second), duty[1]);
    t.match(header(second.invitation ?? { ...missing }, "From"), "+46846500402", "the city's number is shown");
    t.notMatch(JSON.stringify(second.invitation), "701987654", "a withheld number is not told");
    second.progress();
    second.media.play(1200);
    await call.media.hearsSomething(call.media.heard.all.length + 25);
    second.pickUp();
    call.media.play(440);
    second.media.play(1000);
    await bothHear(call, second);
    t.ok(longestGap(call) < 1500, `longest silence: ${longestGap(call)} ms`);
    t.notMatch(JSON.stringify(call.received.all), "70123456", "and the caller does not learn whose telephone it is");
    t.notMatch(JSON.stringify(second.received.all), "701987654", "nor on the way");
    second.hangUp();
    await call.ended();
    await over();
    t.match(await sys.facts("call.outside-ended", 2), [
      { number: duty[0], how: "busy" },
      { number: duty[1], how: "talked" },
    ]);
    t.match((await sys.facts("call.ended")).at(-1), { stage: "outside", by: "outside" });
    t.equal((await sys.facts("call.queued", 0)).length, 0, "no group's call");
  });

  await t.test("a killed engine: who talks goes on, whom it rang is rung anew", async (t) => {
    const call = await caller.dial(dutyNumber);
    const leg = await network.nextCall();
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    const ringing = await caller.dial(dutyNumber);
    const undone = await network.nextCall();
    undone.ring();
    const recovered = (await sys.facts("engine.recovered")).length;
    process.kill(sys.system.engine.pid ?? Number.NaN, "SIGKILL");
    await sys.facts("engine.recovered", recovered + 1);
    await undone.ended();
    const again = await network.nextCall();
    t.equal(rung(again), duty[0], "the same number");
    await bothHear(call, leg);
    again.pickUp();
    ringing.media.play(440);
    again.media.play(1000);
    await bothHear(ringing, again);
    call.hangUp();
    await leg.ended();
    ringing.hangUp();
    await again.ended();
    ended += 1;
    await over();
  });

  await t.test("the caller gives up while it rings", async () => {
    const call = await caller.dial(dutyNumber);
    const leg = await network.nextCall();
    leg.ring();
    call.hangUp();
    await leg.ended();
    await over();
  });

  await t.test("nobody answers: on to the group, as urgent", async (t) => {
    const anna = await desk(t, sys, "anna");
    const call = await caller.dial(dutyNumber);
    (await network.nextCall()).refuse(603);
    const second = await network.nextCall();
    second.ring();
    await second.ended();
    const leg = await anna.nextCall();
    t.match((await sys.facts("call.queued")).at(-1), { group: "a", priority: "urgent" });
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    t.ok(longestGap(call) < 1500, `longest silence: ${longestGap(call)} ms`);
    call.hangUp();
    await leg.ended();
    await over();
  });

  t.strictSame(await filesWith(sys, "701987654"), [], "the withheld number of the first call is kept nowhere");
});

const missing = { method: "", uri: "", headers: [], body: "" };

t.test("who is on duty picks up while there is no engine: they stay, hear the bed, and talk when it is back", async (t) => {
  const { sys, network, caller } = await set(t, { anna: ["a"] }, 60);
  const call = await caller.dial(dutyNumber);
  const leg = await network.nextCall();
  leg.ring();
  // On disk, so that the next engine knows of it.
  await sys.facts("call.outside-rung", 1);
  await killEngine(sys);
  leg.pickUp();
  await leg.media.hearsSomething();
  await engineAgain(t, sys);
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  t.ok(longestGap(call) < 1500, `the caller's longest silence: ${longestGap(call)} ms`);
  leg.hangUp();
  await call.ended();
  t.match(await sys.facts("call.outside-ended", 1), [{ number: duty[0], how: "talked" }]);
  t.equal((await sys.facts("call.outside-rung", 1)).length, 1, "nobody was rung twice");
});

t.test("an interpreter joins a talk: three hear each other; each may leave", async (t) => {
  const { sys, network, caller } = await set(t, { anna: ["b"] });
  const anna = await desk(t, sys, "anna");
  const { call, leg } = await talk(caller, anna);
  const { call: view } = await sys.agent("anna", ({ state }) => state === "talking");
  const id = view?.call ?? "";
  const wants = (language: string | null) => sys.command({ type: "interpreter", agent: "anna", call: id, language });
  await t.rejects(wants("fi"), { code: "COMMAND_REFUSED" }, "nobody interprets that");

  await wants("en");
  const third = await network.nextCall();
  t.equal(rung(third), interpreter);
  t.match((await sys.agent("anna", ({ call: now }) => now?.interpreter?.state === "ringing")).call?.interpreter, {
    state: "ringing",
  });
  third.pickUp();
  await sys.agent("anna", ({ call: now }) => now?.interpreter?.state === "talking");
  await allHear([
    [call, 440],
    [leg, 1000],
    [third, 1700],
  ]);
  third.hangUp();
  await sys.agent("anna", ({ call: now }) => now !== undefined && now.interpreter === undefined);
  await allHear([
    [call, 440],
    [leg, 1000],
  ]);

  await wants("en");
  const fourth = await network.nextCall();
  fourth.pickUp();
  await sys.agent("anna", ({ call: now }) => now?.interpreter?.state === "talking");
  await wants(null);
  await fourth.ended();
  await allHear([
    [call, 440],
    [leg, 1000],
  ]);

  await wants("en");
  const last = await network.nextCall();
  last.pickUp();
  await sys.agent("anna", ({ call: now }) => now?.interpreter?.state === "talking");
  call.hangUp();
  await Promise.all([leg.ended(), last.ended()]);
  await sys.facts("call.ended");
  t.equal((await sys.facts("call.outside-ended", 3)).length, 3);
  await sys.empty();
});
