import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export const probePath = (folder: string, pid: number): string => join(folder, `probe-${pid}.sock`);

/** What makes a process that is started load the probe. */
export function probeEnvironment(folder: string): Record<string, string> {
  return { KONTAKTLOTS_PROBE: folder, NODE_OPTIONS: `--import=${new URL("./probe.ts", import.meta.url).href}` };
}

/** From now on: `look` at the loop, which costs processor time itself, or `rest`. */
export type ProbeWish = "look" | "rest";

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

  async read(pid: number, wish: ProbeWish): Promise<ProbeReading> {
    const socket = connect({ path: probePath(this.#folder, pid), allowHalfOpen: true });
    socket.end(wish);
    return JSON.parse(await text(socket)) as ProbeReading;
  }
}
