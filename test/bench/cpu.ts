import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Processor time a process has used so far, all its threads, in ms. Linux counts it in hundredths of a second (proc(5)). */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name may hold spaces; fields are counted from behind its closing bracket. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Processor time of several processes from `startMeter` to `stop`. */
export interface CpuReading {
  readonly wallMs: number;
  /** Per process, in the order given. */
  readonly cpuMs: readonly number[];
  /**
   * Part of the time in which something on the machine waited for a processor (pressure stall information). Where it is high, times
   * tell more of what else ran than of what was measured. NaN where the kernel does not tell.
   */
  readonly pressurePercent: number;
}

export async function startMeter(pids: readonly number[]): Promise<{ stop(): Promise<CpuReading> }> {
  const before = await Promise.all(pids.map(cpuMs));
  const stalledBefore = await stalledMs();
  const since = performance.now();
  return {
    async stop() {
      const after = await Promise.all(pids.map(cpuMs));
      const wallMs = performance.now() - since;
      return {
        wallMs,
        cpuMs: after.map((value, i) => value - (before[i] ?? 0)),
        pressurePercent: (100 * ((await stalledMs()) - stalledBefore)) / wallMs,
      };
    },
  };
}

async function stalledMs(): Promise<number> {
  const text = await readFile("/proc/pressure/cpu", "utf8").catch(() => "");
  return Number(/^some .*total=(\d+)/m.exec(text)?.[1] ?? Number.NaN) / 1000;
}

/** What `busy` used above what the same processes use when nothing happens, ms per process. */
export function aboveIdle(busy: Pick<CpuReading, "wallMs" | "cpuMs">, idle: Pick<CpuReading, "wallMs" | "cpuMs">): number[] {
  return busy.cpuMs.map((used, i) => used - ((idle.cpuMs[i] ?? 0) / idle.wallMs) * busy.wallMs);
}

const settleMs = 5_000;
/** Linux counts in hundredths of a second: over this long one more or less is 0.1 ms of a call, at the four calls a second that 5 agents take. */
const idleMs = 20_000;

/** What the processes use when nobody rings, once what their start left to do is done: when it falls no further. */
export async function idleReading(pids: readonly number[]): Promise<CpuReading> {
  const read = async (ms: number): Promise<CpuReading> => {
    const meter = await startMeter(pids);
    await delay(ms);
    return await meter.stop();
  };
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const { cpuMs } = await read(settleMs);
    const used = cpuMs.reduce((sum, ms) => sum + ms, 0);
    if (used >= before * 0.8) return await read(idleMs);
    before = used;
  }
}

/** Several readings of the same processes as one. */
export function together(readings: readonly CpuReading[]): CpuReading {
  const wallMs = readings.reduce((sum, reading) => sum + reading.wallMs, 0);
  const first = readings[0]?.cpuMs ?? [];
  return {
    wallMs,
    cpuMs: first.map((_, i) => readings.reduce((sum, reading) => sum + (reading.cpuMs[i] ?? 0), 0)),
    pressurePercent: readings.reduce((sum, reading) => sum + reading.pressurePercent * reading.wallMs, 0) / wallMs,
  };
}
