import { readFileSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import t, { type Test } from "tap";
import type { Competence } from "../../src/core/routing/types.ts";
import { type AccountStore, openAccounts } from "../../src/store/accounts.ts";
import { newcomer } from "../../src/store/competence.ts";
import { accountMigrations } from "../../src/store/sqlite/account-schema.ts";
import { migrate } from "../../src/store/sqlite/migrate.ts";
import { generalist } from "../support/competence.ts";

const day = 86_400_000;

async function opened(t: Test, now = () => 1000): Promise<{ store: AccountStore; file: string }> {
  const file = `${t.testdir({})}/accounts.sqlite`;
  const store = await openAccounts({ file, now });
  t.teardown(() => store.close());
  return { store, file };
}

t.test("agents are kept with secrets of their own", async (t) => {
  const { store, file } = await opened(t);
  const anna = await store.createAgent({ id: "anna", name: "Anna Åberg", competence: generalist(["bygglov", "miljo"]) });
  await store.createAgent({ id: "bo-2", name: "Bo", competence: generalist([]), webrtcSecret: "w", deskSecret: "d" });
  t.match(anna, { webrtcSecret: /^[\w-]{24}$/, deskSecret: /^[\w-]{24}$/ });
  t.not(anna.webrtcSecret, anna.deskSecret);

  const other = await openAccounts({ file });
  t.same(await other.listAgents(), [
    anna,
    { id: "bo-2", name: "Bo", competence: generalist([]), webrtcSecret: "w", deskSecret: "d" },
  ]);
  await other.close();

  await t.rejects(store.createAgent({ id: "anna", name: "Another", competence: generalist([]) }), { code: "REQUEST_INVALID" });
  for (const id of ["", "Anna", "a b", "a]\n[evil", "-a", "x".repeat(33)]) {
    await t.rejects(
      store.createAgent({ id, name: "x", competence: generalist([]) }),
      { code: "REQUEST_INVALID" },
      JSON.stringify(id),
    );
  }
  t.equal(statSync(file).mode & 0o077, 0, "nobody else may read the file");
  t.equal(statSync(`${file}-wal`).mode & 0o077, 0);
});

t.test("what an agent brings is changed as a whole, or the languages alone", async (t) => {
  const { store, file } = await opened(t);
  await store.createAgent({ id: "anna", name: "Anna", competence: newcomer(["bygglov"]) });
  await store.createAgent({ id: "bo", name: "Bo", competence: newcomer([]) });
  const competence: Competence = {
    skills: [
      { group: "bygglov", level: 5, line: 1 },
      { group: "miljo", level: 1, line: 2 },
    ],
    languages: { sv: "native" },
    districts: ["Hässelby-Vällingby"],
    site: "Tekniska nämndhuset",
  };
  await store.setCompetence("anna", competence);
  await store.setLanguages("anna", { sv: "good", so: "native" });
  const other = await openAccounts({ file });
  const kept = (await other.listAgents()).map(({ competence }) => competence);
  await other.close();
  t.same(kept, [{ ...competence, languages: { sv: "good", so: "native" } }, newcomer([])], "and nobody else's");

  await t.rejects(store.setCompetence("who", competence), { code: "NOT_FOUND" });
  await t.rejects(store.setLanguages("who", {}), { code: "NOT_FOUND" });
});

t.test("what is no competence is never kept", async (t) => {
  const { store } = await opened(t);
  const good = newcomer(["a", "b"]);
  await store.createAgent({ id: "anna", name: "Anna", competence: good });
  const bad: unknown[] = [
    null,
    {},
    { ...good, languages: { sv: "fluent" } },
    { ...good, languages: { Svenska: "native" } },
    { ...good, languages: ["sv"] },
    { ...good, site: null },
    { ...good, districts: ["x", "x"] },
    { ...good, wage: 1 },
    ...[0, 6, 1.5, "3"].map((level) => ({ ...good, skills: [{ group: "a", level, line: 1 }] })),
    ...[0, 3].map((line) => ({ ...good, skills: [{ group: "a", level: 3, line }] })),
    { ...good, skills: [...good.skills, { group: "a", level: 1, line: 2 }] },
  ];
  for (const competence of bad as Competence[]) {
    await t.rejects(store.setCompetence("anna", competence), { code: "REQUEST_INVALID" }, JSON.stringify(competence));
    await t.rejects(store.createAgent({ id: "bo", name: "Bo", competence }), { code: "REQUEST_INVALID" });
  }
  await t.rejects(store.setLanguages("anna", { sv: "fluent" as "good" }), { code: "REQUEST_INVALID" });
  t.match(await store.listAgents(), [{ id: "anna", competence: good }]);
});

t.test("agents of an earlier version keep their groups, as newcomers in them", async (t) => {
  const file = `${t.testdir({})}/accounts.sqlite`;
  const { "001-accounts": first } = accountMigrations;
  await migrate(file, { version: 1, load: async () => (first ? { "001-accounts": first } : {}) });
  const all = [["bygglov", "miljo"], [], ['"å"', "a,b", "x"]];
  const db = new Database(file);
  const add = db.prepare("insert into agent values (?, 'x', ?, 'w', 'd')");
  for (const [at, groups] of all.entries()) add.run(`agent-${at}`, JSON.stringify(groups));
  db.close();
  const store = await openAccounts({ file });
  t.teardown(() => store.close());
  t.same(
    (await store.listAgents()).map(({ competence }) => competence),
    all.map(newcomer),
  );
});

t.test("a person signs in with the right password only", async (t) => {
  const { store, file } = await opened(t);
  await store.createAgent({ id: "anna", name: "Anna", competence: generalist([]) });
  const anna = { user: "anna", name: "Anna Åberg", roles: ["agent", "lead"], agent: "anna" } as const;
  t.same(await store.createUser({ ...anna, user: " Anna ", password: "rätt lösen" }), anna);
  t.same(await store.findUser("ANNA"), anna);
  t.equal(await store.findUser("nobody"), undefined);

  t.same(await store.checkPassword("anna", "rätt lösen"), anna);
  t.same(await store.checkPassword("Anna ", "rätt lösen".normalize("NFD")), anna, "however the keyboard spells it");
  t.equal(await store.checkPassword("anna", "fel lösen"), undefined);
  t.equal(await store.checkPassword("anna", ""), undefined);
  t.equal(await store.checkPassword("nobody", "nobody has this password"), undefined);

  const files = readFileSync(file, "latin1") + readFileSync(`${file}-wal`, "latin1");
  t.match(files, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  t.notMatch(files, "lösen");

  await t.rejects(store.createUser({ ...anna, password: "x" }), { code: "REQUEST_INVALID" });
  await t.rejects(store.createUser({ ...anna, user: "b", password: "" }), { code: "REQUEST_INVALID" });
  await t.rejects(store.createUser({ ...anna, user: " ", password: "x" }), { code: "REQUEST_INVALID" });
  await t.rejects(store.createUser({ ...anna, user: "b", agent: "who", password: "x" }), { code: "AGENT_UNKNOWN" });
});

t.test("a session holds until it ends or is past", async (t) => {
  let now = day;
  const { store } = await opened(t, () => now);
  const lead = await store.createUser({ user: "lena", name: "Lena", roles: ["lead"], password: "x" });
  await store.addSession({ tokenHash: "aa", user: "lena", expiresAt: now + day });
  await store.addSession({ tokenHash: "bb", user: "lena", expiresAt: now + 2 * day });
  await t.rejects(store.addSession({ tokenHash: "cc", user: "who", expiresAt: now + day }), { code: "NOT_FOUND" });

  t.same(await store.findSession("aa", now), { tokenHash: "aa", account: lead, expiresAt: 2 * day });
  t.same(await store.findSession("aa", now + 120_000), { tokenHash: "aa", account: lead, expiresAt: 2 * day });
  t.equal(await store.findSession("aa", now + day), undefined, "past");
  t.equal(await store.findSession("other", now), undefined);

  await store.endSession("bb");
  await store.endSession("bb");
  t.equal(await store.findSession("bb", now), undefined, "ended");

  now += 3 * day;
  await store.addSession({ tokenHash: "dd", user: "lena", expiresAt: now + day });
  t.equal(await store.findSession("aa", 0), undefined, "past sessions are cleared away");
});

t.test("what cannot be opened is refused with what to do", async (t) => {
  await t.rejects(openAccounts({ file: `${t.testdir({})}/none/accounts.sqlite` }), { code: "STORE_FAILED", mend: /folder/ });
});
