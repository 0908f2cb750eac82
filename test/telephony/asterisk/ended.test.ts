import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { hasEnded } from "../../../src/telephony/asterisk/ended.ts";

/** A `/proc` in which process 7 looks so. */
function processes(t: Test, state: string, threads: readonly number[]): string {
  const proc = t.testdir({ 7: { task: {} } });
  writeFileSync(join(proc, "7", "stat"), `7 (asterisk) ${state} 1 7 7 0 -1`);
  for (const thread of threads) mkdirSync(join(proc, "7", "task", String(thread)));
  return proc;
}

t.test("a process has ended when none of its threads is left", async (t) => {
  t.notOk(await hasEnded(process.pid), "this one goes on");
  t.notOk(await hasEnded(7, processes(t, "S", [7, 8])), "it runs");
  t.notOk(await hasEnded(7, processes(t, "Z", [7, 8])), "its first thread has ended, another may still hold its ports");
  t.ok(await hasEnded(7, processes(t, "Z", [7])), "its parent has not looked yet");
  t.ok(await hasEnded(7, t.testdir({})), "nothing is left of it");
});
