import t from "tap";
import type { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, directNumber } from "./people.ts";

/** Who waits keeps the place, whatever agents and their phones do. */

t.test("the order of the queue", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"], bo: ["b"] } });
  const caller = await citizen(t, sys);
  const anna = await desk(t, sys, "anna");
  const ends = async (atLeast: number): Promise<string[]> =>
    (await sys.facts("call.offer-ended", atLeast)).slice(atLeast - 1).map(({ agent, how }) => `${agent} ${how}`);
  let ended = 0;
  const over = async (calls: number): Promise<void> => {
    ended += calls;
    await sys.facts("call.ended", ended);
    await sys.empty();
  };
  /** Rings one after another; the first is offered, the others wait. */
  const ring = async (...numbers: readonly string[]) => {
    const queued = (await sys.facts("call.queued", 0)).length;
    const calls = [];
    for (const [n, from] of numbers.entries()) {
      calls.push(await caller.dial(directNumber, { from }));
      await sys.facts("call.queued", queued + n + 1);
    }
    return calls;
  };
  const rings = async (phone: Phone, agent: string) => {
    const leg = await phone.nextCall();
    const { call } = await sys.agent(agent, (view) => view.state === "ringing");
    return { leg, from: call?.from };
  };

  await t.test("misses and a pause at the only agent: the first caller is still the first, and hears music", async (t) => {
    const [first, second] = await ring("0701000001", "0701000002");
    for (const missed of [1, 2]) {
      const { leg, from } = await rings(anna, "anna");
      leg.ring();
      t.equal(from, "+46701000001", `ring ${missed} is the first caller's`);
      await leg.gets("CANCEL");
    }
    t.match(await sys.agent("anna", (view) => view.state === "paused"), { reason: "missed-calls", missedInRow: 2 });
    const music = [first, second].map((call) => call?.media.hearsSomething(call.media.heard.all.length));
    await Promise.all(music);
    await sys.command({ type: "available", agent: "anna" });
    const again = await rings(anna, "anna");
    t.equal(again.from, "+46701000001");
    again.leg.pickUp();
    await sys.agent("anna", (view) => view.state === "talking");
    again.leg.hangUp();
    await sys.agent("anna", (view) => view.state === "ringing");
    const next = await rings(anna, "anna");
    t.equal(next.from, "+46701000002");
    next.leg.pickUp();
    await sys.agent("anna", (view) => view.state === "talking");
    second?.hangUp();
    await over(2);
    t.match(await sys.agent("anna", (view) => view.state === "available"), { missedInRow: 0 }, "an answer wipes the misses out");
  });

  const bo = await desk(t, sys, "bo");

  await t.test(
    "who declines (603) goes to the end of the row; the caller goes to the next agent, and does not wait",
    async (t) => {
      const [call] = await ring("0701000003");
      const seen = (await sys.facts("call.offer-ended")).length;
      const { leg } = await rings(anna, "anna");
      leg.ring();
      leg.refuse(603);
      const other = await rings(bo, "bo");
      t.strictSame(await ends(seen + 1), ["anna refused"]);
      t.match(await sys.agent("anna", (view) => view.state === "available"), { missedInRow: 1 });
      other.leg.pickUp();
      call?.media.play(440);
      other.leg.media.play(1000);
      if (call) await bothHear(call, other.leg);
      call?.hangUp();
      await over(1);
    },
  );

  await t.test("a phone that unregisters while it rings can still be answered", async (t) => {
    await sys.agent("bo", (view) => view.state === "available");
    const [call] = await ring("0701000004");
    const { leg } = await rings(anna, "anna");
    leg.ring();
    await anna.register(0);
    await sys.agent("anna", (view) => !view.reachable);
    leg.pickUp();
    await sys.agent("anna", (view) => view.state === "talking");
    call?.hangUp();
    await over(1);
    await sys.agent("anna", (view) => view.state === "available");

    const [next] = await ring("0701000005");
    const other = await rings(bo, "bo");
    t.equal(other.from, "+46701000005", "and then is not rung any more");
    t.strictSame((await sys.facts("call.offered")).at(-1)?.agent, "bo");
    next?.hangUp();
    await other.leg.ended();
    await over(1);
    await anna.register();
    await sys.agent("anna", (view) => view.reachable);
  });

  await t.test("a phone that gives up ringing by itself (487) has missed the call, and is not out of order", async (t) => {
    const seen = (await sys.facts("call.offer-ended")).length;
    const [call] = await ring("0701000007");
    const first = await rings(bo, "bo");
    first.leg.ring();
    first.leg.refuse(487);
    const other = await rings(anna, "anna");
    t.strictSame(await ends(seen + 1), ["bo missed"]);
    t.match(await sys.agent("bo", (view) => view.state === "available"), { missedInRow: 1 });
    other.leg.pickUp();
    await sys.agent("anna", (view) => view.state === "talking");
    call?.hangUp();
    await over(1);
    await sys.agent("anna", (view) => view.state === "available");
    await sys.command({ type: "available", agent: "bo" });
  });

  await t.test("a phone that is registered and silent: rung until the ring time is over, then the next agent", async (t) => {
    const seen = (await sys.facts("call.offer-ended")).length;
    const [call] = await ring("0701000006");
    const first = await rings(bo, "bo");
    first.leg.vanish();
    const { leg, from } = await rings(anna, "anna");
    t.equal(from, "+46701000006");
    t.strictSame(await ends(seen + 1), ["bo missed"]);
    leg.pickUp();
    await sys.agent("anna", (view) => view.state === "talking");
    call?.hangUp();
    await over(1);
  });
});
