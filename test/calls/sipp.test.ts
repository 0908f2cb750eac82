import t from "tap";
import { startCapture } from "../support/sip/capture.ts";
import { brief } from "../support/sip/message.ts";
import { sipOf, soundAt } from "../support/sip/pcap.ts";
import { sippPair, toneFile } from "../support/sip/sipp-pair.ts";
import { measureTone } from "../support/sip/tones.ts";
import { testSystem } from "../support/system.ts";
import { menuNumber } from "./people.ts";

// Far above what it takes: a machine busy with other tests is slow.
t.setTimeout(240_000);

t.test("SIPp rings, presses 1 by RFC 4733, reaches a SIPp agent; sound is measured in both directions", async (t) => {
  const { agents, callers, contactOf } = await sippPair(t);
  const phones = [{ id: "anna", staticContact: contactOf("d-anna") }];
  const sys = await testSystem(t, { agents: { anna: ["a"] }, instance: { agents: phones } });
  await sys.agent("anna", (view) => view.reachable);
  await sys.command({ type: "available", agent: "anna" });

  const ours = [agents.local, agents.sound, callers.local, callers.sound].map(({ port }) => `port ${port}`);
  const capture = await startCapture(`udp and (${ours.join(" or ")})`);
  const agent = await agents.start({ scenario: "agent-speaks", pauseMs: 1500, calls: 1, files: toneFile(1000) });
  const caller = await callers.start({
    scenario: "caller-speaks",
    remote: sys.server,
    pauseMs: 300,
    calls: 1,
    dials: [{ number: menuNumber, from: "0701740605" }],
    files: toneFile(440),
  });
  t.match(await caller.done, { code: 0, successful: 1, failed: 0 });
  t.match(await agent.done, { code: 0, successful: 1, failed: 0 });

  const wire = await capture.stop();
  const atAgent = [...sipOf(wire)].filter(({ from, to }) => [from.port, to.port].includes(agents.local.port));
  t.strictSame(
    atAgent.map(({ message }) => brief(message)),
    ["INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"],
  );
  for (const [place, hertz] of [
    [agents.sound, 440],
    [callers.sound, 1000],
  ] as const) {
    // The last half second before the end: both were talking by then.
    const level = measureTone(soundAt(wire, place).slice(-4000), hertz);
    t.ok(level.share > 0.95 && level.peak > 7000, `${hertz} Hz arrives at ${place.address}: ${JSON.stringify(level)}`);
  }
  t.match(await sys.facts("call.key"), [{ key: "1", valid: true }]);
  t.match(await sys.facts("call.ended"), [{ stage: "talk", by: "agent" }]);
  await sys.command({ type: "sign-out", agent: "anna" });
});
