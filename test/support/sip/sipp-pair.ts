import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Test } from "tap";
import { takePorts } from "../ports.ts";
import { type Sipp, type SippOptions, startSipp } from "./sipp.ts";
import { toALaw, tone } from "./tones.ts";

interface Place {
  readonly address: string;
  readonly port: number;
}

/** One side of an exchange: where its SIPp is, and where its sound goes in and out. */
export interface SippSide {
  readonly local: Place;
  readonly sound: Place;
  /** Free, for a scenario that is told what to do. */
  readonly commands: Place;
  /** Starts it; the test's end ends it. */
  start(options: Omit<SippOptions, "local" | "mediaPort" | "folder">): Promise<Sipp>;
}

/** Agents' telephones on 127.0.0.1 and callers on 127.0.0.2, on ports and in a folder of the test's own. */
export interface SippPair {
  readonly agents: SippSide;
  readonly callers: SippSide;
  /** Where Asterisk rings an agent's telephone. */
  contactOf(user: string): string;
}

export async function sippPair(t: Test): Promise<SippPair> {
  const folder = await mkdtemp(join(tmpdir(), "kl-sipp-"));
  t.teardown(() => rm(folder, { recursive: true }));
  const ports = await takePorts();
  t.teardown(ports.release);
  // Sound goes by even ports (RFC 3550, section 11).
  const [agentPort = 0, callerPort = 0, agentSound = 0, callerSound = 0] = ports.spare.filter((port) => port % 2 === 0);
  const side = (address: string, port: number, mediaPort: number, command: number): SippSide => ({
    local: { address, port },
    sound: { address, port: mediaPort },
    commands: { address, port: ports.spare.at(command) ?? 0 },
    start: async (options) => {
      const sipp = await startSipp({ ...options, local: { address, port }, mediaPort, folder });
      t.teardown(() => sipp.stop());
      return sipp;
    },
  });
  return {
    agents: side("127.0.0.1", agentPort, agentSound, -1),
    callers: side("127.0.0.2", callerPort, callerSound, -2),
    contactOf: (user) => `sip:${user}@127.0.0.1:${agentPort}`,
  };
}

/** One second of a tone as SIPp plays it, round and round, from the file "tone.al". */
export const toneFile = (hertz: number): Record<string, Uint8Array> => ({
  "tone.al": Uint8Array.from({ length: 8000 }, (_, n) => toALaw(tone(hertz)(n))),
});
