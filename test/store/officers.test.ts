import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import t from "tap";
import { openMemoryOfficers } from "../../src/store/memory-officers.ts";
import { openOfficers } from "../../src/store/sqlite/officers.ts";
import { anna, bo, conform } from "./officers-conformance.ts";

t.test("in memory", (t) => conform(t, async () => openMemoryOfficers()));

t.test("in SQLite", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "officers-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  let files = 0;
  await conform(t, () => openOfficers({ file: join(folder, `${++files}.sqlite`) }));

  await t.test("a list that fails half-way leaves the one before", async (t) => {
    const officers = await openOfficers({ file: join(folder, "half.sqlite") });
    t.teardown(() => officers.close());
    await officers.replaceOfficers([anna]);
    await t.rejects(officers.replaceOfficers([bo, { ...bo, id: "other" }]), { code: "STORE_FAILED" });
    t.strictSame(await officers.list(0), [anna]);
    t.equal((await officers.search("anna", 5, 0)).length, 1);
  });

  await t.test("another process sees it at once; a locked or broken file is a coded error", async (t) => {
    const file = join(folder, "two.sqlite");
    const [one, two] = [await openOfficers({ file }), await openOfficers({ file, patienceMs: 1 })];
    t.teardown(() => Promise.all([one.close(), two.close()]));
    await one.replaceOfficers([anna]);
    t.equal((await two.findExtension("12345", 0))?.id, "anna.berg");
    const writer = new Database(file);
    writer.exec("begin immediate");
    await t.rejects(two.setAbsence("anna.berg", { reason: "away" }), { code: "STORE_FAILED" });
    t.equal((await two.findExtension("12345", 0))?.id, "anna.berg", "readers go on");
    writer.close();
    await writeFile(join(folder, "broken.sqlite"), "no database, but long enough to be looked at as one");
    await t.rejects(openOfficers({ file: join(folder, "broken.sqlite") }), { code: "STORE_FAILED" });
  });
});
