import { copyFileSync } from "node:fs";
import Database from "better-sqlite3";
import t from "tap";
import { Journal } from "../../../src/store/sqlite/journal.ts";
import { logMigrations } from "../../../src/store/sqlite/log-migrations.ts";
import { migrate } from "../../../src/store/sqlite/migrate.ts";
import { openSqliteReader } from "../../../src/store/sqlite/reader.ts";
import { entries, readAll } from "../event-log-conformance.ts";

const schema = { version: Object.keys(logMigrations).length, load: async () => logMigrations };

t.test("a full database keeps nothing back for ever", async (t) => {
  const file = `${t.testdir({})}/log.sqlite`;
  await migrate(file, schema);
  const db = new Database(file);
  db.pragma("max_page_count = 40");
  const journal = new Journal(() => db);
  const reader = openSqliteReader({ file });
  t.teardown(() => reader.close());

  let written = 0;
  let failure: { code: string } | undefined;
  for (let from = 1; failure === undefined; from += 100) {
    journal.add(entries(from, from + 99));
    const committed = journal.commit(1000);
    failure = committed.failure;
    written = committed.seq;
  }
  t.match(failure, { code: "STORE_FULL" });
  t.same(await readAll(reader), entries(1, written), "what was reported stands");

  journal.add(entries(written + 101, written + 9000));
  t.match(journal.commit(2000), { seq: written, failure: { code: "STORE_FULL" } }, "still full");
  t.notOk(journal.idle);

  db.pragma("max_page_count = 1000000");
  while (!journal.idle) t.equal(journal.commit(3000).failure, undefined);
  t.same(await readAll(reader), entries(1, written + 9000), "all of it, in order, no gap");
  t.match(await reader.degradedTimes(), [
    { from: 1000, to: 3000, code: "STORE_FULL", firstSeq: written + 1, lastSeq: written + 9000 },
  ]);
  journal.close();
});

t.test("a snapshot that finds no room does not hold up the entries", async (t) => {
  const file = `${t.testdir({})}/log.sqlite`;
  await migrate(file, schema);
  const db = new Database(file);
  db.pragma("max_page_count = 40");
  const journal = new Journal(() => db);
  journal.add(entries(1, 10));
  journal.keep({ seq: 10, json: "x".repeat(1_000_000) });
  t.match(journal.commit(1), { seq: 10, written: 10, failure: { code: "STORE_FULL" } });
  journal.add(entries(11, 20));
  t.match(journal.commit(2), { seq: 20, written: 20 });
  journal.keep({ seq: 20, json: "small" });
  t.equal(journal.commit(3).failure, undefined);
  t.ok(journal.idle);
  journal.close();
});

t.test("a broken connection is replaced", async (t) => {
  const file = `${t.testdir({})}/log.sqlite`;
  await migrate(file, schema);
  const opened: Database.Database[] = [];
  const journal = new Journal(() => {
    const db = new Database(file);
    opened.push(db);
    return db;
  });
  journal.add(entries(1, 5));
  t.match(journal.commit(1), { seq: 5 });
  opened[0]?.close();
  journal.add(entries(6, 8));
  t.match(journal.commit(2), { seq: 5, failure: { code: "STORE_FAILED" } });
  t.match(journal.commit(3), { seq: 8, written: 8 });
  t.equal(opened.length, 2);
  journal.close();
});

/** A journal whose connection only writes; `synced` are the files it has put on disk, unless the disk `refuses`. */
async function journalOnDisk(folder: string) {
  const file = `${folder}/log.sqlite`;
  await migrate(file, schema);
  const disk = { refuses: false, synced: [] as string[] };
  const open = (): Database.Database => {
    const db = new Database(file);
    db.pragma("synchronous = NORMAL");
    return db;
  };
  const journal = new Journal(open, (name) => {
    if (disk.refuses) throw Object.assign(new Error("the disk refuses"), { code: "EIO" });
    disk.synced.push(name);
  });
  return { file, disk, journal, reader: openSqliteReader({ file }) };
}

t.test("a commit is written, and only a sync makes it durable", async (t) => {
  const { file, disk, journal, reader } = await journalOnDisk(t.testdir({}));
  t.teardown(() => reader.close());
  journal.add(entries(1, 5));
  t.notOk(journal.idle);
  t.same(journal.commit(1), { seq: 5, written: 5 });
  t.same(await readAll(reader), entries(1, 5), "others read it");
  t.ok(journal.idle);
  t.notOk(journal.synced);
  journal.add(entries(6, 8));
  journal.commit(2);
  t.same(disk.synced, [], "nothing has waited for the disk");

  t.same(journal.sync(3), { seq: 8, written: 8 }, "one sync for all that is written");
  t.same(disk.synced, [`${file}-wal`]);
  t.ok(journal.synced);
  journal.sync(4);
  t.equal(disk.synced.length, 1, "there is nothing more to sync");

  journal.add(entries(9, 10));
  t.same(journal.sync(5), { seq: 8, written: 8 }, "what is not written is not durable");
  journal.keep({ seq: 8, json: "{}" });
  journal.commit(6);
  t.notOk(journal.synced);
  t.same(journal.sync(7), { seq: 10, written: 10 });
  journal.close();
});

t.test("after a sync that failed, a sync that says all is well is not believed", async (t) => {
  const folder = t.testdir({});
  const { file, disk, journal, reader } = await journalOnDisk(folder);
  t.teardown(() => reader.close());
  journal.add(entries(1, 5));
  journal.commit(1);
  t.equal(journal.sync(2).seq, 5);
  journal.add(entries(6, 9));
  journal.commit(3);
  disk.refuses = true;
  t.match(journal.sync(4), { seq: 5, written: 5, failure: { code: "STORE_FAILED", message: /refuses/ } });
  t.notOk(journal.synced);
  disk.refuses = false;
  t.same(journal.sync(5), { seq: 9, written: 9 });
  t.equal(disk.synced.length, 1, "the write-ahead log was not asked again");
  copyFileSync(file, `${folder}/alone.sqlite`);
  const alone = openSqliteReader({ file: `${folder}/alone.sqlite` });
  t.same(await readAll(alone), entries(1, 9), "all is in the database itself");
  await alone.close();

  journal.add(entries(10, 12));
  journal.commit(6);
  t.same(journal.sync(7), { seq: 12, written: 12 });
  t.equal(disk.synced.length, 2);
  t.same(await reader.degradedTimes(), [], "nothing had to be kept back");
  journal.close();
});
