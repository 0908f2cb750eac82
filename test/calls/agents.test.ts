import t, { type Test } from "tap";
import type { Call } from "../support/sip/call.ts";
import type { Phone } from "../support/sip/phone.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, directNumber, talk } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);
// Each has a system of its own, and waits most of the time.
t.jobs = 2;

async function setUp(t: Test, agents = ["anna"]): Promise<{ sys: TestSystem; caller: Phone; desks: Phone[] }> {
  const sys = await testSystem(t, { agents: Object.fromEntries(agents.map((id) => [id, ["b"]])) });
  const desks: Phone[] = [];
  for (const id of agents) desks.push(await desk(t, sys, id));
  return { sys, caller: await citizen(t, sys), desks };
}
const ends = async (sys: TestSystem, atLeast: number): Promise<string[]> =>
  (await sys.facts("call.offer-ended", atLeast)).map(({ agent, how }) => `${agent} ${how}`);

t.test("a busy phone (486) is unavailable, which is no miss; the caller goes to the next agent", async (t) => {
  const { sys, caller, desks } = await setUp(t, ["anna", "bo"]);
  const [anna, bo] = desks as [Phone, Phone];
  const call = await caller.dial(directNumber);
  (await anna.nextCall()).refuse(486);
  const leg = await bo.nextCall();
  t.match(await sys.agent("anna", (view) => view.state === "paused"), { reason: "phone-busy", missedInRow: 0 });
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  t.strictSame(await ends(sys, 2), ["anna busy", "bo answered"]);
  call.hangUp();
  await leg.ended();
});

t.test("two rings unanswered in a row pause the agent, who is told why; the caller waits on and is served", async (t) => {
  const { sys, caller, desks } = await setUp(t);
  const [anna] = desks as [Phone];
  const call = await caller.dial(directNumber);
  for (const missed of [1, 2]) {
    const leg = await anna.nextCall();
    leg.ring();
    await leg.gets("CANCEL");
    await sys.agent("anna", (view) => view.missedInRow === missed);
  }
  t.match(await sys.agent("anna", (view) => view.state === "paused"), { reason: "missed-calls" });
  t.strictSame(await ends(sys, 2), ["anna missed", "anna missed"]);
  await call.media.hearsSomething(call.media.heard.all.length);

  await sys.command({ type: "available", agent: "anna" });
  const leg = await anna.nextCall();
  leg.pickUp();
  const [answered] = await sys.facts("call.answered");
  t.ok((answered?.waitedMs ?? 0) > 10_000, "the wait counts from the start");
  call.hangUp();
  await leg.ended();
});

t.test("a phone that goes while it rings: missed, and the caller goes to the next agent", async (t) => {
  const { sys, caller, desks } = await setUp(t, ["anna", "bo"]);
  const [anna, bo] = desks as [Phone, Phone];
  const call = await caller.dial(directNumber);
  const gone = await anna.nextCall();
  gone.ring();
  gone.vanish();
  const leg = await bo.nextCall();
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  t.strictSame(await ends(sys, 2), ["anna missed", "bo answered"]);
  call.hangUp();
  await leg.ended();
});

t.test("a phone that goes while it is talked on: the caller is let go, the agent is not left talking", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"] }, env: { RTP_TIMEOUT_S: "2" } });
  const anna = await desk(t, sys, "anna");
  const caller = await citizen(t, sys);
  const { call, leg } = await talk(caller, anna);
  leg.vanish();
  t.strictSame(await call.ended(), { by: "peer" });
  await sys.agent("anna", (view) => view.state !== "talking");
});

t.test("a 200 that crosses our CANCEL after the page said so is neither a miss nor a pause; the caller waits on", async (t) => {
  const { sys, caller, desks } = await setUp(t);
  const [anna] = desks as [Phone];
  const call = await caller.dial(directNumber);
  for (let round = 0; round < 3; round++) {
    const leg = await crossed(sys, anna, async (id) => await sys.command({ type: "answering", agent: "anna", call: id }));
    t.strictSame(await leg.ended(), { by: "peer" }, "the crossed leg is ended by us");
  }
  const leg = await anna.nextCall();
  t.match(await sys.agent("anna", (view) => view.state === "ringing"), { missedInRow: 0 });
  t.strictSame(await ends(sys, 3), Array(3).fill("anna withdrawn"));
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  call.hangUp();
  await leg.ended();
});

t.test(
  "a desk phone picks up in the very moment in which the ring time ends: that is an answer, and ringing on a miss",
  async (t) => {
    const { sys, caller, desks } = await setUp(t);
    const [anna] = desks as [Phone];
    const call = await caller.dial(directNumber);
    const missed = await anna.nextCall();
    missed.atExpiry = "ends";
    missed.ring();
    t.strictSame(await missed.ended(), { by: "self", status: 487 }, "the phone ended the ring, nothing crossed");
    t.strictSame(await ends(sys, 1), ["anna missed"]);
    const leg = await anna.nextCall();
    leg.atExpiry = "answers";
    leg.ring();
    await leg.gets("ACK");
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    t.strictSame(await ends(sys, 2), ["anna missed", "anna answered"]);
    call.hangUp();
    await leg.ended();
  },
);

t.test("a desk phone that rings on after its time, and is answered into our CANCEL: a miss, no more", async (t) => {
  const { sys, caller, desks } = await setUp(t);
  const [anna] = desks as [Phone];
  const call = await caller.dial(directNumber);
  const first = await crossed(sys, anna);
  // A 200 that crosses a CANCEL is acknowledged and ended (RFC 5407, 3.1.2). Asterisk does so by itself, and tells nobody.
  await first.gets("ACK");
  t.strictSame(await first.ended(), { by: "peer" });
  const leg = await anna.nextCall();
  t.strictSame(await ends(sys, 1), ["anna missed"], "the phone was told its time (Expires), and was answered a second after it");
  await sys.agent("anna", (view) => view.state === "ringing" && view.missedInRow === 1);
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await bothHear(call, leg);
  await sys.agent("anna", (view) => view.state === "talking" && view.missedInRow === 0);
  call.hangUp();
  await leg.ended();
});

t.test("a desk phone that is unplugged is found out within seconds, and rings no more until it is back", async (t) => {
  const { sys, caller, desks } = await setUp(t);
  const [anna] = desks as [Phone];
  anna.close();
  // Asterisk asks by itself (`qualify_frequency`), long before the registration ends.
  await sys.agent("anna", (view) => !view.reachable);
  const call = await caller.dial(directNumber);
  await sys.facts("call.queued");
  const back = await desk(t, sys, "anna");
  const leg = await back.nextCall();
  leg.pickUp();
  await leg.gets("ACK");
  t.equal((await sys.facts("call.offered")).length, 1, "nothing was offered to the phone that was gone");
  call.hangUp();
  await leg.ended();
});

/** Rings until the ring time is over, and answers in the moment in which our CANCEL comes. */
async function crossed(sys: TestSystem, phone: Phone, announce?: (call: string) => Promise<void>): Promise<Call> {
  const leg = await phone.nextCall();
  leg.answersAcrossCancel = true;
  leg.ring();
  const { call } = await sys.agent("anna", (view) => view.state === "ringing");
  await announce?.(call?.call ?? "");
  await leg.gets("CANCEL");
  return leg;
}

t.test("the caller's hang-up crosses the agent's answer: nobody is left, the agent is free", async (t) => {
  const { sys, caller, desks } = await setUp(t);
  const [anna] = desks as [Phone];
  for (let round = 1; round <= 5; round++) {
    await sys.agent("anna", (view) => view.state === "available");
    const call = await caller.dial(directNumber);
    const leg = await anna.nextCall();
    leg.answersAcrossCancel = round % 2 === 0;
    leg.ring();
    call.hangUp();
    if (leg.state === "ringing") leg.pickUp();
    await leg.ended();
    await sys.facts("call.ended", round);
    await sys.empty();
  }
  t.match(await sys.agent("anna", (view) => view.state === "available"), { missedInRow: 0 });
});
