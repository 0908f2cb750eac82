import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export const probePath = (folder: string, pid: number): string => join(folder, `probe-${pid}.sock`);

/** What makes a process that is started load the probe. */
export function probeEnvironment(folder: string): Record<string, string> {
  return { KONTAKTLOTS_PROBE: folder, NODE_OPTIONS: `--import=${new URL("./probe.ts", import.meta.url).href}` };
}

export interface ProbeReading {
  /** Used after a full collection. */
  readonly heapMb: number;
  /** Longest time the loop stood still since the reading before, be it that it worked or that it waited for a processor. */
  readonly longestBlockMs: number;
  /** The most processor time the loop's thread used between two looks, 1 ms apart: its own part of a block. */
  readonly longestWorkMs: number;
}

/** Asks the probe in the engine's process. */
export class Probe {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(pid: number): Promise<ProbeReading> {
    return JSON.parse(await text(connect(probePath(this.#folder, pid)))) as ProbeReading;
  }
}
