import { on, once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Logger, pino } from "pino";
import type { Test } from "tap";
import { WebSocket } from "ws";
import type { App } from "../../src/api/app.ts";
import type { LiveMessage } from "../../src/api/contract.ts";
import type { FrontDeps } from "../../src/api/deps.ts";
import { createFront } from "../../src/api/front.ts";
import { KontaktlotsError } from "../../src/core/errors.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { Competence } from "../../src/core/routing/types.ts";
import { createLinkServer, type LinkServer } from "../../src/engine/link.ts";
import { LinkClient } from "../../src/engine/link-client.ts";
import type { EngineCommand, FromEngine } from "../../src/engine/link-protocol.ts";
import type { AgentView, BoardView, LineView } from "../../src/engine/views.ts";
import type { Account, Accounts, AgentRecord, Directory } from "../../src/store/accounts.ts";
import { generalist, plainRouting } from "../support/competence.ts";
import { noMatters } from "../support/matters.ts";

export const silent: Logger = pino({ level: "silent" });
export const line: LineView = { engine: "serving", asterisk: "connected", store: "ok", problems: [] };
export const board: BoardView = {
  at: 1,
  inMenu: 0,
  waiting: 2,
  longestSince: 1,
  free: 1,
  talking: 0,
  groups: [],
  longest: [],
  callbacks: [],
  announcements: [],
  problems: [],
};

export function agentView(id: string, more: Partial<AgentView> = {}): AgentView {
  return { id, name: id, groups: [], state: "available", since: 1, reachable: true, missedInRow: 0, ...more };
}

const name = { sv: "Kommunen", en: "The city" };

/** As little of a plan as the front looks at. */
export const plan: Plan = {
  id: "test",
  city: "Provstad",
  timezone: "Europe/Stockholm",
  languages: ["sv"],
  spoken: ["sv"],
  agentLanguages: ["sv", "en", "fi", "ar", "so", "fa", "es", "pl", "tr", "ku"],
  numbers: [
    {
      number: "+46850800001",
      aliases: [],
      name,
      greeting: "hello",
      start: { to: "group", group: "elder" },
      language: "sv",
    },
  ],
  nodes: {},
  groups: {
    elder: {
      id: "elder",
      name: { sv: "Äldre", en: "Elder care" },
      board: "b",
      ringMs: 1,
      wrapUpMs: 0,
      answerTargetMs: 60_000,
      shortAbandonMs: 5000,
      fcrTargetPercent: 70,
      placeEveryMs: 0,
      ...plainRouting,
    },
  },
  prompts: {},
  districts: ["Bromma", "Farsta"],
  hours: {},
  calendar: { timezone: "Europe/Stockholm", holidays: {} },
  lastResort: "elder",
};

export const people: Record<string, Account & { password: string }> = {
  anna: { user: "anna", name: "Anna A", roles: ["agent"], agent: "agent-anna", password: "anna's password" },
  bo: { user: "bo", name: "Bo B", roles: ["agent"], agent: "agent-bo", password: "bo's password" },
  lena: { user: "lena", name: "Lena L", roles: ["lead"], password: "lena's password" },
};

/** Accounts in memory. `sessions` is open to tests. */
export class FakeAccounts implements Accounts {
  readonly sessions = new Map<string, { user: string; expiresAt: number }>();

  async checkPassword(user: string, password: string): Promise<Account | undefined> {
    const person = people[user];
    if (person === undefined || person.password !== password) return undefined;
    const { password: _, ...account } = person;
    return account;
  }

  async addSession({ tokenHash, user, expiresAt }: { tokenHash: string; user: string; expiresAt: number }): Promise<void> {
    this.sessions.set(tokenHash, { user, expiresAt });
  }

  async findSession(tokenHash: string, now: number) {
    const kept = this.sessions.get(tokenHash);
    const account = people[kept?.user ?? ""];
    if (kept === undefined || account === undefined || kept.expiresAt <= now) return undefined;
    return { tokenHash, account, expiresAt: kept.expiresAt };
  }

  async endSession(tokenHash: string): Promise<void> {
    this.sessions.delete(tokenHash);
  }
}

/** The agents in memory. */
export class FakeDirectory implements Directory {
  readonly agents = new Map<string, AgentRecord>();

  constructor(groups: readonly string[]) {
    for (const { agent: id, name } of Object.values(people)) {
      if (id !== undefined) this.agents.set(id, { id, name, competence: generalist(groups), webrtcSecret: "w", deskSecret: "d" });
    }
  }

  async listAgents(): Promise<readonly AgentRecord[]> {
    return [...this.agents.values()];
  }

  async setCompetence(id: string, competence: Competence): Promise<void> {
    const agent = this.agents.get(id);
    if (agent === undefined) throw new KontaktlotsError("NOT_FOUND", `There is no agent ${id}.`, "Look at the list.");
    this.agents.set(id, { ...agent, competence });
  }

  async setLanguages(id: string, languages: Competence["languages"]): Promise<void> {
    const agent = this.agents.get(id);
    if (agent !== undefined) await this.setCompetence(id, { ...agent.competence, languages });
  }
}

export interface FakeEngine {
  readonly commands: EngineCommand[];
  readonly push: LinkServer["push"];
  /** Goes away, as a killed engine does. */
  stop(): Promise<void>;
  /** Comes back. */
  start(): Promise<void>;
}

export interface Bench {
  readonly app: App;
  readonly accounts: FakeAccounts;
  readonly agents: FakeDirectory;
  readonly engine: FakeEngine;
  readonly link: LinkClient;
  /** ms since the epoch as the front sees them; tests may move it. */
  readonly clock: { now: number };
  /** Starts listening; "127.0.0.1:PORT". */
  listen(): Promise<string>;
  /** Signs in by injection; the cookie header's value. */
  signIn(user: string): Promise<string>;
}

/** A front with a fake engine on a real link. `refuse`: what the engine answers to a command; undefined: that it is done. */
export async function bench(t: Test, more: Partial<FrontDeps> = {}, refuse?: () => Error | undefined): Promise<Bench> {
  // Not tap's own folder: a unix socket's path has at most 107 bytes.
  const dir = mkdtempSync(join(tmpdir(), "kl-api-"));
  t.teardown(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, "web/assets"), { recursive: true });
  writeFileSync(join(dir, "web/index.html"), "<!doctype html><title>Kontaktlots</title>");
  writeFileSync(join(dir, "web/assets/main-1a2b3c4d.js"), "export {};");

  const commands: EngineCommand[] = [];
  const path = join(dir, "link");
  const fullState = (): FromEngine[] => [
    { type: "line", line },
    { type: "board", board },
    { type: "agent", agent: agentView("agent-anna") },
    { type: "agent", agent: agentView("agent-bo") },
  ];
  let server: LinkServer | undefined;
  async function start(): Promise<void> {
    const onCommand = async (command: EngineCommand): Promise<void> => {
      commands.push(command);
      const refusal = refuse?.();
      if (refusal) throw refusal;
    };
    server = await createLinkServer({ path, log: silent, onCommand, fullState });
  }
  await start();
  t.teardown(() => server?.close());
  const link = new LinkClient({ path, log: silent, retryMs: 5 });
  t.teardown(() => link.close());
  while (link.agents.size < 2) await once(link, "message");

  const accounts = new FakeAccounts();
  const clock = { now: Date.UTC(2026, 10, 23, 9) };
  const agents = new FakeDirectory(Object.keys(plan.groups));
  const app = await createFront({
    log: silent,
    link,
    accounts,
    agents,
    plan,
    figures: {
      statistics: async () => {
        throw new Error("no figures here");
      },
      today: async () => [],
    },
    announcements: { preview: async (text) => Buffer.from(`RIFF ${text}`), keep: async () => "a-recording" },
    phones: {
      agent: async (id) => (id === "agent-anna" ? "anna-secret" : undefined),
      citizen: async () => "citizen-secret",
    },
    demo: { logins: async () => [{ user: "anna", password: "anna's password", name: "Anna A", roles: ["agent"] }] },
    asteriskUrl: "http://127.0.0.1:9",
    sipDomain: "sip.test",
    trustedProxies: [],
    webDir: join(dir, "web"),
    now: () => clock.now,
    ...noMatters,
    ...more,
  });
  t.teardown(() => app.close());
  return {
    app,
    accounts,
    agents,
    engine: { commands, push: (message) => server?.push(message), stop: async () => server?.close(), start },
    link,
    clock,
    async listen() {
      await app.listen({ host: "127.0.0.1", port: 0 });
      return hostOf(app.server.address());
    },
    async signIn(user) {
      const { password } = people[user] ?? { password: "" };
      const reply = await app.inject({ method: "POST", url: "/api/session", headers: own, payload: { user, password } });
      const [cookie] = reply.cookies;
      if (cookie === undefined) throw new Error(`${user} was not signed in: ${reply.body}`);
      return `${cookie.name}=${cookie.value}`;
    },
  };
}

/** Headers of a request from a page of our own, by injection. */
export const own = { host: "localhost", origin: "http://localhost" };

export function hostOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return `127.0.0.1:${address.port}`;
}

/** A page at /live: what it was told, and how it was let go. */
export class Page {
  readonly socket: WebSocket;
  readonly told: LiveMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #waiting: (() => void)[] = [];

  constructor(t: Test, host: string, query = "", headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://${host}/live${query}`, { headers: { origin: `http://${host}`, ...headers } });
    t.teardown(() => this.socket.terminate());
    this.socket.on("error", () => {}); // "close" follows
    this.socket.on("message", (data) => {
      this.told.push(JSON.parse(String(data)));
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on("close", (code, reason) => {
        resolve({ code, reason: String(reason) });
        this.#wake();
      });
    });
  }

  /** The first message, told or to come, that `test` says yes to. */
  async until(test: (message: LiveMessage) => boolean): Promise<LiveMessage> {
    for (;;) {
      const found = this.told.find(test);
      if (found !== undefined) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed after ${JSON.stringify(this.told)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  untilType(type: LiveMessage["type"]): Promise<LiveMessage> {
    return this.until((message) => message.type === type);
  }

  types(): string[] {
    return this.told.map((message) => message.type);
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

/** A WebSocket request by hand, on a plain connection: to misbehave with. `early`: sent along, not waiting for the answer. `head`: the answer up to and without the empty line. */
export async function rawUpgrade(
  t: Test,
  host: string,
  path: string,
  headers: Record<string, string> = {},
  early = "",
): Promise<{ socket: Socket; head: string; rest: Buffer }> {
  const [hostname, port] = host.split(":");
  const socket = createConnection({ host: hostname ?? "", port: Number(port) });
  t.teardown(() => socket.destroy());
  socket.on("error", () => {}); // being cut off is part of what is tested
  const all: Record<string, string> = {
    host,
    connection: "Upgrade",
    upgrade: "websocket",
    origin: `http://${host}`,
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).filter(([, value]) => value !== "");
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.map(([key, value]) => `${key}: ${value}\r\n`).join("")}\r\n${early}`);
  let got = Buffer.alloc(0);
  for await (const chunk of on(socket, "data", { close: ["close"] })) {
    got = Buffer.concat([got, ...chunk]);
    const end = got.indexOf("\r\n\r\n");
    if (end >= 0) return { socket, head: got.subarray(0, end).toString(), rest: got.subarray(end + 4) };
  }
  throw new Error(`no answer to ${path}, but ${got}`);
}
