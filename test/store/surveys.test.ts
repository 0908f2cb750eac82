import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { openSurveys } from "../../src/store/sqlite/surveys.ts";
import { surveysConform, wanted } from "./surveys-conformance.ts";

t.test("in SQLite", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "surveys-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  let files = 0;
  await surveysConform(t, () => openSurveys({ file: join(folder, `${++files}.sqlite`) }));

  await t.test("of a number that is forgotten nothing is left in the file", async (t) => {
    const file = join(folder, "forgotten.sqlite");
    const store = await openSurveys({ file });
    const bytes = async () => `${await readFile(file, "latin1")}${await readFile(`${file}-wal`, "latin1").catch(() => "")}`;
    await store.take(1, [wanted]);
    t.match(await bytes(), wanted.to, "it was there: this test can fail");
    await store.begin(wanted.call, "hash", 9_000);
    await store.close();
    t.notMatch(await bytes(), wanted.to);
  });
});
