import t from "tap";
import { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";

t.test("from ring to record: key, agent's phone, sound both ways, wrap-up, outcome", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["a", "b"] } });
  const desk = await Phone.open({ user: "d-anna", server: sys.server, password: sys.secrets.get("anna")?.desk ?? "" });
  t.teardown(() => desk.close());
  await desk.register();
  await sys.agent("anna", (view) => view.reachable);
  await sys.command({ type: "available", agent: "anna" });

  const citizen = await Phone.open({ user: "0701740605", server: sys.server, address: "127.0.0.2" });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0846500400");
  await call.gets("200 INVITE");
  await call.media.hearsSomething();
  await call.media.press("1");
  const leg = await desk.nextCall();
  leg.ring();
  const ringing = await sys.agent("anna", (view) => view.state === "ringing");
  t.match(ringing.call, { from: "+46701740605", number: "+46846500400", group: "a", phase: "ringing" });
  t.strictSame(
    ringing.call?.path.map((label) => label.sv),
    ["Stadens nummer", "Grupp A"],
  );
  leg.pickUp();
  call.media.play(440);
  leg.media.play(1000);
  await Promise.all([leg.media.hears(440), call.media.hears(1000)]);
  const talking = await sys.agent("anna", (view) => view.state === "talking");
  await sys.command({ type: "outcome", agent: "anna", call: talking.call?.call ?? "", outcome: "answered" });
  call.hangUp();
  await leg.ended();
  const wrapping = await sys.agent("anna", (view) => view.state === "wrap-up");
  t.equal(wrapping.wrapUp?.outcome, "answered");
  await sys.command({ type: "done", agent: "anna", call: wrapping.wrapUp?.call ?? "" });
  await sys.agent("anna", (view) => view.state === "available");

  const [queued] = await sys.facts("call.queued");
  const [answered] = await sys.facts("call.answered");
  t.match(queued, { group: "a", language: "sv" });
  t.match(answered, { group: "a", agent: "anna" });
  t.match(await sys.facts("call.outcome"), [{ outcome: "answered" }]);
  t.match(await sys.facts("call.ended"), [{ stage: "talk", by: "caller" }]);
});
