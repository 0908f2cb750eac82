import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t, { type Test } from "tap";
import { takePorts } from "../support/ports.ts";
import type { Call } from "../support/sip/call.ts";
import { header } from "../support/sip/message.ts";
import { Phone } from "../support/sip/phone.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { engineAgain, killEngine } from "./engine-alone.ts";
import { bothHear, citizen, desk, tonePlan } from "./people.ts";

// One retry is a minute away, and a machine busy with other tests is slow.
t.setTimeout(400_000);

const backNumber = "0846500402";
const shown = "+46846500402";
const network = "127.0.0.2";

/** The calls' plan with a number that leads straight to being rung back by group b. */
async function withCallbacks(folder: string, ringS: number): Promise<string> {
  const file = join(folder, "plan.yaml");
  const text = (await readFile(file, "utf8"))
    .replace(
      "\nmenus:",
      '  - number: "+46846500402"\n    name: { sv: Ring upp, en: Ring back }\n    greeting: greeting\n    start: { step: back }\n\nmenus:',
    )
    .replace(
      "\ngroup-defaults:",
      `\nsteps:\n  callbacks:\n    back: { label: { sv: Ring upp, en: Ring back }, group: b, otherwise: { group: b } }\ncallbacks: { attempts: 2, retry-minutes: 1, ring-seconds: ${ringS}, nordic-mobiles: false }\n\ngroup-defaults:`,
    );
  await writeFile(file, text);
  return folder;
}

interface City {
  readonly sys: TestSystem;
  readonly caller: Phone;
  /** Where calls into the telephone network arrive. */
  readonly outside: Phone;
}

async function city(t: Test, agents: readonly string[], ringS = 10): Promise<City> {
  const ports = await takePorts();
  t.teardown(() => ports.release());
  const port = ports.spare[0] ?? 0;
  const sys = await testSystem(t, {
    agents: Object.fromEntries(agents.map((agent) => [agent, ["b"]])),
    planDir: await withCallbacks(await tonePlan(t), ringS),
    env: { TRUNK_CONTACT: `sip:${network}:${port}` },
  });
  const outside = await Phone.open({ user: "network", server: sys.server, address: network, port });
  t.teardown(() => outside.close());
  return { sys, caller: await citizen(t, sys), outside };
}

/** Rings from a number and books a callback to it; the callback's id. */
async function booked({ sys, caller }: City, from: string, n: number): Promise<string> {
  const call = await caller.dial(backNumber, { from });
  await call.gets("200 INVITE");
  await call.media.press("1");
  const fact = (await sys.facts("callback.booked", n)).at(-1);
  await call.ended();
  return fact?.call ?? "";
}

const numberOf = (index: number): string => `07017406${String(10 + index)}`;
const e164 = (national: string): string => `+46${national.slice(1)}`;

/** The agent's telephone rings for a callback, is answered and hears it ring, and the citizen's rings. */
async function ring(phone: Phone, outside: Phone): Promise<{ leg: Call; back: Call; number: string }> {
  const leg = await phone.nextCall();
  leg.ring();
  leg.pickUp();
  const back = await outside.nextCall();
  const [, number = ""] = /^sip:([^@]+)@/.exec(back.invitation?.uri ?? "") ?? [];
  await leg.media.hearsSomething();
  return { leg, back, number };
}

t.test("twenty callbacks: in the order in which they were booked, each to its end, the city's number shown", async (t) => {
  const town = await city(t, ["anna"]);
  const { sys, outside, caller } = town;
  const ids: string[] = [];
  for (let index = 0; index < 20; index++) ids.push(await booked(town, numberOf(index), index + 1));

  // Every fifth takes it back by ringing again.
  for (let index = 4; index < 20; index += 5) {
    const before = (await sys.facts("callback.cancelled", 0)).length;
    const call = await caller.dial(backNumber, { from: numberOf(index) });
    await call.gets("200 INVITE");
    await call.media.press("1");
    t.match((await sys.facts("callback.cancelled", before + 1)).at(-1), { call: ids[index], by: "caller" });
    call.hangUp();
    await call.ended();
  }

  const anna = await desk(t, sys, "anna");
  const order: string[] = [];
  for (let index = 0; index < 20; index++) {
    if (index % 5 === 4) continue;
    const { leg, back, number } = await ring(anna, outside);
    order.push(number);
    t.match(header(back.invitation ?? ({ headers: [] } as never), "From"), shown, "the city's number is shown");
    const call = ids[index] ?? "";
    switch (index % 5) {
      case 0:
        await reached(sys, leg, back, call);
        break;
      case 1:
        back.refuse(486);
        break;
      case 2:
        back.ring(); // and nobody comes: Asterisk ends the ring
        await back.ended();
        break;
      case 3:
        // An answering machine: the agent hears it, and says so.
        back.pickUp();
        await sys.agent("anna", (view) => view.call?.call === call && view.call.phase === "talking");
        await sys.command({ type: "not-reached", agent: "anna", call });
        await back.ended();
        break;
    }
    await leg.ended();
  }
  const wanted = ids.flatMap((_, index) => (index % 5 === 4 ? [] : [e164(numberOf(index))]));
  t.strictSame(order, wanted, "in the order in which they were booked");

  // A minute later, those who were not reached: the first half answers, the rest is busy again.
  for (let n = 0; n < 12; n++) {
    const { leg, back, number } = await ring(anna, outside);
    const call = ids[wanted.indexOf(number) + Math.floor(wanted.indexOf(number) / 4)] ?? "";
    if (n < 6) await reached(sys, leg, back, call);
    else back.refuse(486);
    await leg.ended();
  }
  t.equal((await sys.facts("callback.reached", 10)).length, 10);
  t.equal((await sys.facts("callback.failed", 6)).length, 6);
  t.equal((await sys.facts("callback.cancelled", 4)).length, 4);
  const causes = (await sys.facts("callback.not-reached", 18)).slice(0, 12).map(({ cause }) => cause);
  for (const cause of ["busy", "no-answer", "said"]) t.equal(causes.filter((one) => one === cause).length, 4, cause);
  const rung = await sys.facts("callback.rung", 28);
  t.equal(new Set(rung.map(({ call, attempt }) => `${call} ${attempt}`)).size, 28, "no attempt was made twice");
  t.equal((await sys.facts("call.answered", 0)).length, 0, "none counts as an answered call");
});

/** The citizen answers, they talk, the agent says so and both hang up. */
async function reached(sys: TestSystem, leg: Call, back: Call, call: string): Promise<void> {
  back.pickUp();
  await talked(sys, leg, back, call);
}

async function talked(sys: TestSystem, leg: Call, back: Call, call: string): Promise<void> {
  back.media.play(440);
  leg.media.play(1000);
  await bothHear(back, leg);
  await sys.agent("anna", (view) => view.call?.call === call && view.call.phase === "talking");
  await sys.command({ type: "reached", agent: "anna", call });
  back.hangUp();
}

t.test("the engine is killed while a citizen's telephone rings: it rings on, once, and they talk", async (t) => {
  const town = await city(t, ["anna"]);
  const { sys, outside } = town;
  const call = await booked(town, numberOf(0), 1);
  const { leg, back } = await ring(await desk(t, sys, "anna"), outside);
  back.ring();
  await sys.facts("callback.rung", 1);
  process.kill(sys.system.engine.pid ?? 0, "SIGKILL");
  t.match((await sys.facts("engine.recovered", 2)).at(-1), { lost: 0 });
  await reached(sys, leg, back, call);
  await leg.ended();
  await back.ended();
  t.equal((await sys.facts("callback.reached", 1)).length, 1);
  t.equal((await sys.facts("callback.rung", 1)).length, 1, "nobody was rung twice");
});

t.test("the citizen picks up while there is no engine: they stay, hear the bed, and talk when it is back", async (t) => {
  const town = await city(t, ["anna"], 60);
  const { sys, outside } = town;
  const call = await booked(town, numberOf(0), 1);
  const { leg, back } = await ring(await desk(t, sys, "anna"), outside);
  back.ring();
  await sys.facts("callback.rung", 1);
  await killEngine(sys);
  back.pickUp();
  await back.media.hearsSomething();
  await leg.media.hearsSomething(leg.media.heard.all.length);
  await engineAgain(t, sys);
  t.match((await sys.facts("engine.recovered", 2)).at(-1), { lost: 0 });
  await talked(sys, leg, back, call);
  await leg.ended();
  await back.ended();
  t.equal((await sys.facts("callback.reached", 1)).length, 1);
  t.equal((await sys.facts("callback.rung", 1)).length, 1, "nobody was rung twice");
});
