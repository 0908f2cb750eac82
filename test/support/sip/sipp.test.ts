import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { testAsterisk } from "../asterisk.ts";
import { startCapture } from "./capture.ts";
import { brief } from "./message.ts";
import { samePlace, sipOf, soundAt } from "./pcap.ts";
import { startSipp } from "./sipp.ts";
import { sippPair, toneFile } from "./sipp-pair.ts";
import { measureTone } from "./tones.ts";

const dialplan = `
[from-network]
exten => 1001,1,Answer()
 same => n,Read(KEY,,1,,1,15)
 same => n,GotoIf($["\${KEY}" = "1"]?agent)
 same => n,Hangup()
 same => n(agent),Dial(PJSIP/d-anna,20)
exten => 1002,1,Hangup(17)
`;

t.test("SIPp presses a key and speaks with SIPp: the capture tells who said and heard what", async (t) => {
  const { agents, callers, contactOf } = await sippPair(t);
  const phones = [{ id: "anna", staticContact: contactOf("d-anna") }];
  const asterisk = await testAsterisk(t, { agents: phones, extra: { modules: ["app_read"], dialplan } });
  const capture = await startCapture("udp and net 127.0.0.0/30");
  const agent = await agents.start({ scenario: "agent-speaks", pauseMs: 1500, calls: 1, files: toneFile(1000) });
  const caller = await callers.start({
    scenario: "caller-speaks",
    remote: asterisk.server,
    dials: [{ number: "1001", from: "0701740605" }],
    pauseMs: 300,
    calls: 1,
    files: toneFile(440),
  });
  t.match(await caller.done, { code: 0, successful: 1, failed: 0 });
  t.match(await agent.done, { code: 0, successful: 1, failed: 0 });
  const wire = await capture.stop();
  const atAgent = [...sipOf(wire)].filter(({ from, to }) => [from.port, to.port].includes(agents.local.port));
  // Each once: what is not answered within 500 ms is sent again (RFC 3261 section 17.1.1.2), and answered again.
  t.same(
    [...new Set(atAgent.map(({ message }) => brief(message)))],
    ["INVITE", "180 INVITE", "200 INVITE", "ACK", "BYE", "200 BYE"],
  );
  for (const [place, hertz] of [
    [agents.sound, 440],
    [callers.sound, 1000],
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
