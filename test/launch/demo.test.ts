import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t, { type Test } from "tap";
import { checkRouting } from "../../src/core/routing/check.ts";
import { clearDemo, prepareDemo } from "../../src/launch/demo.ts";
import { demoPeople } from "../../src/launch/demo-people.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import type { AccountStore } from "../../src/store/accounts.ts";
import { openAccountAdmin } from "../../src/store/sqlite/account-admin.ts";
import { callsPlan } from "./support.ts";

async function opened(t: Test) {
  const stateDir = t.testdir({});
  const accounts = await openAccountAdmin(join(stateDir, stateFiles.accounts));
  t.teardown(() => accounts.close());
  return { stateDir, accounts, plan: await loadPlan(callsPlan) };
}

/** The same store, which is gone when `method` is asked for the third time. */
function endingAt(method: "createAgent" | "createUser", store: AccountStore): AccountStore {
  let left = 2;
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === method && left-- === 0) throw new Error("cut off");
      return value.bind(target);
    },
  });
}

for (const method of ["createAgent", "createUser"] as const) {
  t.test(`a start that is cut off before a ${method} goes on with the same log-ins`, async (t) => {
    const { stateDir, accounts, plan } = await opened(t);
    await t.rejects(prepareDemo(endingAt(method, accounts.store), plan, stateDir), { message: "cut off" });
    t.equal(accounts.listUsers().length, 2);
    const demo = await prepareDemo(accounts.store, plan, stateDir);
    t.equal(accounts.listUsers().length, demo.logins.length);
    for (const { user, password } of demo.logins) t.match(await accounts.store.checkPassword(user, password), { user });
    t.same(await prepareDemo(accounts.store, plan, stateDir), demo, "and so ever after");
  });
}

t.test("the demo's people can help everybody who may call, so that its board has nothing to complain of", async (t) => {
  const plan = await loadPlan(fileURLToPath(new URL("../../dialplans/stockholm", import.meta.url)));
  const agents = demoPeople.flatMap(({ user, brings }) => (brings ? [{ id: user, competence: brings(plan) }] : []));
  const problems = checkRouting(Object.values(plan.groups), agents, plan.spoken);
  t.strictSame(
    // Those without a code concern no caller, and stand on no board.
    problems.filter(({ code }) => code !== undefined),
    [],
  );
});

t.test("without the demo nothing of one that was cut off stays", async (t) => {
  const { stateDir, accounts, plan } = await opened(t);
  await t.rejects(prepareDemo(endingAt("createAgent", accounts.store), plan, stateDir));
  t.same(await clearDemo(accounts, stateDir), ["anna", "bilal"]);
  t.same(accounts.listUsers(), []);
  t.notOk(existsSync(join(stateDir, `${stateFiles.demo}.begun`)), "no password is left on disk");
});

t.test("a file that cannot be read is left as it is: the passwords in it stand nowhere else", async (t) => {
  const { stateDir, accounts, plan } = await opened(t);
  const demo = await prepareDemo(accounts.store, plan, stateDir);
  const file = join(stateDir, stateFiles.demo);
  const broken = readFileSync(file, "utf8").slice(0, -3);
  writeFileSync(file, broken);
  await t.rejects(prepareDemo(accounts.store, plan, stateDir), SyntaxError);
  await t.rejects(clearDemo(accounts, stateDir), SyntaxError);
  t.equal(readFileSync(file, "utf8"), broken);
  t.equal(accounts.listUsers().length, demo.logins.length);
});

t.test("one that was cut off while it was written begins anew", async (t) => {
  const { stateDir, accounts, plan } = await opened(t);
  writeFileSync(join(stateDir, `${stateFiles.demo}.begun`), '{ "citizen');
  const { logins } = await prepareDemo(accounts.store, plan, stateDir);
  t.equal(accounts.listUsers().length, logins.length);
});
