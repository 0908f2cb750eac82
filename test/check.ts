import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

/** `npm run check`: everything that can be said of the code without running it. */

const root = fileURLToPath(new URL("..", import.meta.url));

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ["types", "tsc"],
  ["types of the pages", "tsc", "-p", "src/web"],
  ["style", "biome", "ci", "."],
  ["floors", "depcruise", "--config", ".dependency-cruiser.json", "src"],
  ["unused code", "knip"],
];

/** Runs all checks, one after another; returns how many passed and failed. */
export async function runChecks(): Promise<{ passed: number; failed: number }> {
  const result = { passed: 0, failed: 0 };
  for (const [name, command, ...args] of checks) {
    const { code, output } = await run(command, args);
    process.stdout.write(`${code === 0 ? "ok" : "not ok"} - ${name}\n`);
    if (code === 0) result.passed++;
    else {
      result.failed++;
      process.stdout.write(`${output}\n`);
    }
  }
  return result;
}

function run(command: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } });
    const output: Buffer[] = [];
    child.stdout.on("data", (data: Buffer) => output.push(data));
    child.stderr.on("data", (data: Buffer) => output.push(data));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output: Buffer.concat(output).toString() }));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = await runChecks();
  process.exitCode = failed === 0 ? 0 : 1;
}
