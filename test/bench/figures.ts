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

/** Memory a process holds, in MB. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
