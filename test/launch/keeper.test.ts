import { once } from "node:events";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import t, { type Test } from "tap";
import { Keeper, type KeeperOptions } from "../../src/launch/keeper.ts";

/** A keeper alone, with a program that speaks an engine's words and tells in its log what it is told. */

t.setTimeout(240_000);
// Not in the fixture of a test: what Node puts there at a process's end would hold up its removal.
const compiledDir = mkdtempSync(join(tmpdir(), "kontaktlots-compiled-"));
t.teardown(() => rmSync(compiledDir, { recursive: true, force: true, maxRetries: 10 }));
/** Far above what a machine busy with other tests keeps a process waiting. */
const stallMs = 3_000;
const program = `
const tell = (word) => process.connected && process.send(word);
process.on("disconnect", () => process.exit(0));
process.once("message", (word) => {
  setInterval(() => {
    tell("pulse");
    console.log("pulse");
  }, 100);
  tell(word === "serve" ? "serving" : { failed: { code: "INTERNAL", message: word, mend: "" } });
});
tell("loaded");
`;
const hangsTheSecondTime = `
import { existsSync, renameSync, writeFileSync } from "node:fs";
process.chdir(import.meta.dirname);
if (existsSync("served")) {
  writeFileSync("pid", String(process.pid));
  renameSync("pid", "hanging");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
writeFileSync("served", "");
`;

function keep(t: Test, options: Partial<KeeperOptions> = {}): Keeper {
  return watched(t, options).keeper;
}

interface Watched {
  readonly keeper: Keeper;
  /** Where the program is. */
  readonly dir: string;
  /** Resolves when the one that serves has pulsed so often more. */
  readonly pulses: (more: number) => Promise<void>;
}

function watched(t: Test, options: Partial<KeeperOptions> = {}, source = program): Watched {
  const dir = t.testdir({ "program.mjs": source, log: "" });
  const keeper = new Keeper({
    file: join(dir, "program.mjs"),
    args: [],
    compiledDir,
    output: openSync(join(dir, "log"), "a"),
    stallMs,
    standBy: true,
    ...options,
  });
  t.teardown(() => keeper.stop());
  const pulsed = () => readFileSync(join(dir, "log"), "utf8").split("\n").length;
  const pulses = async (more: number): Promise<void> => {
    for (const until = pulsed() + more; pulsed() < until; ) await delay(20);
  };
  return { keeper, dir, pulses };
}

/** This process's loop stands still. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
  t.test(`the one that stood by takes the place of the one before, and another is loaded (${signal})`, async (t) => {
    const keeper = keep(t);
    await Promise.all([once(keeper, "serving"), once(keeper, "standingBy")]);
    const { pid: first = 0, standByPid: second } = keeper;
    t.not(second, undefined);
    t.not(second, first);
    const serving = once(keeper, "serving");
    const [[ending]] = await Promise.all([once(keeper, "ended"), process.kill(first, signal)]);
    t.match(ending, { stalled: signal === "SIGSTOP", signal: "SIGKILL" });
    t.notOk(isThere(first), "before the next one is told to serve");
    await serving;
    t.equal(keeper.pid, second);
    await once(keeper, "standingBy");
    const third = keeper.standByPid ?? 0;
    t.notMatch([first, second], [third]);
    await keeper.stop();
    t.same([first, second ?? 0, third].filter(isThere), [], "none is left");
  });
}

t.test("the one that stood by ends: the one that serves is not touched, and the next place is taken all the same", async (t) => {
  const keeper = keep(t);
  await Promise.all([once(keeper, "serving"), once(keeper, "standingBy")]);
  const { pid: first = 0, standByPid: second = 0 } = keeper;
  keeper.on("ended", ({ stalled }) => t.notOk(stalled));
  process.kill(second, "SIGKILL");
  while (keeper.standByPid !== undefined) await delay(5);
  t.equal(keeper.pid, first);
  const serving = once(keeper, "serving");
  process.kill(first, "SIGKILL");
  await serving;
  t.notMatch([first, second], [keeper.pid]);
});

t.test("one that hangs while it loads does not stand by for ever", async (t) => {
  const { keeper, dir } = watched(t, { loadLimitMs: stallMs }, hangsTheSecondTime + program);
  keeper.on("ended", () => t.fail("the one that serves is not touched"));
  await once(keeper, "serving");
  const hanging = join(dir, "hanging");
  while (!existsSync(hanging)) await delay(20);
  while (isThere(Number(readFileSync(hanging, "utf8")))) await delay(20);
  t.equal(keeper.standByPid, undefined);
});

t.test("the whole machine stands still for a while: nobody is blamed for it", async (t) => {
  const { keeper, pulses } = watched(t);
  await once(keeper, "serving");
  const { pid = 0 } = keeper;
  const ended = once(keeper, "ended").then(() => t.fail("it was ended"));
  for (const stoodMs of [stallMs * 0.7, stallMs * 3]) {
    process.kill(pid, "SIGSTOP");
    // Here time itself is what happens: this loop stands still, and that of the other one.
    standStill(stoodMs);
    await delay(1); // the first look comes before anything is heard
    process.kill(pid, "SIGCONT");
    // By then it has been looked at many times.
    await Promise.race([pulses(10), ended]);
  }
  t.equal(keeper.pid, pid);
});

t.test("who keeps others is slow all the time: a frozen one is found out all the same", async (t) => {
  const keeper = keep(t, { stallMs: 1_000 });
  await once(keeper, "serving");
  const slow = setInterval(() => standStill(600), 1);
  t.teardown(() => clearInterval(slow));
  process.kill(keeper.pid ?? 0, "SIGSTOP");
  t.match(await once(keeper, "ended"), [{ stalled: true }]);
});

t.test("a loop that is busy for less than the limit is not ended", async (t) => {
  // A limit that no other test comes near: what is busy here, and what the machine adds, is far below.
  const { keeper, pulses } = watched(t, { stallMs: 20_000 });
  await once(keeper, "serving");
  const { pid = 0 } = keeper;
  const ended = once(keeper, "ended").then(() => t.fail("it was ended"));
  process.kill(pid, "SIGSTOP");
  await delay(stallMs * 1.2);
  process.kill(pid, "SIGCONT");
  await Promise.race([pulses(10), ended]);
  t.equal(keeper.pid, pid);
});

t.test("without one that stands by, the next is started when the one before has ended", async (t) => {
  const keeper = keep(t, { standBy: false });
  t.equal(keeper.standByPid, undefined);
  const { pid: first = 0 } = keeper;
  process.kill(first, "SIGKILL");
  await once(keeper, "ended");
  t.notOk(isThere(first));
  while (keeper.pid === undefined) await delay(5);
  t.not(keeper.pid, first);
});
