import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPages } from "../src/launch/pages.ts";
import { provision } from "../src/telephony/asterisk/index.ts";
import { runChecks } from "./check.ts";
import { type Counted, runLanes } from "./tap-files.ts";

/**
 * `npm test [PART OF A PATH …]`: sets up what tests need, checks the code, runs the tests, and prints `N passed, N failed`.
 * Tests that start processes wait for those most of the time: two of them run at once, and beside them tests of rules, which wait for
 * nothing and get what processor the others leave. What a test's patience is meant for is two cores. Last come, alone, those in which
 * an engine must be back in time.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
/** Tests that only compute. */
const rules = /^test\/(bench|core|engine|plans|settings|simulator|stats|store)\//;
/** Tests that fail when a killed engine comes back late, as it does on a machine that has other things to do. */
const alone = /^test\/calls\/(survival|engines)\./;
/** The longest first, so that the end does not wait for one of them alone. */
const longest = [
  "test/calls/line.test.ts",
  "test/calls/agents.test.ts",
  "test/launch/rescue.test.ts",
  "test/calls/routing.test.ts",
  "test/browser/pages.test.ts",
  "test/browser/desk.test.ts",
  "test/launch/",
  "test/telephony/ari/",
  "test/calls/",
  "test/core/step.property.test.ts",
  "test/simulator/",
];
const wanted = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const total = { passed: 0, failed: 0 };

function count({ passed, failed }: Counted): void {
  total.passed += passed;
  total.failed += failed;
}

async function testFiles(): Promise<string[]> {
  const all = await readdir(join(root, "test"), { recursive: true });
  const files = all.filter((file) => file.endsWith(".test.ts")).map((file) => `test/${file}`);
  return files
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The first that fits; what none fits comes last. */
function rank(file: string): number {
  const found = longest.findIndex((start) => file.startsWith(start));
  return found < 0 ? longest.length : found;
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

const began = performance.now();
const files = await testFiles();
await provision(say, ["--with-sipp", "--with-chromium"]);
await buildPages(root, say);
await buildTap();
if (wanted.length === 0) count(await runChecks());
count(
  await runLanes([
    { files: files.filter((file) => !rules.test(file) && !alone.test(file)), jobs: 2, nice: 0 },
    { files: files.filter((file) => rules.test(file)), jobs: 1, nice: 10 },
  ]),
);
count(await runLanes([{ files: files.filter((file) => alone.test(file)), jobs: 1, nice: 0 }]));
say(`${Math.round((performance.now() - began) / 1000)} s`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
