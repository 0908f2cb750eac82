import t, { type Test } from "tap";
import { header } from "../support/sip/message.ts";
import type { Phone } from "../support/sip/phone.ts";
import { loudness, measureTone } from "../support/sip/tones.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, directNumber, talk } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);
// Each has a system of its own, and waits most of the time.
t.jobs = 2;

async function setUp(t: Test, env: Record<string, string> = {}): Promise<{ sys: TestSystem; caller: Phone; anna: Phone }> {
  const sys = await testSystem(t, { agents: { anna: ["b"] }, env });
  return { sys, anna: await desk(t, sys, "anna"), caller: await citizen(t, sys) };
}

t.test("a late offer is a call as any other", async (t) => {
  const { caller, anna } = await setUp(t);
  const { call, leg } = await talk(caller, anna, { lateOffer: true });
  t.match((await call.gets("200 INVITE")).body, /m=audio \d+ RTP\/AVP 8/, "A-law is offered");
  call.hangUp();
  await leg.ended();
});

t.test("early media of an agent's phone is not let through: the caller hears us until the answer", async (t) => {
  const { caller, anna } = await setUp(t);
  const call = await caller.dial(directNumber);
  const leg = await anna.nextCall();
  leg.progress();
  leg.media.play(1000);
  await call.media.hearsSomething();
  await call.media.hearsSomething(call.media.heard.all.length + 25);
  t.ok(measureTone(call.media.last(400), 1000).share < 0.5);
  leg.pickUp();
  call.media.play(440);
  await bothHear(call, leg);
  call.hangUp();
  await leg.ended();
});

t.test("hold by re-INVITE: the caller hears music, and the agent again afterwards", async (t) => {
  const { sys, caller, anna } = await setUp(t);
  const { call, leg } = await talk(caller, anna);
  t.equal((await leg.reinvite("sendonly")).status, 200);
  await sys.agent("anna", (view) => view.call?.phase === "held");
  const music = () => loudness(call.media.last(400)) > 100 && measureTone(call.media.last(400), 1000).share < 0.5;
  await call.media.heard.when("music, and no agent", music, call.media.heard.all.length);
  t.equal((await leg.reinvite("sendrecv")).status, 200);
  await sys.agent("anna", (view) => view.call?.phase === "talking");
  await bothHear(call, leg);
  call.hangUp();
  await leg.ended();
  const [talked] = await sys.facts("call.talked");
  t.ok((talked?.holdMs ?? 0) > 0, "the hold is counted");
  t.ok((talked?.talkMs ?? 0) > (talked?.holdMs ?? 0));
});

t.test("the trunk is gone: whoever talked is let go when no sound has come for the set time", async (t) => {
  const { sys, caller, anna } = await setUp(t, { RTP_TIMEOUT_S: "2" });
  const { call, leg } = await talk(caller, anna);
  call.vanish();
  t.strictSame(await leg.ended(), { by: "peer" });
  t.match(await sys.facts("call.ended"), [{ stage: "talk" }]);
  await sys.agent("anna", (view) => view.state === "available");
});

t.test("the trunk is gone while the caller waits: the place in the queue goes, too", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["b"] }, env: { RTP_TIMEOUT_S: "2" } });
  const call = await (await citizen(t, sys)).dial(directNumber);
  await call.media.hearsSomething();
  call.vanish();
  t.match(await sys.facts("call.ended"), [{ stage: "queue" }]);
});

t.test("session timers: the trunk refreshes", async (t) => {
  const { caller, anna } = await setUp(t);
  const timer = [["Session-Expires", "90;refresher=uac"]] as const;
  const { call, leg } = await talk(caller, anna, { headers: timer });
  t.match(header(await call.gets("200 INVITE"), "Session-Expires"), /^90;refresher=uac/);
  const refreshed = await call.reinvite("sendrecv", timer);
  t.equal(refreshed.status, 200);
  t.match(header(refreshed, "Session-Expires"), /^90/);
  await bothHear(call, leg);
  call.hangUp();
  await leg.ended();
});

t.test("session timers: we refresh, half-way through", { timeout: 120_000 }, async (t) => {
  const { caller, anna } = await setUp(t);
  const { call, leg } = await talk(caller, anna, { headers: [["Session-Expires", "90;refresher=uas"]] });
  const refresh = await call.received.when(
    "a refresh",
    (message) => "method" in message && /INVITE|UPDATE/.test(message.method),
    0,
    60_000,
  );
  t.match(header(refresh, "Session-Expires"), /^90/);
  await bothHear(call, leg);
  call.hangUp();
  await leg.ended();
});

t.test("who rings: the number as it comes, or none when it is withheld", async (t) => {
  const { sys, caller, anna } = await setUp(t);
  const forms: readonly [from: string, headers: readonly (readonly [string, string])[], shown: string | null][] = [
    ["0701740605", [], "+46701740605"],
    ["+46701740605", [], "+46701740605"],
    ["anonymous", [], null],
    [
      "0701740605",
      [
        ["Privacy", "id"],
        ["P-Asserted-Identity", "<sip:0701740605@127.0.0.2>"],
      ],
      null,
    ],
  ];
  for (const [from, headers, shown] of forms) {
    await sys.agent("anna", (view) => view.state === "available");
    const call = await caller.dial(directNumber, { from, headers });
    const leg = await anna.nextCall();
    const { call: view } = await sys.agent("anna", (one) => one.state === "ringing");
    t.equal(view?.from, shown, `${from} ${headers}`);
    const invitation = JSON.stringify(leg.invitation?.headers);
    if (shown === null) t.notMatch(invitation, "701740605", "not even the desk phone is told");
    call.hangUp();
    await leg.ended();
  }
});
