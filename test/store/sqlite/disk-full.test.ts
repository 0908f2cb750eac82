import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import t from "tap";
import type { EventLog } from "../../../src/store/event-log.ts";
import { openSqliteLog } from "../../../src/store/sqlite/log.ts";
import { entries, readAll } from "../event-log-conformance.ts";

/** A real file system of 1 MB at `path`, or why there cannot be one. */
function mountSmallDisk(path: string): string | undefined {
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "kontaktlots-test", path], { encoding: "utf8" });
  if (mounted.status === 0) return undefined;
  return `A small file system cannot be mounted here: ${mounted.error?.message ?? mounted.stderr.trim()}`;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await setImmediate();
}

const folder = mkdtempSync(join(tmpdir(), "kontaktlots-disk-"));
const cannot = mountSmallDisk(folder);
const skip = cannot === undefined ? {} : { skip: cannot };
t.teardown(() => {
  if (cannot === undefined) spawnSync("umount", [folder]);
  rmdirSync(folder);
});

/** Fills the rest of the disk; the returned function makes the room again. */
function fillDisk(): () => void {
  const ballast = `${folder}/ballast`;
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    try {
      writeFileSync(ballast, Buffer.alloc(size), { flag: "a" });
    } catch {
      // That much no longer fits; half of it may.
    }
  }
  return () => rmSync(ballast);
}

async function appendUntilFull(log: EventLog, from: number): Promise<number> {
  let seq = from - 1;
  for (;;) {
    log.append(entries(seq + 1, seq + 50));
    seq += 50;
    if ((await log.settled(seq, 10_000)) === "failed") return seq;
  }
}

t.test("a full disk: calls go on, the log says so, and all is there when there is room again", skip, async (t) => {
  const file = `${folder}/log.sqlite`;
  const { log, reader } = await openSqliteLog({ file });
  log.append(entries(1, 100));
  t.equal(await log.settled(100, 10_000), "durable");

  const makeRoom = fillDisk();
  let seq = await appendUntilFull(log, 101);
  t.match(log.health(), { ok: false, code: "STORE_FULL", message: /full/ });
  log.append(entries(seq + 1, seq + 500));
  seq += 500;
  t.equal(await log.settled(seq, 10_000), "failed", "nobody waits for a disk that is known to be full");
  t.ok(log.health().backlog >= 500);

  makeRoom();
  await until(() => log.health().ok && log.health().backlog === 0);
  t.equal(await log.settled(seq, 10_000), "durable");
  t.same(await readAll(reader), entries(1, seq), "in order, no gap");
  t.match(await reader.degradedTimes(), [{ code: "STORE_FULL", lastSeq: Number }]);
  await log.close();
  await reader.close();
});

t.test("a log closed on a full disk says what it could not write", skip, async (t) => {
  const file = `${folder}/closed.sqlite`;
  const { log, reader } = await openSqliteLog({ file });
  const makeRoom = fillDisk();
  const seq = await appendUntilFull(log, 1);
  await t.rejects(log.close(), { code: "STORE_FAILED", message: /log entries could not be written/ });
  makeRoom();
  const again = await openSqliteLog({ file });
  t.ok(again.lastSeq < seq);
  t.same(await readAll(again.reader), entries(1, again.lastSeq), "what stands is whole");
  await again.log.close();
  await again.reader.close();
  await reader.close();
});

t.test("a disk that is full from the start is named at opening", skip, async (t) => {
  const makeRoom = fillDisk();
  await t.rejects(openSqliteLog({ file: `${folder}/late.sqlite` }), { code: "STORE_FULL" });
  makeRoom();
});
