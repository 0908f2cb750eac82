import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { testAsterisk } from "../asterisk.ts";
import { takePorts } from "../ports.ts";
import { startCapture } from "./capture.ts";
import { brief } from "./message.ts";
import { samePlace, sipOf, soundAt } from "./pcap.ts";
import { startSipp } from "./sipp.ts";
import { measureTone, toALaw, tone } from "./tones.ts";

t.setTimeout(120_000);

const dialplan = `
[from-network]
exten => 1001,1,Answer()
 same => n,Read(KEY,,1,,1,15)
 same => n,GotoIf($["\${KEY}" = "1"]?agent)
 same => n,Hangup()
 same => n(agent),Dial(PJSIP/d-anna,20)
exten => 1002,1,Hangup(17)
`;

/** One second of a tone, as SIPp plays it round and round. */
const second = (hertz: number): Uint8Array => Uint8Array.from({ length: 8000 }, (_, n) => toALaw(tone(hertz)(n)));

t.test("SIPp presses a key and speaks with SIPp: the capture tells who said and heard what", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "kontaktlots-sipp-"));
  t.teardown(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  const ports = await takePorts();
  t.teardown(ports.release);
  const [agentPort = 0, callerPort = 0, agentSound = 0, callerSound = 0] = ports.spare.filter((port) => port % 2 === 0);
  const agents = [{ id: "anna", staticContact: `sip:127.0.0.1:${agentPort}` }];
  const asterisk = await testAsterisk(t, { agents, extra: { modules: ["app_read"], dialplan } });
  const capture = await startCapture("udp and net 127.0.0.0/30");
  const agent = await startSipp({
    scenario: "agent-speaks",
    local: { address: "127.0.0.1", port: agentPort },
    mediaPort: agentSound,
    folder,
    pauseMs: 1500,
    calls: 1,
    files: { "tone.al": second(1000) },
  });
  const caller = await startSipp({
    scenario: "caller-speaks",
    local: { address: "127.0.0.2", port: callerPort },
    mediaPort: callerSound,
    remote: asterisk.server,
    folder,
    dials: [{ number: "1001", from: "0701740605" }],
    pauseMs: 300,
    calls: 1,
    files: { "tone.al": second(440) },
  });
  t.teardown(() => Promise.all([agent.stop(), caller.stop()]));
  t.match(await caller.done, { code: 0, successful: 1, failed: 0 });
  t.match(await agent.done, { code: 0, successful: 1, failed: 0 });
  const wire = await capture.stop();
  const atAgent = [...sipOf(wire)].filter(({ from, to }) => from.port === agentPort || to.port === agentPort);
  t.same(
    atAgent.map(({ message }) => brief(message)),
    ["INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"],
  );
  for (const [place, hertz] of [
    [{ address: "127.0.0.1", port: agentSound }, 440],
    [{ address: "127.0.0.2", port: callerSound }, 1000],
  ] as const) {
    t.ok(wire.some((datagram) => samePlace(datagram.to, place)));
    const level = measureTone(soundAt(wire, place).slice(-4000), hertz);
    t.ok(level.share > 0.99 && level.peak > 7000, `${hertz} Hz at ${place.address}: ${JSON.stringify(level)}`);
  }
});

t.test("SIPp tells what failed", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "kontaktlots-sipp-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const asterisk = await testAsterisk(t, { extra: { dialplan } });
  const [port = 0, mediaPort = 0] = asterisk.ports.spare;
  const local = { address: "127.0.0.2", port };
  const dials = [{ number: "1002", from: "0701740605" }];
  const remote = asterisk.server;
  const caller = await startSipp({ scenario: "caller", local, mediaPort, remote, folder, dials, calls: 2 });
  const result = await caller.done;
  t.match(result, { code: 1, successful: 0, failed: 2, complaints: /486|603/ });
});
