import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { testAsterisk } from "../../support/asterisk.ts";
import { takePorts } from "../../support/ports.ts";
import { Phone } from "../../support/sip/phone.ts";

const trunk = "127.0.0.2";
t.setTimeout(120_000);

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
  t.equal(reserve.incoming.all.length, 0, "and then speaks, before anybody else is rung");

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
  t.equal(await asterisk.complaints(), "");
});

t.test("a reserve telephone may be a number in the telephone network", async (t) => {
  const ports = await takePorts();
  const server = { address: "127.0.0.1", port: ports.sip };
  const network = await Phone.open({ user: "network", address: trunk, server });
  const contact = `sip:${trunk}:${network.wire.port}`;
  const asterisk = await testAsterisk(t, {
    ports: { sip: ports.sip, http: ports.http, ami: ports.ami },
    trunk: { addresses: [trunk], contact },
    reserve: ["0701234567"],
  });
  // The apology was heard in the test above; here it is a blink.
  for (const name of ["reserve-sv", "reserve-en"])
    await writeFile(join(asterisk.instance.soundsDir, `${name}.alaw`), Buffer.alloc(800, 0xd5));
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server });
  t.teardown(() => {
    for (const phone of [network, citizen]) phone.close();
    ports.release();
  });
  const call = await citizen.dial("0850800000");
  const rung = await network.nextCall();
  t.match(rung.invitation?.uri, /^sip:0701234567@/);
  rung.pickUp();
  rung.media.play(1000);
  await call.media.hears(1000, call.media.heard.all.length);
  call.hangUp();
  await rung.ended();
  await asterisk.empty();
});
