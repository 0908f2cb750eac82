import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { testAsterisk } from "../../support/asterisk.ts";
import { takePorts } from "../../support/ports.ts";
import { Phone } from "../../support/sip/phone.ts";
import { EngineStub } from "./engine-stub.ts";

const trunk = "127.0.0.2";
t.setTimeout(120_000);

t.test("a call reaches the living engine with all it must know", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());

  const arrive = async (number: string, options: Parameters<Phone["dial"]>[1]) => {
    const seen = engine.events.all.length;
    const started = performance.now();
    const call = await citizen.dial(number, options);
    await call.gets(180);
    const { args, channel } = await engine.arrival(seen);
    t.comment(`INVITE to StasisStart: ${Math.round(performance.now() - started)} ms`);
    call.hangUp();
    await call.ended();
    return { args, caller: channel.caller.number, state: channel.state };
  };

  t.strictSame(
    await arrive("0850800000", { headers: [["X-Kontaktlots-Tag", "bench-7"]] }),
    { args: ["in", "0850800000", "allowed", "bench-7", "", "sip:0850800000@127.0.0.1>"], caller: "0701740605", state: "Ring" },
    "number, presentation and tag",
  );
  t.strictSame(
    await arrive("+46850800000", {
      from: "anonymous",
      headers: [
        ["Privacy", "id"],
        ["P-Asserted-Identity", "<sip:+46701740605@127.0.0.2>"],
      ],
    }),
    { args: ["in", "+46850800000", "withheld", "", "", "sip:+46850800000@127.0.0.1>"], caller: "+46701740605", state: "Ring" },
    "a withheld number is told as withheld, although it is there",
  );
  t.strictSame(
    await arrive("0850800000", { from: "anonymous" }),
    { args: ["in", "0850800000", "withheld", "", "", "sip:0850800000@127.0.0.1>"], caller: "anonymous", state: "Ring" },
    "anonymous and nothing else",
  );
  t.strictSame(
    (await arrive("kontakt", {})).args,
    ["in", "kontakt", "allowed", "", "", "sip:kontakt@127.0.0.1>"],
    "an address that is a name",
  );
  t.strictSame(
    (await arrive("08%2C1%2Cx", {})).args?.slice(0, 5),
    ["in", "081x", "allowed", "", ""],
    "a comma shifts no argument",
  );
  await asterisk.empty();
  t.equal(await asterisk.complaints(), "");
});

t.test("an engine that comes back while it rings gets the call, and the caller notices nothing", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0850800000");
  await call.gets(180);
  await engine.live();
  const { args, channel } = await engine.arrival();
  t.strictSame(args, ["in", "0850800000", "allowed", "", "", "sip:0850800000@127.0.0.1>"]);
  t.equal(channel.state, "Ring", "not answered yet");
  call.hangUp();
  await asterisk.empty();
});

t.test("a frozen engine gets no call, and gets the waiting one when it lives again", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  await engine.listen();
  await engine.beat(() => Date.now() - 1200);
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0850800000");
  await call.gets("200 INVITE");
  t.equal(engine.events.all.length, 0, "Stasis was not entered");
  await call.media.hearsSomething();
  engine.freeze();
  await engine.beat();
  const { args, channel } = await engine.arrival();
  t.strictSame(args?.slice(0, 5), ["in", "0850800000", "allowed", "", "apologised"], "and hears that the apology was made");
  t.equal(channel.state, "Up");
  call.hangUp();
  await asterisk.empty();
});

t.test("a heartbeat without an application behind it", async (t) => {
  const asterisk = await testAsterisk(t);
  const engine = new EngineStub(t, asterisk);
  await engine.beat();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0850800000");
  await call.gets("200 INVITE");
  await call.media.hearsSomething();
  t.pass("reserve mode");
  call.hangUp();
  await asterisk.empty();
});

t.test("the supervisor sends the calls of a dead engine to the reserve", async (t) => {
  const asterisk = await testAsterisk(t, { reserve: [{ secret: "reserve" }] });
  const engine = new EngineStub(t, asterisk);
  await engine.live();
  const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
  t.teardown(() => citizen.close());
  const call = await citizen.dial("0850800000");
  const { channel } = await engine.arrival();
  await asterisk.ari("POST", `/channels/${channel.id}/answer`);
  engine.freeze();
  await asterisk.ari("POST", "/asterisk/variable", { variable: "KL_BEAT", value: "0" });
  await asterisk.ari("POST", `/channels/${channel.id}/continue`, { context: "rescue", extension: "s", priority: "1" });
  await call.media.hearsSomething();
  t.equal(call.state, "up");
  call.hangUp();
  await asterisk.empty();
});

t.test(
  "more calls than the machine carries: the next is told so, and gets no engaged tone; then there is room again",
  async (t) => {
    const ports = await takePorts();
    t.teardown(() => ports.release());
    // Ports for five legs: four callers, and one for whoever is told.
    const asterisk = await testAsterisk(t, { rtp: { start: ports.rtp.start, end: ports.rtp.start + 9 } });
    // The second language is a blink here.
    await writeFile(join(asterisk.instance.soundsDir, "full-en.alaw"), Buffer.alloc(800, 0xd5));
    const engine = new EngineStub(t, asterisk);
    await engine.live();
    const citizen = await Phone.open({ user: "0701740605", address: trunk, server: asterisk.server });
    t.teardown(() => citizen.close());
    const inside = [];
    for (let n = 0; n < 4; n++) {
      const seen = engine.events.all.length;
      const call = await citizen.dial("0850800000");
      await engine.arrival(seen);
      inside.push(call);
    }
    const seen = engine.events.all.length;
    const fifth = await citizen.dial("0850800000");
    await fifth.gets("200 INVITE");
    await fifth.media.hearsSomething();
    t.equal(engine.events.all.length, seen, "the engine has nothing to do with it");
    const [first] = inside;
    first?.hangUp();
    await engine.arrival(seen);
    t.pass("heard to the end, and let in");
    for (const call of [...inside.slice(1), fifth]) {
      call.hangUp();
      await call.ended();
    }
    await asterisk.empty();
  },
);
