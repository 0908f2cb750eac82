import { randomBytes } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import type Database from "better-sqlite3";
import type { Kysely } from "kysely";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Competence } from "../../core/routing/types.ts";
import type { Account, AccountStore, AgentRecord, NewAccount, NewAgent, Role, Session } from "../account-port.ts";
import { checkCompetence, checkLanguages } from "../competence.ts";
import type { AccountTables } from "./account-schema.ts";
import { sqliteCode, storeError } from "./failure.ts";
import { openFile } from "./open-file.ts";
import { hashPassword, passwordFits } from "./password.ts";

const accountSchema = { version: 3, load: async () => (await import("./account-schema.ts")).accountMigrations };

/** How exact "last seen" is: a session is not written at every request. */
const seenEveryMs = 60_000;

export interface AccountOptions {
  /** Made when missing, readable for its owner only: it holds the phones' secrets. */
  readonly file: string;
  /** ms since the epoch. Default Date.now. */
  readonly now?: () => number;
}

/** Opens the accounts. Several processes may. Errors: STORE_FAILED, STORE_FULL. */
export async function openAccounts(options: AccountOptions): Promise<AccountStore> {
  try {
    // SQLite gives the files beside it the same rights.
    closeSync(openSync(options.file, "a", 0o600));
  } catch (thrown) {
    throw storeError(thrown, options.file);
  }
  return new SqliteAccounts(options.file, await openFile(options, accountSchema), options.now ?? Date.now);
}

class SqliteAccounts implements AccountStore {
  readonly #file: string;
  readonly #db: Database.Database;
  readonly #now: () => number;
  #kysely: Promise<Kysely<AccountTables>> | undefined;

  constructor(file: string, db: Database.Database, now: () => number) {
    this.#file = file;
    this.#db = db;
    this.#now = now;
  }

  async createAgent(agent: NewAgent): Promise<AgentRecord> {
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(agent.id)) {
      throw invalid(`"${agent.id}" cannot be an agent's id.`, "Use small letters a–z, digits and -, at most 32.");
    }
    const record: AgentRecord = { webrtcSecret: secret(), deskSecret: secret(), ...agent };
    const { id, name, webrtcSecret, deskSecret } = record;
    const competence = JSON.stringify(checkCompetence(record.competence));
    const row = { id, name, competence, webrtc_secret: webrtcSecret, desk_secret: deskSecret };
    await this.#ask(async (db) => db.insertInto("agent").values(row).execute(), `There is an agent ${id} already.`);
    return record;
  }

  /** Plain SQL: this is all the engine asks at its restart, and Kysely takes a quarter of a second to load. */
  async listAgents(): Promise<readonly AgentRecord[]> {
    const sql = "select id, name, competence, webrtc_secret webrtcSecret, desk_secret deskSecret from agent order by id";
    try {
      const rows = this.#db.prepare<[], Omit<AgentRecord, "competence"> & { readonly competence: string }>(sql).all();
      return rows.map((row) => ({ ...row, competence: JSON.parse(row.competence) as Competence }));
    } catch (thrown) {
      throw storeError(thrown, this.#file);
    }
  }

  async setCompetence(agent: string, competence: Competence): Promise<void> {
    this.#change(agent, "update agent set competence = ? where id = ?", JSON.stringify(checkCompetence(competence)));
  }

  async setLanguages(agent: string, languages: Competence["languages"]): Promise<void> {
    const sql = "update agent set competence = json_set(competence, '$.languages', json(?)) where id = ?";
    this.#change(agent, sql, JSON.stringify(checkLanguages(languages)));
  }

  async createUser(account: NewAccount): Promise<Account> {
    const user = spelled(account.user);
    if (user === "" || account.password === "") throw invalid("A user needs a name and a password.", "Give both.");
    const agents = await this.listAgents();
    if (account.agent !== undefined && !agents.some(({ id }) => id === account.agent)) {
      throw new KontaktlotsError("AGENT_UNKNOWN", `There is no agent ${account.agent}.`, "Create the agent first.");
    }
    const row = {
      user,
      name: account.name,
      roles: JSON.stringify(account.roles),
      agent: account.agent ?? null,
      password_hash: await hashPassword(account.password),
    };
    await this.#ask(async (db) => db.insertInto("user").values(row).execute(), `There is a user ${user} already.`);
    return accountOf(row);
  }

  async findUser(user: string): Promise<Account | undefined> {
    const row = await this.#row(user);
    return row && accountOf(row);
  }

  async checkPassword(user: string, password: string): Promise<Account | undefined> {
    const row = await this.#row(user);
    return (await passwordFits(row?.password_hash, password)) && row !== undefined ? accountOf(row) : undefined;
  }

  /** Plain SQL, as above. */
  async checkPin(digits: string): Promise<Account | undefined> {
    const sql = "select user.user, name, roles, agent, hash from pin join user on user.user = pin.user";
    let rows: (Parameters<typeof accountOf>[0] & { readonly hash: string })[];
    try {
      rows = this.#db.prepare<[], (typeof rows)[number]>(sql).all();
    } catch (thrown) {
      throw storeError(thrown, this.#file);
    }
    let found: Account | undefined;
    // Each is looked at, so that the time it takes does not tell whose it is.
    for (const row of rows) if (await passwordFits(row.hash, digits)) found = accountOf(row);
    if (rows.length === 0) await passwordFits(undefined, digits);
    return found;
  }

  async addSession(session: { readonly tokenHash: string; readonly user: string; readonly expiresAt: number }): Promise<void> {
    const now = this.#now();
    const user = spelled(session.user);
    if ((await this.findUser(user)) === undefined) {
      throw new KontaktlotsError("NOT_FOUND", `There is no user ${user}.`, "Create the user first.");
    }
    const row = { token_hash: session.tokenHash, user, created_at: now, last_seen_at: now, expires_at: session.expiresAt };
    await this.#ask(async (db) => {
      await db.deleteFrom("session").where("expires_at", "<=", now).execute();
      await db.insertInto("session").values(row).execute();
    });
  }

  async findSession(tokenHash: string, now: number): Promise<Session | undefined> {
    const row = await this.#ask((db) =>
      db
        .selectFrom("session")
        .innerJoin("user", "user.user", "session.user")
        .select(["user.user", "user.name", "user.roles", "user.agent", "session.expires_at", "session.last_seen_at"])
        .where("token_hash", "=", tokenHash)
        .where("expires_at", ">", now)
        .executeTakeFirst(),
    );
    if (row === undefined) return undefined;
    if (now - row.last_seen_at >= seenEveryMs) {
      await this.#ask((db) => db.updateTable("session").set({ last_seen_at: now }).where("token_hash", "=", tokenHash).execute());
    }
    return { tokenHash, account: accountOf(row), expiresAt: row.expires_at };
  }

  async endSession(tokenHash: string): Promise<void> {
    await this.#ask((db) => db.deleteFrom("session").where("token_hash", "=", tokenHash).execute());
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #change(agent: string, sql: string, value: string): void {
    let changed: number;
    try {
      changed = this.#db.prepare(sql).run(value, agent).changes;
    } catch (thrown) {
      throw storeError(thrown, this.#file);
    }
    if (changed === 0) throw new KontaktlotsError("NOT_FOUND", `There is no agent ${agent}.`, "Look at the list of agents.");
  }

  #row(user: string) {
    return this.#ask((db) => db.selectFrom("user").selectAll().where("user", "=", spelled(user)).executeTakeFirst());
  }

  /** Every failure as a coded error; `taken` is what to say when there is such a row already. */
  async #ask<T>(question: (db: Kysely<AccountTables>) => Promise<T>, taken?: string): Promise<T> {
    try {
      this.#kysely ??= load(this.#db);
      return await question(await this.#kysely);
    } catch (thrown) {
      if (taken !== undefined && sqliteCode(thrown) === "SQLITE_CONSTRAINT_PRIMARYKEY") throw invalid(taken, "Choose another.");
      throw storeError(thrown, this.#file);
    }
  }
}

async function load(database: Database.Database): Promise<Kysely<AccountTables>> {
  const { Kysely, SqliteDialect } = await import("kysely");
  return new Kysely<AccountTables>({ dialect: new SqliteDialect({ database }) });
}

function accountOf(row: { user: string; name: string; roles: string; agent: string | null }): Account {
  const account = { user: row.user, name: row.name, roles: JSON.parse(row.roles) as Role[] };
  return row.agent === null ? account : { ...account, agent: row.agent };
}

/** How a user's name is written in the store, whatever way it was typed. */
function spelled(user: string): string {
  return user.trim().normalize("NFC").toLowerCase();
}

/** 144 bits in signs that Asterisk's files and URLs take as they are. */
function secret(): string {
  return randomBytes(18).toString("base64url");
}

function invalid(message: string, mend: string): KontaktlotsError {
  return new KontaktlotsError("REQUEST_INVALID", message, mend);
}
