import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import t from "tap";
import { reloadPhones, writeAgents } from "../../../src/telephony/asterisk/index.ts";
import { testAsterisk } from "../../support/asterisk.ts";
import { Phone } from "../../support/sip/phone.ts";
import { EngineStub } from "./engine-stub.ts";

const trunk = "127.0.0.2";
t.setTimeout(120_000);

t.test("keys from the trunk arrive by RFC 4733, by INFO and in the sound", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());
  const ways = [
    { name: "RFC 4733", options: {}, press: "events" },
    { name: "INFO, events offered", options: {}, press: "info" },
    { name: "INFO, no events offered", options: { noEvents: true }, press: "info" },
    { name: "in the sound", options: { noEvents: true }, press: "sound" },
  ] as const;
  for (const { name, options, press } of ways) {
    const seen = engine.events.all.length;
    const call = await citizen.dial("0850800000", options);
    const { channel } = await engine.arrival(seen);
    await asterisk.ari("POST", `/channels/${channel.id}/answer`);
    await call.gets("200 INVITE");
    for (const key of ["1", "9", "#", "0"]) {
      const before = engine.events.all.length;
      if (press === "events") await call.media.press(key);
      else if (press === "info") await call.info(key);
      else await call.media.pressInBand(key);
      t.equal(await engine.key(before), key, `${name}: ${key}`);
      // A key that follows within 45 ms of another is no key to Asterisk, and no finger does that.
      await delay(80);
    }
    call.hangUp();
    await asterisk.empty();
  }
});

t.test("a call with late offer, hold by re-INVITE and a session timer stays up", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0850800000", { lateOffer: true, headers: [["Session-Expires", "90"]] });
  const { channel } = await engine.arrival();
  await asterisk.ari("POST", `/channels/${channel.id}/answer`);
  await call.gets("200 INVITE");
  await asterisk.ari("POST", `/channels/${channel.id}/moh`, { mohClass: "kontaktlots" });
  await call.media.hearsSomething();
  t.equal((await call.reinvite("sendonly")).status, 200, "hold");
  await engine.events.when("hold", ({ type }) => type === "ChannelHold");
  t.equal((await call.reinvite("sendrecv")).status, 200, "and back");
  await engine.events.when("unhold", ({ type }) => type === "ChannelUnhold");
  await call.media.hearsSomething(call.media.heard.all.length);
  call.hangUp();
  await asterisk.empty();
});

t.test("who is nobody gets nowhere", async (t) => {
  const asterisk = await testAsterisk(t, { agents: [{ id: "anna", deskSecret: "right", webrtcSecret: "right" }] });
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const strangers = [
    { name: "an unknown name from another address", user: "0701740605", address: "127.0.0.3" },
    { name: "an agent's name without the password", user: "d-anna", address: "127.0.0.1" },
    { name: "an agent's browser telephone without the password", user: "a-anna", address: "127.0.0.1" },
    { name: "the trunk's name from another address", user: "trunk", address: "127.0.0.1" },
  ];
  for (const { name, user, address } of strangers) {
    const phone = await Phone.open({ user, address, password: "wrong", server: asterisk.server });
    const call = await phone.dial("0850800000");
    const asked = await call.gets(401); // for a password
    await call.gets(401, call.received.all.indexOf(asked) + 1); // and for another one
    t.equal(call.state, "ringing", `${name} does not get through`);
    await t.rejects(phone.register(), { message: /40[134]/ }, `${name} does not register`);
    phone.close();
  }
  const anna = await Phone.open({ user: "d-anna", password: "right", server: asterisk.server });
  await anna.register();
  const call = await anna.dial("0850800000");
  t.match(await call.ended(), { by: "refused", status: 404 }, "an agent's telephone dials nowhere by itself");
  anna.close();
  t.equal(engine.events.all.filter(({ type }) => type === "StasisStart").length, 0, "none of them reached the engine");
});

t.test("agents come and go while calls are on", async (t) => {
  const asterisk = await testAsterisk(t, { agents: [{ id: "anna", deskSecret: "anna" }] });
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  const call = await citizen.dial("0850800000");
  const { channel } = await engine.arrival();
  await asterisk.ari("POST", `/channels/${channel.id}/answer`);
  await call.gets("200 INVITE");

  const bo = await Phone.open({ user: "d-bo", password: "bo", server: asterisk.server });
  t.teardown(() => [citizen, bo].map((phone) => phone.close()));
  await t.rejects(bo.register(), "not known yet");
  await writeAgents(asterisk.instance, [
    { id: "anna", deskSecret: "anna" },
    { id: "bo", deskSecret: "bo" },
  ]);
  await reloadPhones(asterisk.instance);
  await bo.register();
  t.equal(call.state, "up", "the call went on");

  const { app } = asterisk.instance;
  await asterisk.ari("POST", "/channels", { endpoint: "PJSIP/d-bo", app, appArgs: "leg", callerId: "0701740605" });
  const ringing = await bo.nextCall();
  ringing.pickUp();
  const leg = await engine.events.when("the leg", ({ args }) => args?.[0] === "leg");
  const bridge = (await asterisk.ari("POST", "/bridges", { type: "mixing" })) as { id: string };
  await asterisk.ari("POST", `/bridges/${bridge.id}/addChannel`, { channel: `${channel.id},${leg.channel?.id}` });
  ringing.media.play(1000);
  call.media.play(600);
  await call.media.hears(1000);
  await ringing.media.hears(600);
  ringing.hangUp();
  call.hangUp();
  await asterisk.ari("DELETE", `/bridges/${bridge.id}`);
  await asterisk.empty();
});

t.test("a caller whose sound stops is hung up; one who only waits for an answer is not", async (t) => {
  const asterisk = await testAsterisk(t, { rtpTimeoutSeconds: 2 });
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());

  const waiting = await citizen.dial("0850800000");
  const first = await engine.arrival();
  const seen = engine.events.all.length;
  const gone = await citizen.dial("0850800000");
  const second = await engine.arrival(seen);
  await asterisk.ari("POST", `/channels/${second.channel.id}/answer`);
  await gone.gets("200 INVITE");
  // Some sound first, as a caller has.
  await asterisk.ari("POST", `/channels/${second.channel.id}/moh`, { mohClass: "kontaktlots" });
  await gone.media.hearsSomething();
  gone.vanish();
  await engine.events.when("the end", ({ type, channel }) => type === "StasisEnd" && channel?.id === second.channel.id);
  t.equal(waiting.state, "ringing");
  await asterisk.ari("POST", `/channels/${first.channel.id}/answer`);
  await waiting.gets("200 INVITE");
  waiting.hangUp();
  await asterisk.empty();
});

t.test("AMI tells of telephones and of intruders, and nothing of calls", async (t) => {
  const asterisk = await testAsterisk(t, { agents: [{ id: "anna", deskSecret: "anna" }] });
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const { host, port, username, password } = asterisk.instance.ami;
  const ami = connect(port, host);
  let said = "";
  ami.on("data", (part) => {
    said += part.toString();
  });
  const saying = async (...wanted: readonly RegExp[]): Promise<void> => {
    while (!wanted.every((one) => one.test(said))) await once(ami, "data");
  };
  ami.write(`Action: Login\r\nUsername: ${username}\r\nSecret: ${password}\r\n\r\n`);
  await saying(/Authentication accepted/);
  const anna = await Phone.open({ user: "d-anna", password: "anna", server: asterisk.server });
  const intruder = await Phone.open({ user: "d-anna", password: "wrong", server: asterisk.server });
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => {
    for (const phone of [anna, intruder, citizen]) phone.close();
    ami.destroy();
  });
  await anna.register();
  await t.rejects(intruder.register());
  const call = await citizen.dial("0850800000");
  await engine.arrival();
  call.hangUp();
  await asterisk.empty();
  await saying(/Event: ContactStatus\r\n[\s\S]*EndpointName: d-anna/, /Event: (InvalidPassword|ChallengeResponseFailed)/);
  ami.write("Action: Ping\r\n\r\n");
  await saying(/Pong/);
  const events = new Set(said.match(/Event: \w+/g));
  t.comment([...events].join(", "));
  t.notOk([...events].some((event) => /New|Hangup|Var|Dial|Bridge/.test(event)));
});
