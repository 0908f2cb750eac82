import { randomBytes, randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { KontaktlotsError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { type Role, roles } from "../store/accounts.ts";
import { newcomer } from "../store/competence.ts";
import type { AccountAdmin } from "../store/sqlite/account-admin.ts";

export const usage = `Use:
  npm run accounts -- list
  npm run accounts -- add USER --name "NAME" --roles ${roles.join(",")} [--groups ID,ID]
  npm run accounts -- password USER
  npm run accounts -- pin USER        for announcements by telephone; leads and administrators
  npm run accounts -- remove USER
A password or PIN is made and shown once; with --stdin it is the first line of standard input.`;

const pinDigits = 6;

export interface CommandDeps {
  readonly accounts: AccountAdmin;
  readonly plan: () => Promise<Plan>;
  /** The first line of standard input; asked only with --stdin. */
  readonly typed: () => Promise<string>;
  readonly say: (line: string) => void;
}

/**
 * One command about accounts. Passwords are never among the arguments, where every process of the machine could read them.
 *
 * @throws REQUEST_INVALID, NOT_FOUND, and what the store and the plan throw.
 */
export async function accountCommand(args: readonly string[], deps: CommandDeps): Promise<void> {
  const { command, user, options } = parse(args);
  const { accounts, say } = deps;
  if (command === "list") return list(deps);
  if (command === "remove") {
    await accounts.removeUser(user);
    return say(`${user} is removed, and signed out.`);
  }
  if (command === "pin") return pin(user, options, deps);
  const password = options.stdin ? await deps.typed() : randomBytes(9).toString("base64url");
  if (command === "add") await add(user, password, options, deps);
  else {
    await accounts.setPassword(user, password);
    say(`${user} has a new password, and is signed out.`);
  }
  if (!options.stdin) say(`Lösenord / password: ${password}`);
}

async function pin(user: string, { stdin }: Options, { accounts, typed, say }: CommandDeps): Promise<void> {
  const account = await accounts.store.findUser(user);
  if (account && !account.roles.some((role) => role === "lead" || role === "admin"))
    throw wrong(`${user} is no lead and no admin, and sets no announcements.`);
  const digits = stdin ? await typed() : String(randomInt(10 ** pinDigits)).padStart(pinDigits, "0");
  await accounts.setPin(user, digits);
  say(`${user} has a PIN for announcements by telephone.`);
  if (!stdin) say(`PIN: ${digits}`);
}

interface Options {
  readonly name?: string;
  readonly roles?: string;
  readonly groups?: string;
  readonly stdin?: boolean;
}

const commands = ["list", "add", "password", "pin", "remove"] as const;

function parse(args: readonly string[]): { command: (typeof commands)[number]; user: string; options: Options } {
  try {
    const text = { type: "string" } as const;
    const options = { name: text, roles: text, groups: text, stdin: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [name, user = "", ...more] = positionals;
    const command = commands.find((one) => one === name);
    if (command === undefined) throw wrong(name === undefined ? "No command was given." : `There is no command ${name}.`);
    if ((command === "list") !== (user === "") || more.length > 0) throw wrong(`"${command}" does not go with these words.`);
    return { command, user, options: values };
  } catch (error) {
    if (error instanceof KontaktlotsError) throw error;
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

async function list({ accounts, say }: CommandDeps): Promise<void> {
  const groups = new Map(
    (await accounts.store.listAgents()).map((agent) => [agent.id, agent.competence.skills.map(({ group }) => group).join(",")]),
  );
  const users = accounts.listUsers();
  if (users.length === 0) say("Nobody may sign in yet.");
  for (const { user, name, roles, agent } of users) {
    say([user.padEnd(12), name.padEnd(24), roles.join(",").padEnd(16), agent === undefined ? "" : groups.get(agent)].join(" "));
  }
}

async function add(user: string, password: string, options: Options, { accounts, plan, say }: CommandDeps): Promise<void> {
  const { name } = options;
  if (!name) throw wrong("--name is missing.");
  const given = rolesOf(options.roles);
  const isAgent = given.includes("agent");
  if (options.groups !== undefined && !isAgent) throw wrong("--groups is for agents.");
  if (password === "") throw new KontaktlotsError("REQUEST_INVALID", "The password is empty.", "Give one on standard input.");
  if (await accounts.store.findUser(user)) {
    throw new KontaktlotsError("REQUEST_INVALID", `There is a user ${user} already.`, "Choose another name.");
  }
  if (isAgent) await accounts.store.createAgent({ id: user, name, competence: newcomer(groupsOf(options.groups, await plan())) });
  await accounts.store.createUser({ user, name, roles: given, password, ...(isAgent ? { agent: user } : {}) });
  say(`${user} may sign in.${isAgent ? " Calls and phones of a new agent come with the next start of Kontaktlots." : ""}`);
}

function rolesOf(text = ""): Role[] {
  return text.split(",").map((word) => {
    const role = roles.find((one) => one === word.trim());
    if (role === undefined) throw wrong(`--roles is "${text}".`);
    return role;
  });
}

/** All groups of the plan when none are named. */
function groupsOf(text: string | undefined, { groups }: Plan): string[] {
  if (text === undefined) return Object.keys(groups);
  const named = text.split(",").map((word) => word.trim());
  for (const id of named) {
    if (!Object.hasOwn(groups, id)) {
      throw new KontaktlotsError("REQUEST_INVALID", `The plan has no group ${id}.`, `It has ${Object.keys(groups).join(", ")}.`);
    }
  }
  return named;
}

function wrong(message: string): KontaktlotsError {
  return new KontaktlotsError("REQUEST_INVALID", message, usage);
}
