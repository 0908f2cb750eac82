import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { buildPages } from "../src/launch/pages.ts";
import { provision } from "../src/telephony/asterisk/index.ts";
import { runChecks } from "./check.ts";

/**
 * `npm test [PART OF A PATH …]`: sets up what tests need, checks the code, runs the tests, and prints `N passed, N failed`.
 * Tests of rules run side by side; those with an Asterisk or a browser of their own one after another, as this many cores
 * are what a test's patience is meant for.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
const heavy = /^test\/(calls|browser|survival)\//;
const wanted = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const total = { passed: 0, failed: 0 };

function count({ passed, failed }: { readonly passed: number; readonly failed: number }): void {
  total.passed += passed;
  total.failed += failed;
}

async function testFiles(): Promise<string[]> {
  const all = await readdir(join(root, "test"), { recursive: true });
  const files = all.filter((file) => file.endsWith(".test.ts")).map((file) => `test/${file}`);
  return files.filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part))).sort();
}

/** tap is put together anew without its TypeScript plugin, which Node needs no longer, once for each installation. */
async function buildTap(): Promise<void> {
  const stamp = join(root, "node_modules", ".kontaktlots-tap");
  const parts = await Promise.all([".taprc", "package-lock.json"].map((name) => readFile(join(root, name))));
  const sum = createHash("sha256").update(Buffer.concat(parts)).digest("hex");
  if ((await readFile(stamp, "utf8").catch(() => "")) === sum) return;
  say("Building tap ...");
  const child = spawn("tap", ["build"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error("tap could not be built; run `npx tap build` to see why.");
  await writeFile(stamp, sum);
}

/** Runs files under tap, some at a time. Prints a line a file, and the whole output of those that fail. */
async function runTap(files: readonly string[], jobs: number): Promise<void> {
  if (files.length === 0) return;
  const child = spawn("tap", ["run", "--reporter=tap", `--jobs=${jobs}`, ...files], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output: string[] = [];
  let block: string[] = [];
  const counted = { passed: 0, failed: 0 };
  createInterface({ input: child.stdout }).on("line", (line) => {
    output.push(line);
    block.push(line);
    const result = /^(not )?ok \d+ - (.*)$/.exec(line);
    if (result) {
      say(line);
      if (result[1] !== undefined) say(block.join("\n"));
      block = [];
    }
    const tally = /^# \{(.*)\}$/.exec(line);
    if (tally) {
      const figure = (name: string): number => Number(new RegExp(`${name}: (\\d+)`).exec(tally[1] ?? "")?.[1] ?? 0);
      counted.passed = figure("pass");
      counted.failed = figure("fail");
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  // A run that went wrong without a failed assertion must not look like a good one.
  if (code !== 0 && counted.failed === 0) {
    counted.failed = 1;
    say(`tap ended with ${code} though no test failed:\n${output.slice(-20).join("\n")}`);
  }
  count(counted);
  await mkdir(join(root, "test-results"), { recursive: true });
  await writeFile(join(root, "test-results", `tap-${jobs}.txt`), output.join("\n"));
}

const began = performance.now();
const files = await testFiles();
await provision(say, ["--with-sipp", "--with-chromium"]);
await buildPages(root, say);
await buildTap();
if (wanted.length === 0) count(await runChecks());
await runTap(
  files.filter((file) => !heavy.test(file)),
  2,
);
await runTap(
  files.filter((file) => heavy.test(file)),
  1,
);
say(`${Math.round((performance.now() - began) / 1000)} s`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
