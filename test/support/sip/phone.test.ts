import t, { type Test } from "tap";
import { type TestAsterisk, testAsterisk } from "../asterisk.ts";
import type { Call } from "./call.ts";
import { header } from "./message.ts";
import { Phone } from "./phone.ts";
import { measureTone } from "./tones.ts";

const dialplan = `
[from-network]
exten => 1000,1,Answer()
 same => n,Echo()
exten => 1001,1,Dial(PJSIP/d-anna,60)
 same => n,Hangup(\${HANGUPCAUSE})
exten => 1002,1,Dial(PJSIP/d-anna,1)
 same => n,Hangup(17)
exten => 1003,1,Answer()
 same => n,Read(KEY,,1,,1,60)
 same => n,SendDTMF(\${KEY})
 same => n,Wait(60)
exten => 1004,1,Hangup(\${IF($["\${PJSIP_HEADER(read,Privacy)}" = "id"]?21:17)})
`;

const modules = ["app_echo", "app_read", "app_senddtmf"];

async function setUp(t: Test): Promise<{ asterisk: TestAsterisk; caller: Phone; anna: Phone }> {
  const agents = [{ id: "anna", deskSecret: "hemligt" }];
  const asterisk = await testAsterisk(t, { agents, extra: { modules, dialplan } });
  const caller = await Phone.open({ user: "0701740605", address: "127.0.0.2", server: asterisk.server });
  const anna = await Phone.open({ user: "d-anna", password: "hemligt", server: asterisk.server });
  t.teardown(() => {
    caller.close();
    anna.close();
  });
  await anna.register();
  return { asterisk, caller, anna };
}

t.test("the test phone proves itself against Asterisk", async (t) => {
  const { caller, anna, asterisk } = await setUp(t);

  await t.test("a phone with a wrong password is refused", async (t) => {
    const stranger = await Phone.open({ user: "d-anna", password: "gissat", server: asterisk.server });
    t.teardown(() => stranger.close());
    await t.rejects(stranger.register(), /401/);
  });

  await t.test("sound goes out and comes back; late offer too", async (t) => {
    for (const lateOffer of [false, true]) {
      const call = await caller.dial("1000", { lateOffer });
      call.media.play(440, 8000);
      const level = await call.media.hears(440);
      t.ok(Math.abs(level.peak - 8000) < 400 && level.share > 0.99, `${JSON.stringify(level)} lateOffer=${lateOffer}`);
      call.hangUp();
    }
  });

  await t.test("a call from phone to phone, heard in both directions, with hold", async (t) => {
    const out = await caller.dial("1001");
    const inn = await anna.nextCall();
    inn.ring();
    await out.gets(180);
    inn.pickUp();
    await out.gets("200 INVITE");
    out.media.play(440);
    inn.media.play(1000);
    t.ok((await inn.media.hears(440)).share > 0.99);
    t.ok((await out.media.hears(1000)).share > 0.99);
    t.match((await inn.reinvite("sendonly")).body, /a=recvonly/);
    t.match((await inn.reinvite("sendrecv")).body, /a=sendrecv/);
    await out.media.press("7");
    const pressed = await inn.media.heard.when("a key", (packet) => packet.key !== undefined);
    t.equal(pressed.key, "7");
    inn.hangUp();
    t.same(await out.ended(), { by: "peer" });
    t.same(await inn.ended(), { by: "self" });
  });

  await t.test("early media is heard before the answer", async (t) => {
    const out = await caller.dial("1001");
    const inn = await anna.nextCall();
    inn.progress();
    inn.media.play(800);
    await out.gets(183);
    t.ok((await out.media.hears(800)).share > 0.9);
    t.equal(out.state, "ringing");
    out.hangUp();
    t.same(await inn.ended(), { by: "peer" });
    t.same(await out.ended(), { by: "self", status: 487 });
  });

  await t.test("busy, refused, and hanging up while it rings", async (t) => {
    const busy = await caller.dial("1001");
    (await anna.nextCall()).refuse(486);
    t.same(await busy.ended(), { by: "refused", status: 486 });
    const early = await caller.dial("1001");
    early.hangUp(); // before anything was answered
    t.same(await early.ended(), { by: "self", status: 487 });
  });

  await t.test("a 200 that crosses a CANCEL: the phone is up until the other side says BYE", async (t) => {
    const out = await caller.dial("1002");
    const inn = await anna.nextCall();
    inn.answersAcrossCancel = true;
    inn.ring();
    await inn.gets("CANCEL");
    await inn.gets("ACK");
    await inn.gets("BYE");
    t.same(await inn.ended(), { by: "peer" });
    t.equal((await out.ended()).by, "refused");
  });

  await t.test("keys by RFC 4733, by INFO, and in the sound", async (t) => {
    const ways: readonly [name: string, key: string, noEvents: boolean, press: (call: Call) => Promise<unknown>][] = [
      ["RFC 4733", "4", false, (call) => call.media.press("4")],
      ["INFO", "5", true, (call) => call.info("5")],
      ["in the sound", "6", true, (call) => call.media.pressInBand("6")],
    ];
    for (const [way, key, noEvents, press] of ways) {
      const call = await caller.dial("1003", { noEvents });
      await call.gets("200 INVITE");
      await press(call);
      // Whoever is not heard presses again: a machine that is held up sends a key's packets in a heap, which Asterisk may not take for a key.
      const again = setInterval(() => void press(call), 5_000);
      // Asterisk presses the same key towards us: as an event, or as two tones when we understand no events.
      if (noEvents) {
        await call.media.hearsSomething();
        const high = { "5": 1336, "6": 1477 }[key] ?? 0;
        t.ok(measureTone(call.media.last(80), high).share > 0.3, way);
      } else await call.media.heard.when("the key", (packet) => packet.key === key);
      clearInterval(again);
      call.hangUp();
    }
  });

  await t.test("headers arrive, refusals tell their status", async (t) => {
    const call = await caller.dial("1004", { headers: [["Privacy", "id"]] });
    const { status } = await call.ended();
    t.equal(status, 403);
  });

  await t.test("session timers: a refresh by us is answered with the timer", async (t) => {
    const call = await caller.dial("1000", { headers: [["Session-Expires", "90;refresher=uac"]] });
    const answer = await call.gets("200 INVITE");
    t.match(header(answer, "Session-Expires"), /90;refresher=uac/);
    const refreshed = await call.reinvite("sendrecv", [["Session-Expires", "90;refresher=uac"]]);
    t.equal(refreshed.status, 200);
    t.match(header(refreshed, "Session-Expires"), /90;refresher=uac/);
    call.hangUp();
  });

  await t.test("a phone that vanishes answers nothing and sends nothing", async () => {
    const out = await caller.dial("1001");
    const inn = await anna.nextCall();
    inn.pickUp();
    await out.gets("200 INVITE");
    inn.vanish();
    out.hangUp();
    await asterisk.empty();
  });
});
