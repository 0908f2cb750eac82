import Database from "better-sqlite3";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Account, AccountStore } from "../account-port.ts";
import { openAccounts } from "./accounts.ts";
import { storeError } from "./failure.ts";
import { hashPassword } from "./password.ts";

/** What changes and takes away accounts: for the command line and the start, never for the front. */
export interface AccountAdmin {
  /** Creates, and finds. */
  readonly store: AccountStore;
  /** In order of user. */
  listUsers(): readonly Account[];
  /**
   * The person may sign in no more, and open sessions end at once. An agent that nobody else is goes too: its phones register
   * no more from the next start on. Errors: NOT_FOUND.
   */
  removeUser(user: string): Promise<void>;
  /** Open sessions end. Errors: NOT_FOUND; REQUEST_INVALID when it is empty. */
  setPassword(user: string, password: string): Promise<void>;
  /** Takes the place of the one before. Errors: NOT_FOUND; REQUEST_INVALID when it is no PIN, or another person's. */
  setPin(user: string, pin: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the accounts to set them up; a running system may have them open too. Errors: STORE_FAILED, STORE_FULL. */
export async function openAccountAdmin(file: string): Promise<AccountAdmin> {
  const store = await openAccounts({ file });
  const db = new Database(file, { timeout: 5000 });
  db.pragma("foreign_keys = ON");

  const ask = <T>(question: () => T): T => {
    try {
      return question();
    } catch (thrown) {
      throw storeError(thrown, file);
    }
  };
  const found = async (user: string): Promise<Account> => {
    const account = await store.findUser(user);
    if (account) return account;
    throw new KontaktlotsError("NOT_FOUND", `There is no user ${user}.`, "Look at the list of accounts.");
  };

  return {
    store,
    listUsers: () =>
      ask(() => {
        const sql = "select user, name, roles, agent from user order by user";
        const rows = db.prepare<[], { user: string; name: string; roles: string; agent: string | null }>(sql).all();
        return rows.map(({ roles, agent, ...row }): Account => {
          const account = { ...row, roles: JSON.parse(roles) as Account["roles"] };
          return agent === null ? account : { ...account, agent };
        });
      }),
    removeUser: async (name) => {
      const { user, agent } = await found(name);
      ask(
        db.transaction(() => {
          db.prepare("delete from user where user = ?").run(user);
          if (agent !== undefined) {
            db.prepare("delete from agent where id = ? and not exists (select 1 from user where agent = agent.id)").run(agent);
          }
        }),
      );
    },
    setPassword: async (name, password) => {
      const { user } = await found(name);
      if (password === "") throw new KontaktlotsError("REQUEST_INVALID", "The password is empty.", "Give one.");
      const hash = await hashPassword(password);
      ask(
        db.transaction(() => {
          db.prepare("update user set password_hash = ? where user = ?").run(hash, user);
          db.prepare("delete from session where user = ?").run(user);
        }),
      );
    },
    setPin: async (name, pin) => {
      const { user } = await found(name);
      if (!/^\d{6,8}$/.test(pin)) throw new KontaktlotsError("REQUEST_INVALID", "That is no PIN.", "Give six to eight digits.");
      // Who it is, is known by the PIN alone.
      const owner = await store.checkPin(pin);
      if (owner !== undefined && owner.user !== user)
        throw new KontaktlotsError("REQUEST_INVALID", "That PIN cannot be taken.", "Choose another.");
      const hash = await hashPassword(pin);
      ask(() => {
        db.prepare("insert into pin (user, hash) values (?, ?) on conflict (user) do update set hash = excluded.hash").run(
          user,
          hash,
        );
      });
    },
    close: async () => {
      db.close();
      await store.close();
    },
  };
}
