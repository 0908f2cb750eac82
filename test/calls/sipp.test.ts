import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { takePorts } from "../support/ports.ts";
import { startCapture } from "../support/sip/capture.ts";
import { brief } from "../support/sip/message.ts";
import { sipOf, soundAt } from "../support/sip/pcap.ts";
import { startSipp } from "../support/sip/sipp.ts";
import { measureTone, toALaw, tone } from "../support/sip/tones.ts";
import { testSystem } from "../support/system.ts";
import { menuNumber } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

/** One second of a tone, which SIPp plays round and round. */
const second = (hertz: number): Uint8Array => Uint8Array.from({ length: 8000 }, (_, n) => toALaw(tone(hertz)(n)));

t.test("SIPp rings, presses 1 by RFC 4733, reaches a SIPp agent; sound is measured in both directions", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "kl-sipp-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const ports = await takePorts();
  t.teardown(ports.release);
  const [agentPort = 0, callerPort = 0, agentSound = 0, callerSound = 0] = ports.spare.filter((port) => port % 2 === 0);
  const contact = `sip:d-anna@127.0.0.1:${agentPort}`;
  const sys = await testSystem(t, { agents: { anna: ["a"] }, instance: { agents: [{ id: "anna", staticContact: contact }] } });
  await sys.agent("anna", (view) => view.reachable);
  await sys.command({ type: "available", agent: "anna" });

  const capture = await startCapture(
    `udp and (port ${agentPort} or port ${callerPort} or port ${agentSound} or port ${callerSound})`,
  );
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
    remote: sys.server,
    folder,
    pauseMs: 300,
    calls: 1,
    dials: [{ number: menuNumber, from: "0701740605" }],
    files: { "tone.al": second(440) },
  });
  t.teardown(() => Promise.all([agent.stop(), caller.stop()]));
  t.match(await caller.done, { code: 0, successful: 1, failed: 0 });
  t.match(await agent.done, { code: 0, successful: 1, failed: 0 });

  const wire = await capture.stop();
  const atAgent = [...sipOf(wire)].filter(({ from, to }) => from.port === agentPort || to.port === agentPort);
  t.strictSame(
    atAgent.map(({ message }) => brief(message)),
    ["INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"],
  );
  for (const [address, port, hertz] of [
    ["127.0.0.1", agentSound, 440],
    ["127.0.0.2", callerSound, 1000],
  ] as const) {
    // The last half second before the end: both were talking by then.
    const level = measureTone(soundAt(wire, { address, port }).slice(-4000), hertz);
    t.ok(level.share > 0.95 && level.peak > 7000, `${hertz} Hz arrives at ${address}: ${JSON.stringify(level)}`);
  }
  t.match(await sys.facts("call.key"), [{ key: "1", valid: true }]);
  t.match(await sys.facts("call.ended"), [{ stage: "talk", by: "agent" }]);
  await sys.command({ type: "sign-out", agent: "anna" });
});
