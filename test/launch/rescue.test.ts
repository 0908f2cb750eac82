import { once } from "node:events";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { stateFiles } from "../../src/settings/runtime.ts";
import { appsOf } from "../../src/telephony/apps.ts";
import { takePorts } from "../support/ports.ts";
import { Phone } from "../support/sip/phone.ts";
import { testSystem } from "../support/system.ts";

t.setTimeout(120_000);

t.test("no engine comes back within 10 s: those who wait reach the reserve phone, those who talk are left alone", async (t) => {
  const ports = await takePorts();
  t.teardown(() => ports.release());
  const port = ports.spare[0] ?? 0;
  const sys = await testSystem(t, {
    agents: { anna: ["b"], reserve: [] },
    env: { RESERVE_PHONES: "d-reserve", TRUNK_CONTACT: `sip:127.0.0.2:${port}` },
  });
  const phone = async (user: string, password?: string): Promise<Phone> => {
    const place = password === undefined ? { address: "127.0.0.2", port: user === "network" ? port : 0 } : { password };
    const phone = await Phone.open({ user, server: sys.server, ...place });
    t.teardown(() => phone.close());
    if (password !== undefined) await phone.register();
    return phone;
  };
  const anna = await phone("d-anna", sys.secrets.get("anna")?.desk);
  const reserve = await phone("d-reserve", sys.secrets.get("reserve")?.desk);
  const citizen = await phone("0701740605");
  const network = await phone("network");
  await sys.agent("anna", (view) => view.reachable);
  await sys.command({ type: "available", agent: "anna" });
  const talks = await citizen.dial("0846500401");
  const leg = await anna.nextCall();
  leg.pickUp();
  talks.media.play(440);
  await leg.media.hears(440);
  const waits = await citizen.dial("0846500401");
  await sys.facts("call.queued", 2);
  const chooses = await citizen.dial("0846500400");
  await chooses.gets("200 INVITE");

  // As an engine rings a citizen back; this one is killed before it can be surprised.
  const { outside } = appsOf(sys.system.runtime.app);
  const trunk = encodeURIComponent("PJSIP/+46701740606@trunk");
  await sys.ari("POST", `channels/create?endpoint=${trunk}&app=${outside}&appArgs=ring%2C100&channelId=back`);
  const back = await network.nextCall();
  back.ring();

  // What keeps the engine away: it finds nothing to start with.
  const { engine } = sys.system;
  const runtime = join(sys.stateDir, stateFiles.runtime);
  await rename(runtime, `${runtime}.away`);
  const ended = once(engine, "ended");
  process.kill(engine.pid ?? 0, "SIGKILL");
  await ended;
  t.match(await once(engine, "ended"), [{ stalled: false, code: 1 }], "the next one cannot start");
  waits.media.play(500);
  chooses.media.play(600);
  back.pickUp();
  back.media.play(700);
  // 10 s of waiting for an engine, and the apology in two languages.
  await reserve.incoming.when("a call", () => true, 0, 60_000);
  const answered = new Set<string>();
  for (let i = 0; i < 3; i++) {
    const ringing = await reserve.nextCall();
    ringing.pickUp();
    const tone = await Promise.race([
      ringing.media.hears(500).then(() => "waits"),
      ringing.media.hears(600).then(() => "chooses"),
      ringing.media.hears(700).then(() => "back"),
    ]);
    answered.add(tone);
  }
  t.same([...answered].sort(), ["back", "chooses", "waits"], "each on a line of their own");
  await leg.media.hears(440, leg.media.heard.all.length);
  t.equal(talks.state, "up");

  const serving = once(engine, "serving");
  await rename(`${runtime}.away`, runtime);
  await serving;
  await leg.media.hears(440, leg.media.heard.all.length);
  for (const call of [talks, waits, chooses, back]) call.hangUp();
});
