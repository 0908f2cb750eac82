import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import t from "tap";
import { openSqliteLog } from "../../../src/store/sqlite/log.ts";
import { openSqliteReader } from "../../../src/store/sqlite/reader.ts";
import { entries, readAll } from "../event-log-conformance.ts";

const script = new URL("./writing-process.ts", import.meta.url).pathname;

/** Starts a writer and resolves with the last number it reported when it has reported `times` times and was then killed. */
async function writeAndKill(file: string, times: number, running: (child: ChildProcess) => Promise<void>): Promise<number> {
  const child = spawn(process.execPath, [script, file], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  let last = 0;
  let reports = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    reports += 1;
    if (reports === times) {
      await running(child);
      child.kill("SIGKILL");
    }
  }
  await exited;
  return last;
}

t.test("kill -9: all that was written is there, in order, and the next writer is let in at once", async (t) => {
  const file = `${t.testdir({})}/log.sqlite`;
  let before = 0;
  for (const times of [1, 20, 60]) {
    let read = 0;
    const reported = await writeAndKill(file, times, async () => {
      await t.rejects(openSqliteLog({ file }), { code: "STORE_LOCKED" }, "two processes never both write");
      const beside = openSqliteReader({ file });
      const seen = await readAll(beside);
      t.same(seen, entries(1, seen.length), "but another may read meanwhile, and sees whole groups");
      read = seen.length;
      await beside.close();
    });
    const { log, reader, lastSeq } = await openSqliteLog({ file });
    t.ok(reported > before && lastSeq >= reported, `${lastSeq} stand in the log, ${reported} were reported`);
    t.ok(lastSeq >= read, "what somebody has read is never taken back");
    t.same(await readAll(reader), entries(1, lastSeq), "no gap, nothing twice");
    await log.close();
    await reader.close();
    before = lastSeq;
  }
});
