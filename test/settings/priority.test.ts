import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import t, { type Test } from "tap";
import { prefer, priorities } from "../../src/settings/priority.ts";

const autogroup = (pid: number): string => readFileSync(`/proc/${pid}/autogroup`, "utf8").trim();

/** A process that waits until the test is over. */
async function waiting(t: Test, detached: boolean): Promise<number> {
  const child: ChildProcess = spawn("cat", { stdio: ["pipe", "ignore", "ignore"], detached });
  await once(child, "spawn");
  t.teardown(async () => {
    child.stdin?.end();
    await once(child, "exit");
  });
  return child.pid ?? 0;
}

t.test("a process with a session of its own is preferred to all other sessions", { skip: without() }, async (t) => {
  const pid = await waiting(t, true);
  prefer(pid, "calls");
  t.equal(getPriority(pid), priorities.calls);
  t.match(autogroup(pid), new RegExp(`nice ${priorities.calls}$`));
});

t.test("a process of our session leaves the session as it is", { skip: without() }, async (t) => {
  const before = autogroup(process.pid);
  const pid = await waiting(t, false);
  prefer(pid, "background");
  t.equal(getPriority(pid), priorities.background);
  t.equal(autogroup(process.pid), before);
});

t.test("a process that is gone already, or never was", async (t) => {
  t.doesNotThrow(() => prefer(undefined, "sound"));
  t.doesNotThrow(() => prefer(2 ** 22 + 1, "sound"));
});

function without(): string | false {
  if (process.getuid?.() !== 0) return "only root may prefer a process";
  return existsSync("/proc/self/autogroup") ? false : "this kernel has no autogroups";
}
