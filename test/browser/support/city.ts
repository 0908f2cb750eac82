import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FrontDeps } from "../../../src/api/deps.ts";
import { createFront } from "../../../src/api/front.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { createLinkServer, type LinkServer } from "../../../src/engine/link.ts";
import { LinkClient } from "../../../src/engine/link-client.ts";
import type { EngineCommand } from "../../../src/engine/link-protocol.ts";
import type { AgentCallView, AgentView, BoardView, CaptionView, LineView } from "../../../src/engine/views.ts";
import { loadPlan } from "../../../src/plans/load.ts";
import { agentView, FakeAccounts, FakeDirectory, people, line as servingLine, silent } from "../../api/support.ts";
import { toneWav } from "../../calls/people.ts";
import { type Exchange, openExchange } from "./exchange.ts";
import { madeUpFigures } from "./figures.ts";
import { type Line, openLine } from "./line.ts";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * A city for page tests: the real front with the real pages, an engine that says what the test wants, and an exchange that
 * only passes calls on. States that are hard to bring about with a whole system are one line here.
 */
export interface City {
  readonly url: string;
  readonly plan: Plan;
  readonly exchange: Exchange;
  /** The network between pages and front. */
  readonly line: Line;
  /** What the agents asked of the engine, in order. */
  readonly commands: EngineCommand[];
  /** Changes what the engine says of anna, and tells it. */
  anna(change: Partial<AgentView>): void;
  board(change: Partial<BoardView>): void;
  tellLine(change: Partial<LineView>): void;
  caption(caption: CaptionView): void;
  close(): Promise<void>;
}

/** Anna's user and password; Lena is the lead. */
export const anna = { user: "anna", password: "anna's password" };
export const lena = { user: "lena", password: "lena's password" };

/** A call as anna's desk is told of it. */
export function callFor(change: Partial<AgentCallView> = {}): AgentCallView {
  return {
    call: "c-1",
    phase: "ringing",
    from: "+46701740605",
    number: "+46846500400",
    path: [
      { sv: "Stadens nummer", en: "The city's number" },
      { sv: "Bygga, bo och företag", en: "Building, housing and business" },
      { sv: "Bygglov", en: "Building permits" },
    ],
    language: "sv",
    group: "bygglov",
    groupName: { sv: "Bygglov", en: "Building permits" },
    waitedMs: 40_000,
    since: Date.now(),
    ...change,
  };
}

export async function openCity(more: Partial<FrontDeps> = {}): Promise<City> {
  const plan = await loadPlan(join(root, "dialplans/stockholm"));
  const exchange = await openExchange();
  // Not a deep folder: a unix socket's path has at most 107 bytes.
  const dir = mkdtempSync(join(tmpdir(), "kl-web-"));
  const path = join(dir, "link");
  const commands: EngineCommand[] = [];
  let agent = agentView("agent-anna", { state: "offline", since: Date.now(), groups: Object.keys(plan.groups) });
  let board: BoardView = boardOf(plan);
  let line = servingLine;
  let server: LinkServer | undefined;

  const setAnna = (change: Partial<AgentView>): void => {
    agent = { ...agent, ...(change.state !== undefined && change.state !== agent.state ? { since: Date.now() } : {}), ...change };
    server?.push({ type: "agent", agent });
  };
  /** As the core does it, in so far as pages see it. */
  const onCommand = async (command: EngineCommand): Promise<void> => {
    commands.push(command);
    const { call: _, wrapUp, reason: __, ...rest } = agent;
    if (command.type === "outcome" && wrapUp !== undefined) setAnna({ wrapUp: { ...wrapUp, outcome: command.outcome } });
    if (command.type !== "available" && command.type !== "pause" && command.type !== "sign-out" && command.type !== "done")
      return;
    const busy = agent.state === "talking" || agent.state === "ringing";
    if (busy && command.type === "pause") return setAnna({ next: command.reason });
    agent = rest;
    if (command.type === "pause") setAnna({ state: "paused", reason: command.reason });
    else setAnna({ state: command.type === "sign-out" ? "offline" : "available" });
  };
  server = await createLinkServer({
    path,
    log: silent,
    onCommand,
    fullState: () => [
      { type: "line", line },
      { type: "board", board },
      { type: "agent", agent },
    ],
  });

  const link = new LinkClient({ path, log: silent, retryMs: 5 });
  const app = await createFront({
    log: silent,
    link,
    accounts: new FakeAccounts(),
    agents: new FakeDirectory(Object.keys(plan.groups)),
    plan,
    figures: madeUpFigures("aldre", "bygglov"),
    announcements: { preview: async () => toneWav(440, 300), keep: async () => randomUUID() },
    phones: { agent: async () => "secret", citizen: async () => "secret" },
    demo: { logins: async () => Object.values(people).map(({ agent: __, ...person }) => person) },
    asteriskUrl: `http://127.0.0.1:${exchange.port}`,
    sipDomain: "kontaktlots",
    trustedProxies: [],
    webDir: join(root, "src/web/dist"),
    ...more,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const network = await openLine((app.server.address() as AddressInfo).port);
  return {
    url: `http://127.0.0.1:${network.port}`,
    plan,
    exchange,
    line: network,
    commands,
    anna: (change) => {
      // What is not named any more goes: a call, a wrap-up or a reason belongs to one state only.
      const { call: _, wrapUp: __, reason: ___, next: ____, ...rest } = agent;
      agent = change.state === undefined ? agent : rest;
      setAnna(change);
    },
    board: (change) => {
      board = { ...board, at: Date.now(), ...change };
      server?.push({ type: "board", board });
    },
    tellLine: (change) => {
      line = { ...line, ...change };
      server?.push({ type: "line", line });
    },
    caption: (caption) => server?.push({ type: "caption", caption }),
    close: async () => {
      await network.close();
      await app.close();
      link.close();
      await server?.close();
      await exchange.close();
      rmSync(dir, { recursive: true });
    },
  };
}

/** A day at the office: someone waits in two of the groups. */
function boardOf(plan: Plan): BoardView {
  const at = Date.now();
  const groups = Object.values(plan.groups).map(({ id, name }, index) => ({
    id,
    name,
    waiting: index === 1 ? 4 : index === 5 ? 3 : 0,
    longestSince: index === 1 ? at - 92_000 : index === 5 ? at - 31_000 : null,
    free: index % 3,
    talking: index % 4,
    signedIn: 3 + (index % 4),
  }));
  const longest = [waiting(at)];
  const announcements: BoardView["announcements"] = [];
  return {
    at,
    inMenu: 2,
    waiting: 7,
    longestSince: at - 92_000,
    free: 5,
    talking: 12,
    groups,
    longest,
    announcements,
    problems: [],
  };
}

/** What the longest waiting caller waits for, as the engine words it. */
function waiting(at: number): BoardView["longest"][number] {
  return {
    call: "1",
    group: { sv: "Äldreomsorg", en: "Elder care" },
    urgent: true,
    since: at - 92_000,
    why: {
      sv: "väntar: ingen ledig som talar somaliska; 1 i samtal; beräknat 3–6 min",
      en: "waiting: nobody free who speaks Somali; 1 talking; expected 3–6 min",
    },
  };
}
