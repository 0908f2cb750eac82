import type { Competence } from "../core/routing/types.ts";

/**
 * Who may sign in, who is signed in, and who the agents are: the port. The front writes it; the engine and the launcher
 * read the agents at start, the engine again when they changed. A database of its own, so that the log keeps exactly one writer.
 */

export const roles = ["agent", "lead", "admin"] as const;
export type Role = (typeof roles)[number];

/** A person who may sign in. Never holds the password or its hash. */
export interface Account {
  /** What the person types, in small letters: "anna". */
  readonly user: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** The agent this person is, when it is one. */
  readonly agent?: string;
}

export interface NewAccount extends Account {
  readonly password: string;
}

/** Someone who takes calls, with the secrets of their phones. */
export interface AgentRecord {
  /** Part of names in Asterisk's configuration: small letters, digits and "-". */
  readonly id: string;
  readonly name: string;
  /** What routing knows of them. Groups and districts are the plan's, by id and by name. */
  readonly competence: Competence;
  /** What the phone in the browser registers with. */
  readonly webrtcSecret: string;
  /** What a desk phone registers with. */
  readonly deskSecret: string;
}

/** Secrets that are not given are made at random. */
export type NewAgent = Pick<AgentRecord, "id" | "name" | "competence"> & Partial<AgentRecord>;

/** A session as it is kept: found by the SHA-256 of its token, so that the store never holds what opens a door. */
export interface Session {
  /** Hex. */
  readonly tokenHash: string;
  readonly account: Account;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** What the front asks at every log-in and request. All functions: STORE_FAILED, STORE_FULL. */
export interface Accounts {
  /** The account when user and password are right. Takes equally long when there is no such user. */
  checkPassword(user: string, password: string): Promise<Account | undefined>;
  /** Sessions that are past are cleared away at the same time. Errors: NOT_FOUND without such a user. */
  addSession(session: { readonly tokenHash: string; readonly user: string; readonly expiresAt: number }): Promise<void>;
  /** The session with its account as it is now; undefined when it has ended, is past `now`, or its account is gone. */
  findSession(tokenHash: string, now: number): Promise<Session | undefined>;
  endSession(tokenHash: string): Promise<void>;
}

/** The agents and what they bring. All functions: STORE_FAILED, STORE_FULL. */
export interface Directory {
  /** In order of id. */
  listAgents(): Promise<readonly AgentRecord[]>;
  /** Errors: NOT_FOUND without such an agent; REQUEST_INVALID when it is no competence. */
  setCompetence(agent: string, competence: Competence): Promise<void>;
  /** Leaves the rest as it is, whoever changes that meanwhile. Errors: as `setCompetence`. */
  setLanguages(agent: string, languages: Competence["languages"]): Promise<void>;
}

/** The whole store: also what sets people and agents up. */
export interface AccountStore extends Accounts, Directory {
  /** Errors: REQUEST_INVALID when the id is taken or cannot stand in Asterisk's configuration, or the competence is none. */
  createAgent(agent: NewAgent): Promise<AgentRecord>;
  /** Errors: REQUEST_INVALID when the name is taken, empty or without password; AGENT_UNKNOWN. */
  createUser(account: NewAccount): Promise<Account>;
  findUser(user: string): Promise<Account | undefined>;
  /** Whose PIN this is: what opens the telephone's way to announcements. Takes some hundredths of a second for each PIN there is. */
  checkPin(digits: string): Promise<Account | undefined>;
  close(): Promise<void>;
}
