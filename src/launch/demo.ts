import { randomBytes } from "node:crypto";
import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plan } from "../core/plan/plan.ts";
import { stateFiles } from "../settings/runtime.ts";
import type { AccountStore, Role } from "../store/accounts.ts";

interface DemoLogin {
  readonly user: string;
  readonly password: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

const people: readonly { readonly user: string; readonly name: string; readonly roles: readonly Role[] }[] = [
  { user: "anna", name: "Anna Lindström", roles: ["agent"] },
  { user: "bilal", name: "Bilal Haddad", roles: ["agent"] },
  { user: "cecilia", name: "Cecilia Ekman", roles: ["agent"] },
  { user: "lena", name: "Lena Norberg", roles: ["lead", "admin"] },
];

/** Demo log-ins, made at the first start: three agents who answer for all groups, and a team lead. Returns the citizen phone's secret. */
export async function prepareDemo(
  accounts: AccountStore,
  plan: Plan,
  stateDir: string,
): Promise<{ citizenSecret: string; logins: readonly DemoLogin[] }> {
  const file = join(stateDir, stateFiles.demo);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return JSON.parse(kept) as { citizenSecret: string; logins: readonly DemoLogin[] };
  const logins: DemoLogin[] = [];
  for (const person of people) {
    const password = randomBytes(6).toString("base64url");
    const isAgent = person.roles.includes("agent");
    if ((await accounts.findUser(person.user)) === undefined) {
      if (isAgent) await accounts.createAgent({ id: person.user, name: person.name, groups: Object.keys(plan.groups) });
      await accounts.createUser({ ...person, password, ...(isAgent ? { agent: person.user } : {}) });
      logins.push({ ...person, password });
    }
  }
  const demo = { citizenSecret: randomBytes(18).toString("base64url"), logins };
  await writeFile(file, JSON.stringify(demo, undefined, 2), { mode: 0o600 });
  return demo;
}

/** Whether an earlier start made demo log-ins here. */
export async function demoLeft(stateDir: string): Promise<boolean> {
  return await access(join(stateDir, stateFiles.demo)).then(
    () => true,
    () => false,
  );
}
