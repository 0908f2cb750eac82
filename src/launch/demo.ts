import { randomBytes } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
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

const demoFile = (stateDir: string) => join(stateDir, stateFiles.demo);
/** While the log-ins are being made. */
const begunFile = (stateDir: string) => `${demoFile(stateDir)}.begun`;

/**
 * Demo log-ins, made at the first start: a small contact centre, and its team lead. Returns the citizen phone's secret too.
 * Their passwords stand nowhere else in clear, so they are on disk before the first is made: a start that was cut off goes on with the same.
 */
export async function prepareDemo(accounts: AccountStore, plan: Plan, stateDir: string): Promise<Demo> {
  const kept = await readDemo(demoFile(stateDir));
  if (kept !== undefined) return kept;
  const begun = begunFile(stateDir);
  const demo = (await readBegun(stateDir)) ?? (await newDemo(accounts));
  await writeFile(begun, JSON.stringify(demo, undefined, 2), { mode: 0o600, flush: true });
  const agents = new Set((await accounts.listAgents()).map(({ id }) => id));
  for (const { user, password } of demo.logins) {
    const person = demoPeople.find((one) => one.user === user);
    if (person === undefined || (await accounts.findUser(user)) !== undefined) continue;
    const { brings, ...account } = person;
    if (brings && !agents.has(user)) await accounts.createAgent({ id: user, name: person.name, competence: brings(plan) });
    await accounts.createUser({ ...account, password, ...(brings ? { agent: user } : {}) });
  }
  await rename(begun, demoFile(stateDir));
  return demo;
}

/** For everyone of the demo whose name nobody has yet. */
async function newDemo(accounts: AccountStore): Promise<Demo> {
  const logins: DemoLogin[] = [];
  for (const { brings: _, ...person } of demoPeople) {
    if ((await accounts.findUser(person.user)) === undefined)
      logins.push({ ...person, password: randomBytes(6).toString("base64url") });
  }
  return { citizenSecret: randomBytes(18).toString("base64url"), logins };
}

/** undefined when there is none. What cannot be read is an error: passwords that may stand in it are not thrown away. */
async function readDemo(file: string): Promise<Demo | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Demo;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The same of one that was begun: written in part it stands for nobody, as no log-in was made by it. */
async function readBegun(stateDir: string): Promise<Demo | undefined> {
  try {
    return await readDemo(begunFile(stateDir));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Takes away the log-ins of an earlier demo, and what is known of them. Who has got a password of their own since is no demo
 * log-in any more, and stays. Returns who went.
 */
export async function clearDemo(accounts: AccountAdmin, stateDir: string): Promise<readonly string[]> {
  const made = (await readDemo(demoFile(stateDir))) ?? (await readBegun(stateDir));
  const gone: string[] = [];
  for (const { user, password } of made?.logins ?? []) {
    if ((await accounts.store.checkPassword(user, password)) === undefined) continue;
    await accounts.removeUser(user);
    gone.push(user);
  }
  for (const file of [demoFile(stateDir), begunFile(stateDir)]) await rm(file, { force: true });
  return gone;
}
