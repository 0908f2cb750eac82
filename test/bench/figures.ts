import { readFile } from "node:fs/promises";

/** One line of a bench: what was measured, of which system, with which parameters. Names of figures end in their unit. */
export interface BenchLine {
  readonly bench: string;
  readonly system: "kontaktlots" | "app_queue" | "longest-idle" | "separate" | "pooled";
  readonly [name: string]: number | string | boolean;
}

/** Prints one JSON object on a line of its own; figures to three digits after the point. */
export function print(line: BenchLine): void {
  const rounded = Object.entries(line).map(([name, value]) => [
    name,
    typeof value === "number" ? Number(value.toFixed(3)) : value,
  ]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}

/** Progress, for people: to standard error. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The value that `share` (0–1) of the values do not exceed (nearest rank). NaN when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Middle, ends and number of a set of times. */
export function spread(prefix: string, values: readonly number[]): Record<string, number> {
  return {
    [`${prefix}count`]: values.length,
    [`${prefix}p50_ms`]: percentile(values, 0.5),
    [`${prefix}p95_ms`]: percentile(values, 0.95),
    [`${prefix}p99_ms`]: percentile(values, 0.99),
    [`${prefix}max_ms`]: percentile(values, 1),
  };
}

/** Processor time a process has used so far, all its threads, in ms. Linux counts it in hundredths of a second (proc(5)). */
export async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The name may hold spaces; fields are counted from behind its closing bracket. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** Memory a process holds, in MB. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
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
