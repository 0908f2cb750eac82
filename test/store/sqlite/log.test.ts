import { setImmediate } from "node:timers/promises";
import t from "tap";
import { openSqliteLog } from "../../../src/store/sqlite/log.ts";
import { entries, eventLogConformance, readAll } from "../event-log-conformance.ts";

let count = 0;
const folder = t.testdir({});
const newFile = () => `${folder}/${++count}.sqlite`;

eventLogConformance(t, { open: () => openSqliteLog({ file: newFile() }) });

t.test("a log that was closed is carried on", async (t) => {
  const file = newFile();
  const first = await openSqliteLog({ file });
  first.log.append(entries(1, 10));
  first.log.saveSnapshot({ seq: 10, json: "{}" });
  await first.log.close();
  await first.reader.close();

  const second = await openSqliteLog({ file });
  t.equal(second.lastSeq, 10);
  t.same(await second.reader.latestSnapshot(), { seq: 10, json: "{}" });
  t.throws(() => second.log.append(entries(10, 10)), { code: "EVENT_INVALID" }, "numbers go on from there");
  second.log.append(entries(11, 20));
  await second.log.close();
  t.same(await readAll(second.reader), entries(1, 20));
  await second.reader.close();
});

t.test("a second writer is refused, and let in when the first has gone", async (t) => {
  const file = newFile();
  const first = await openSqliteLog({ file });
  await t.rejects(openSqliteLog({ file }), { code: "STORE_LOCKED" });
  await first.log.close();
  const second = await openSqliteLog({ file });
  await second.log.close();
  await first.reader.close();
  await second.reader.close();
});

t.test("what cannot be opened is refused with what to do", async (t) => {
  await t.rejects(openSqliteLog({ file: `${folder}/no-such-folder/log.sqlite` }), { code: "STORE_FAILED", mend: /folder/ });
});

t.test("what is flushed is written at once and comes to the disk itself unasked", async (t) => {
  const { log, reader } = await openSqliteLog({ file: newFile(), gatherMs: 3_600_000 });
  log.append(entries(1, 10));
  log.flush();
  while ((await reader.lastSeq()) < 10) await setImmediate();
  while (log.health().backlog > 0) await setImmediate();
  t.equal(await log.settled(10, 0), "durable");
  await log.close();
  await reader.close();
});
