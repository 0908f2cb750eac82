import { join } from "node:path";
import Database from "better-sqlite3";
import t from "tap";
import { migrate } from "../../../src/store/sqlite/migrate.ts";
import { surveyMigrations } from "../../../src/store/sqlite/survey-schema.ts";

const schema = { version: 2, load: async () => surveyMigrations };

t.test("who finds another at it waits until it is done, and then does nothing", async (t) => {
  const folder = t.testdir({});
  const file = join(folder, "surveys.sqlite");
  await Promise.all([migrate(file, schema), migrate(file, schema), migrate(join(folder, "others.sqlite"), schema)]);
  const db = new Database(file, { readonly: true });
  t.teardown(() => db.close());
  t.same(db.prepare("select position from followed").all(), [{ position: 0 }], "each migration once");
  t.equal(db.pragma("user_version", { simple: true }), 2);
  t.equal(db.pragma("journal_mode", { simple: true }), "wal");
});

t.test("a file of a newer version stays as it is", async (t) => {
  const file = join(t.testdir({}), "surveys.sqlite");
  await migrate(file, { ...schema, version: 3 });
  await t.rejects(migrate(file, schema), { code: "STORE_FAILED", message: /newer version \(3, this one knows 2\)/ });
});
