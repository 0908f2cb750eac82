import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../core/plan/plan.ts";
import { stateFiles } from "../settings/runtime.ts";
import type { AccountStore, Role } from "../store/accounts.ts";
import type { AccountAdmin } from "../store/sqlite/account-admin.ts";
import { demoPeople } from "./demo-people.ts";

interface DemoLogin {
  readonly user: string;
  readonly password: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

interface Demo {
  readonly citizenSecret: string;
  readonly logins: readonly DemoLogin[];
}

/** Demo log-ins, made at the first start: a small contact centre, and its team lead. Returns the citizen phone's secret too. */
export async function prepareDemo(accounts: AccountStore, plan: Plan, stateDir: string): Promise<Demo> {
  const file = join(stateDir, stateFiles.demo);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as Demo;
  const logins: DemoLogin[] = [];
  for (const { brings, ...person } of demoPeople) {
    if ((await accounts.findUser(person.user)) !== undefined) continue;
    const password = randomBytes(6).toString("base64url");
    if (brings) await accounts.createAgent({ id: person.user, name: person.name, competence: brings(plan) });
    await accounts.createUser({ ...person, password, ...(brings ? { agent: person.user } : {}) });
    logins.push({ ...person, password });
  }
  const demo = { citizenSecret: randomBytes(18).toString("base64url"), logins };
  await writeFile(file, JSON.stringify(demo, undefined, 2), { mode: 0o600 });
  return demo;
}

/**
 * Takes away the log-ins of an earlier demo, and what is known of them. Who has got a password of their own since is no demo
 * log-in any more, and stays. Returns who went.
 */
export async function clearDemo(accounts: AccountAdmin, stateDir: string): Promise<readonly string[]> {
  const file = join(stateDir, stateFiles.demo);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept === undefined) return [];
  const gone: string[] = [];
  for (const { user, password } of (JSON.parse(kept) as Demo).logins) {
    if ((await accounts.store.checkPassword(user, password)) === undefined) continue;
    await accounts.removeUser(user);
    gone.push(user);
  }
  await rm(file);
  return gone;
}
