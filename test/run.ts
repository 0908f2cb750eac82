import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPages } from "../src/launch/pages.ts";
import { provision } from "../src/telephony/asterisk/index.ts";
import { runChecks } from "./check.ts";
import { type Counted, type Failure, runLanes } from "./tap-files.ts";

/**
 * `npm test [PART OF A PATH …]`: sets up what tests need, checks the code, runs the tests, and prints `N passed, N failed`.
 * Tests that start processes wait for those most of the time: two of them run at once, and beside them tests of rules, which wait for
 * nothing and get what processor the others leave. What a test's patience is meant for is two cores. Last come, alone, those in which
 * an engine must be back in time.
 *
 * A few files that failed are run once more, alone. One that then passes does not fail the whole, and is named at the end: it is
 * unsteady, which is a bug, of the test or of what it tests, to be found by what it printed when it failed.
 */

const root = fileURLToPath(new URL("..", import.meta.url));
/** Tests that only compute. */
const rules = /^test\/(bench|core|engine|plans|settings|simulator|stats|store)\//;
/** Tests of real minutes, in which little happens: the others need not wait for them. */
const patient = /^test\/(calls\/(callback|surge|crisis-number|at-the-door|voicemail)|launch\/rescue)\./;
/** Tests that fail when a killed engine with none standing by comes back late, as on a machine that has other things to do. */
const alone = /^test\/calls\/engines\./;
/** The longest first, so that the end does not wait for one of them alone. */
const longest = [
  "test/calls/callback.test.ts",
  "test/calls/survival.test.ts",
  "test/browser/pages.test.ts",
  "test/calls/routing.test.ts",
  "test/browser/desk.test.ts",
  "test/calls/line.test.ts",
  "test/calls/agents.test.ts",
  "test/launch/",
  "test/telephony/ari/",
  "test/calls/",
  "test/core/step.property.test.ts",
  "test/simulator/",
];
/** Where more fail than this, it is no matter of chance. */
const mostUnsteady = 3;
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

const began = performance.now();
const files = await testFiles();
await provision(say, ["--with-sipp", "--with-chromium"]);
await buildPages(root, say);
if (wanted.length === 0) count(await runChecks());
const laneOf = (file: string): RegExp | undefined => [rules, patient, alone].find((lane) => lane.test(file));
const lane = (pattern: RegExp | undefined): string[] => files.filter((file) => laneOf(file) === pattern);
const ran = [
  await runLanes([
    { files: lane(undefined), jobs: 2, nice: 0 },
    { files: lane(patient), jobs: 1, nice: 0 },
    { files: lane(rules), jobs: 1, nice: 10 },
  ]),
  await runLanes([{ files: lane(alone), jobs: 1, nice: 0 }]),
];
for (const each of ran) count(each);
const unsteady = await onceMore(ran.flatMap(({ failures }) => failures));
for (const file of unsteady) say(`unsteady - ${file} # failed beside the others, passed alone: a bug, see above`);
say(`${Math.round((performance.now() - began) / 1000)} s`);
say(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Runs what failed again, counts what it came to instead of the first time, and gives the files that passed. */
async function onceMore(failures: readonly Failure[]): Promise<string[]> {
  if (failures.length === 0 || failures.length > mostUnsteady) return [];
  const again = await runLanes([{ files: failures.map(({ file }) => file), jobs: 1, nice: 0 }]);
  for (const { passed, failed } of failures) count({ passed: -passed, failed: -failed });
  count(again);
  return failures.map(({ file }) => file).filter((file) => !again.failures.some((failed) => failed.file === file));
}
