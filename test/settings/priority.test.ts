import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import t, { type Test } from "tap";
import { prefer, priorities } from "../../src/settings/priority.ts";

/** A process that only waits, and whether it leads a session of its own. */
async function sleeper(t: Test, detached: boolean): Promise<number> {
  const child = spawn("sleep", ["60"], { stdio: "ignore", detached });
  t.teardown(() => child.kill("SIGKILL"));
  await once(child, "spawn");
  return child.pid ?? Number.NaN;
}

const groupOf = (pid: number): string => readFileSync(`/proc/${pid}/autogroup`, "utf8").trim();

t.test("nobody: nothing happens", async () => {
  prefer(undefined, "calls");
  prefer(2 ** 30, "calls");
});

t.test("a process that works in the background gets out of the way, which anyone may ask for", async (t) => {
  const pid = await sleeper(t, false);
  prefer(pid, "background");
  t.equal(getPriority(pid), priorities.background);
});

const skip = process.getuid?.() !== 0 || !existsSync("/proc/self/autogroup") ? "needs root, and a kernel with autogroups" : false;
t.test("who leads a session takes it along; who does not leaves the others of that session alone", { skip }, async (t) => {
  const leader = await sleeper(t, true);
  prefer(leader, "calls");
  t.match(groupOf(leader), / nice -5$/);
  const before = groupOf(process.pid);
  const member = await sleeper(t, false);
  prefer(member, "background");
  t.equal(groupOf(process.pid), before);
});
