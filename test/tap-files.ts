import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Runs files of tests, each as a process of its own that speaks TAP, some at a time and in the order given. */

export interface Counted {
  readonly passed: number;
  readonly failed: number;
}

/** What files came to, together, and those of them that failed. */
export interface Ran extends Counted {
  readonly failures: readonly Failure[];
}

export interface Failure extends Counted {
  readonly file: string;
}

/** Files that take turns: `jobs` of them at a time. */
export interface Lane {
  readonly files: readonly string[];
  readonly jobs: number;
  /** What is added to their niceness: they take the processor that the others leave. */
  readonly nice: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
/** A test that sets no limit of its own, ms; and how much later a process is ended that does not keep its test's. */
const limitMs = 600_000;
const graceMs = 60_000;
/** What Node compiled once: some hundred processes of these tests load the same modules. */
const compiled = join(root, "node_modules", ".cache", "compiled");

/** Runs all lanes beside each other. Prints a line a file, and of those that fail what failed; whole outputs lie in `test-results/`. */
export async function runLanes(lanes: readonly Lane[]): Promise<Ran> {
  const total = { passed: 0, failed: 0 };
  const failures: Failure[] = [];
  const worker = async (lane: Lane, files: Iterator<string> & Iterable<string>): Promise<void> => {
    for (const file of files) {
      const { passed, failed } = await runFile(file, lane.nice);
      total.passed += passed;
      total.failed += failed;
      if (failed > 0) failures.push({ file, passed, failed });
    }
  };
  await Promise.all(
    lanes.flatMap((lane) => {
      const files = lane.files.values();
      return Array.from({ length: lane.jobs }, () => worker(lane, files));
    }),
  );
  return { ...total, failures };
}

async function runFile(file: string, nice: number): Promise<Counted> {
  const began = performance.now();
  const { code, output } = await run(file, nice);
  const counted = countsOf(output, code);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const line = `${counted.failed === 0 ? "ok" : "not ok"} - ${file} # ${seconds} s\n`;
  process.stdout.write(counted.failed === 0 ? line : `${line}${withoutPassed(output)}\n${line}`);
  const kept = join(root, "test-results", `${file}.tap`);
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(kept, output);
  return counted;
}

/** What a file came to. One that went wrong without a failed assertion must not look like a good one. */
function countsOf(output: string, code: number | null): Counted {
  const tally = /^# \{(.*)\}$/m.exec(output)?.[1] ?? "";
  const figure = (name: string): number => Number(new RegExp(`\\b${name}: (\\d+)`).exec(tally)?.[1] ?? 0);
  const [passed, failed] = [figure("pass"), figure("fail")];
  return { passed, failed: failed === 0 && (code !== 0 || passed === 0) ? 1 : failed };
}

/** What went wrong stands at the top, however many assertions were good before. */
function withoutPassed(output: string): string {
  return output.replace(/^ *(?:ok \d+.*|# Subtest: .*|TAP version \d+|1\.\.\d+)?\n/gm, "");
}

function run(file: string, nice: number): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("nice", ["-n", String(nice), process.execPath, file], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TAP: "1", TAP_TIMEOUT: String(limitMs / 1000), NODE_COMPILE_CACHE: compiled },
    });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => output.push(data));
    const late = setTimeout(() => child.kill("SIGKILL"), limitMs + graceMs);
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(late);
      resolve({ code, output: Buffer.concat(output).toString() });
    });
  });
}
