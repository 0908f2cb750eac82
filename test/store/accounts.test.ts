import { readFileSync, statSync } from "node:fs";
import t, { type Test } from "tap";
import { type AccountStore, openAccounts } from "../../src/store/accounts.ts";

const day = 86_400_000;

async function opened(t: Test, now = () => 1000): Promise<{ store: AccountStore; file: string }> {
  const file = `${t.testdir({})}/accounts.sqlite`;
  const store = await openAccounts({ file, now });
  t.teardown(() => store.close());
  return { store, file };
}

t.test("agents are kept with secrets of their own", async (t) => {
  const { store, file } = await opened(t);
  const anna = await store.createAgent({ id: "anna", name: "Anna Åberg", groups: ["bygglov", "miljo"] });
  await store.createAgent({ id: "bo-2", name: "Bo", groups: [], webrtcSecret: "w", deskSecret: "d" });
  t.match(anna, { webrtcSecret: /^[\w-]{24}$/, deskSecret: /^[\w-]{24}$/ });
  t.not(anna.webrtcSecret, anna.deskSecret);

  const other = await openAccounts({ file });
  t.same(await other.listAgents(), [anna, { id: "bo-2", name: "Bo", groups: [], webrtcSecret: "w", deskSecret: "d" }]);
  await other.close();

  await t.rejects(store.createAgent({ id: "anna", name: "Another", groups: [] }), { code: "REQUEST_INVALID" });
  for (const id of ["", "Anna", "a b", "a]\n[evil", "-a", "x".repeat(33)]) {
    await t.rejects(store.createAgent({ id, name: "x", groups: [] }), { code: "REQUEST_INVALID" }, JSON.stringify(id));
  }
  t.equal(statSync(file).mode & 0o077, 0, "nobody else may read the file");
  t.equal(statSync(`${file}-wal`).mode & 0o077, 0);
});

t.test("a person signs in with the right password only", async (t) => {
  const { store, file } = await opened(t);
  await store.createAgent({ id: "anna", name: "Anna", groups: [] });
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
