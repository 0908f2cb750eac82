import t, { type Test } from "tap";
import type { Outcome } from "../../src/core/facts.ts";
import type { AgentView } from "../../src/engine/views.ts";
import type { Call } from "../support/sip/call.ts";
import type { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, menuNumber, promptTones, tonePlan } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

/** The caller hung up, the agent wraps up: what becomes of the agent's phone meanwhile changes neither state nor outcome. */
t.test("the agent's phone during wrap-up", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["a"] }, planDir: await tonePlan(t) });
  const caller = await citizen(t, sys);
  let anna = await desk(t, sys, "anna");
  let calls = 0;

  /** A call of group a up to the caller's hang-up; the outcome is given while they talk, or later. */
  const untilWrapUp = async (outcome?: Outcome): Promise<{ leg: Call; call: string }> => {
    calls++;
    const leg = await talkToA(caller, anna);
    const talking = await sys.agent("anna", (view) => view.state === "talking");
    const call = talking.call?.call ?? "";
    if (outcome) await sys.command({ type: "outcome", agent: "anna", call, outcome });
    leg.caller.hangUp();
    t.strictSame(await leg.agent.ended(), { by: "peer" });
    await sys.agent("anna", (view) => view.state === "wrap-up");
    return { leg: leg.agent, call };
  };
  const done = (call: string): Promise<void> => sys.command({ type: "done", agent: "anna", call });
  const wrapping =
    (call: string, outcome?: Outcome) =>
    ({ state, wrapUp }: AgentView): boolean =>
      state === "wrap-up" && wrapUp?.call === call && wrapUp.outcome === outcome;
  /** One end, one outcome, one wrap-up for each call so far. */
  const told = async (t: Test, outcome: Outcome): Promise<void> => {
    t.equal((await sys.facts("call.wrapped-up", calls)).length, calls);
    const outcomes = await sys.facts("call.outcome", calls);
    t.equal(outcomes.length, calls);
    t.match(outcomes.at(-1), { outcome });
    const ended = await sys.facts("call.ended", calls);
    t.equal(ended.length, calls);
    t.match(ended.at(-1), { stage: "talk", by: "caller" });
    await sys.empty();
  };

  await t.test("hangs up once more", async (t) => {
    const { leg, call } = await untilWrapUp("taken-care-of");
    // 200 while Asterisk's own BYE is not over, 481 after that (RFC 3261 15.1.2).
    t.ok([200, 481].includes((await leg.byeAgain()).status), "Asterisk answers");
    t.ok(await sys.agent("anna", wrapping(call, "taken-care-of")));
    await done(call);
    t.match(await sys.agent("anna", (view) => view.state === "available"), { reachable: true });
    await told(t, "taken-care-of");
  });

  await t.test("hangs up once more, and the agent goes to lunch after this", async (t) => {
    const { leg, call } = await untilWrapUp();
    await sys.command({ type: "pause", agent: "anna", reason: "lunch" });
    await leg.byeAgain();
    await sys.command({ type: "outcome", agent: "anna", call, outcome: "referred" });
    t.match(await sys.agent("anna", wrapping(call, "referred")), { next: "lunch" });
    await done(call);
    await sys.agent("anna", (view) => view.state === "paused" && view.reason === "lunch");
    await told(t, "referred");
    await sys.command({ type: "available", agent: "anna" });
    await sys.agent("anna", (view) => view.state === "available");
  });

  await t.test("signs off, and comes back", async (t) => {
    const { call } = await untilWrapUp("answered");
    await anna.register(0);
    const away = await sys.agent("anna", (view) => !view.reachable);
    t.ok(wrapping(call, "answered")(away), "still wrapping up");
    await done(call);
    t.match(await sys.agent("anna", (view) => view.state === "available"), { reachable: false });
    await told(t, "answered");
    await anna.register();
    await sys.agent("anna", (view) => view.reachable && view.state === "available");
  });

  await t.test("is unplugged, and another is plugged in", async (t) => {
    const { call } = await untilWrapUp("handed-over");
    anna.close();
    // Asterisk asks each phone every 15 s whether it is there; asked to, at once.
    await sys.system.asterisk?.command("pjsip qualify d-anna");
    const away = await sys.agent("anna", (view) => !view.reachable);
    t.ok(wrapping(call, "handed-over")(away), "still wrapping up");
    await done(call);
    t.match(await sys.agent("anna", (view) => view.state === "available"), { reachable: false });
    await told(t, "handed-over");

    anna = await desk(t, sys, "anna");
    const next = await untilWrapUp("answered");
    await done(next.call);
    await sys.agent("anna", (view) => view.state === "available" && view.reachable);
    await told(t, "answered");
  });
});

/** By the menu to group a, which has a wrap-up of a minute; caller and agent hear each other. */
async function talkToA(from: Phone, to: Phone): Promise<{ caller: Call; agent: Call }> {
  const caller = await from.dial(menuNumber);
  await caller.media.hears(promptTones.greeting);
  await caller.media.press("1");
  const agent = await to.nextCall();
  agent.pickUp();
  caller.media.play(440);
  agent.media.play(1000);
  await bothHear(caller, agent);
  return { caller, agent };
}
