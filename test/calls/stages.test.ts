import t from "tap";
import { testSystem } from "../support/system.ts";
import { citizen, desk, directNumber, menuNumber, promptTones, talk, tonePlan } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

/** Whoever hangs up, whenever: it is recorded as what it was, the other side is let go, the agent is free again, nothing is left. */
t.test("hanging up at every stage", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"] }, planDir: await tonePlan(t) });
  const caller = await citizen(t, sys);
  let calls = 0;
  const end = async (stage: string, by: string): Promise<void> => {
    const ended = await sys.facts("call.ended", ++calls);
    t.match(ended.at(-1), { stage, by });
    await sys.empty();
  };

  await t.test("during the greeting", async () => {
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones.greeting);
    call.hangUp();
    await end("menu", "caller");
  });

  await t.test("while the menu waits for a key", async () => {
    const call = await caller.dial(menuNumber);
    await call.media.hears(promptTones["no-key"]);
    call.hangUp();
    await end("menu", "caller");
  });

  await t.test("in the queue, with music", async (t) => {
    const call = await caller.dial(directNumber);
    await call.media.hears(promptTones["place-first"]);
    const spoken = call.media.heard.all.length + 20;
    await call.media.hearsSomething(spoken);
    call.hangUp();
    await end("queue", "caller");
    const [abandoned] = await sys.facts("call.abandoned");
    t.ok((abandoned?.waitedMs ?? 0) > 500);
  });

  const anna = await desk(t, sys, "anna");

  await t.test("while an agent's phone rings", async (t) => {
    const call = await caller.dial(directNumber);
    const leg = await anna.nextCall();
    leg.ring();
    await sys.agent("anna", (view) => view.state === "ringing");
    call.hangUp();
    await leg.gets("CANCEL");
    t.match((await sys.facts("call.offer-ended")).at(-1), { how: "caller-gone" });
    await end("queue", "caller");
    t.match(await sys.agent("anna", (view) => view.state === "available"), { missedInRow: 0 });
  });

  await t.test("the caller, while they talk", async (t) => {
    const { call, leg } = await talk(caller, anna);
    call.hangUp();
    t.strictSame(await leg.ended(), { by: "peer" });
    await end("talk", "caller");
  });

  await t.test("the agent, while they talk", async (t) => {
    await sys.agent("anna", (view) => view.state === "available");
    const { call, leg } = await talk(caller, anna);
    leg.hangUp();
    t.strictSame(await call.ended(), { by: "peer" });
    await end("talk", "agent");
  });

  await t.test("both at once", async (t) => {
    await sys.agent("anna", (view) => view.state === "available");
    const talked = (await sys.facts("call.talked")).length;
    const { call, leg } = await talk(caller, anna);
    call.hangUp();
    leg.hangUp();
    await sys.empty();
    const ended = await sys.facts("call.ended", ++calls);
    t.equal(ended.at(-1)?.stage, "talk");
    t.equal((await sys.facts("call.talked", talked + 1)).length, talked + 1, "one talk, told once");
    await sys.agent("anna", (view) => view.state === "available");
    t.equal((await sys.facts("call.ended", calls)).length, calls, "one end, told once");
  });

  // Last, as it is so early that the city may not have heard of it at all.
  await t.test("before the answer", async () => {
    const call = await caller.dial(menuNumber);
    call.hangUp();
    await call.ended();
    await sys.empty();
  });
});
