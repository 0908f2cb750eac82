import t from "tap";
import { testAsterisk } from "../../support/asterisk.ts";
import { Phone } from "../../support/sip/phone.ts";

const trunk = "127.0.0.2";

t.test("without an engine the caller hears ringing, the apology, and then music while the reserve telephones ring", async (t) => {
  const asterisk = await testAsterisk(t, { reserve: [{ secret: "reserve" }] });
  const reserve = await Phone.open({ user: "reserve-1", password: "reserve", server: asterisk.server });
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => [reserve, citizen].map((phone) => phone.close()));
  await reserve.register();

  const dialled = performance.now();
  const call = await citizen.dial("0850800000");
  await call.gets(180);
  await call.gets("200 INVITE");
  t.ok(performance.now() - dialled >= 2000, "it rings for 2 s, in case the engine is only being started again");
  await call.media.hearsSomething();
  console.error("speech after", performance.now() - dialled);
  t.ok(performance.now() - dialled < 3500, "and then speaks");
  const ringing = await reserve.nextCall();
  ringing.ring();
  const from = call.media.heard.all.length;
  await call.media.hearsSomething(from); // music
  ringing.pickUp();
  ringing.media.play(1000);
  call.media.play(600);
  await call.media.hears(1000, call.media.heard.all.length);
  await ringing.media.hears(600);
  ringing.hangUp();
  t.equal((await call.ended()).by, "peer", "when the talk is over, so is the call");
  await asterisk.empty();
  console.error(await asterisk.complaints());
});
