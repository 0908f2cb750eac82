/** Who may sign in, and who is signed in. The port that the front needs; adapters lie beside the log's. */

export type Role = "agent" | "lead" | "admin";

/** A person who may sign in. Never holds the password or its hash. */
export interface Account {
  /** What the person types: "anna". */
  readonly user: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The agent this person is, when it is one. */
  readonly agent?: string;
}

/** A session as it is kept: found by the SHA-256 of its token, so that the store never holds what opens a door. */
export interface Session {
  /** Hex. */
  readonly tokenHash: string;
  readonly account: Account;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

export interface Accounts {
  /** The account when user and password are right. Takes equally long when there is no such user. */
  checkPassword(user: string, password: string): Promise<Account | undefined>;
  addSession(session: { readonly tokenHash: string; readonly user: string; readonly expiresAt: number }): Promise<void>;
  /** The session with its account as it is now; undefined when it has ended, is past `now`, or its account is gone. */
  findSession(tokenHash: string, now: number): Promise<Session | undefined>;
  endSession(tokenHash: string): Promise<void>;
}
