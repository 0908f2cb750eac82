import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import t, { type Test } from "tap";
import { matterMigrations } from "../../src/store/sqlite/matter-schema.ts";
import { openMatters } from "../../src/store/sqlite/matters.ts";
import { migrate } from "../../src/store/sqlite/migrate.ts";
import { surveyMigrations } from "../../src/store/sqlite/survey-schema.ts";
import { openSurveys } from "../../src/store/sqlite/surveys.ts";
import { MemoryOutbox } from "../support/memory-outbox.ts";
import { message } from "./matters-conformance.ts";
import { outboxConforms } from "./outbox-conformance.ts";

const fileFor = async (t: Test): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "outbox-"));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "file.sqlite");
};

t.test("letters, in the store of matters", (t) =>
  outboxConforms(t, async (t) => {
    const store = await openMatters({ file: await fileFor(t) });
    t.teardown(() => store.close());
    let position = 0;
    const put = async (mailTo: string, createdAt: number): Promise<string> => {
      const [made] = await store.take(++position, [{ year: 2026, matter: { ...message, createdAt, mailTo } }]);
      return made?.number ?? "";
    };
    return { outbox: store.letters, put };
  }),
);

t.test("text messages, in the store of surveys", (t) =>
  outboxConforms(t, async (t) => {
    const store = await openSurveys({ file: await fileFor(t) });
    t.teardown(() => store.close());
    let position = 0;
    const put = async (to: string, wantedAt: number): Promise<string> => {
      const call = `c${++position}`;
      await store.take(position, [{ call, group: "b", language: "sv", questions: ["q"], to, wantedAt }]);
      return call;
    };
    return { outbox: store.texts, put };
  }),
);

t.test("in memory, for tests", (t) =>
  outboxConforms(t, async () => {
    const outbox = new MemoryOutbox();
    const put = async (to: string, due: number): Promise<string> => {
      const key = `k${outbox.kept.size + 1}`;
      outbox.put(key, to, due);
      return key;
    };
    return { outbox, put };
  }),
);

/** The first `version` of the migrations, as an earlier version of the program knew them. */
const earlier = <M>(migrations: Readonly<Record<string, M>>, version: number) => ({
  version,
  load: async () => Object.fromEntries(Object.entries(migrations).slice(0, version)),
});

t.test("what waited in files of before there were outboxes still goes out", async (t) => {
  const [mattersFile, surveysFile] = [await fileFor(t), await fileFor(t)];
  await migrate(mattersFile, earlier(matterMigrations, 2));
  const oldMatters = new Database(mattersFile);
  oldMatters.exec(`insert into matter (number, code, kind, status, created_at, owner_group, call)
    values ('2026-000007', '0001', 'message', 'received', 5, 'bygglov', 'c1')`);
  oldMatters.exec("insert into letter (matter, receiver, due, failures) values ('2026-000007', 'anna@example.org', 50, 3)");
  oldMatters.exec("update followed set position = 12");
  oldMatters.close();
  const matters = await openMatters({ file: mattersFile });
  t.teardown(() => matters.close());
  t.strictSame(await matters.letters.due(50, 9), [{ key: "2026-000007", to: "anna@example.org", failures: 3 }]);
  t.equal(await matters.position(), 12);

  await migrate(surveysFile, earlier(surveyMigrations, 1));
  const oldSurveys = new Database(surveysFile);
  const old = oldSurveys.prepare(`insert into survey
    (call, owner_group, language, questions, receiver, due, failures, token, expires, used)
    values (?, 'bygglov', 'sv', '["q"]', ?, ?, ?, ?, 99, 0)`);
  old.run("waits", "+46701740605", 40, 2, null);
  old.run("went", null, null, 0, "hash");
  oldSurveys.close();
  const surveys = await openSurveys({ file: surveysFile });
  t.teardown(() => surveys.close());
  t.strictSame(await surveys.texts.due(40, 9), [{ key: "waits", to: "+46701740605", failures: 2 }]);
  t.strictSame(await surveys.find("hash", 98), { call: "went", group: "bygglov", language: "sv", questions: ["q"] });
});
