import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import type { Test } from "tap";
import type { Fact, FactType } from "../../src/core/facts.ts";
import type { Competence } from "../../src/core/routing/types.ts";
import { LinkClient } from "../../src/engine/link-client.ts";
import type { EngineCommand } from "../../src/engine/link-protocol.ts";
import type { AgentView, CaptionView } from "../../src/engine/views.ts";
import { buildPages } from "../../src/launch/pages.ts";
import { type System, type SystemOptions, soundsDir, soundTools, startSystem } from "../../src/launch/system.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { readSettings } from "../../src/settings/settings.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import type { LogReader } from "../../src/store/event-log.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { espeak, preparePrompts } from "../../src/telephony/prompts/index.ts";
import { testLaunch } from "./asterisk.ts";
import { generalist } from "./competence.ts";
import { patienceMs } from "./patience.ts";
import { type PortBlock, portSettings, takePorts } from "./ports.ts";
import { Journal } from "./sip/journal.ts";

export interface TestSystemOptions {
  /** Agent ids, and what they bring; groups alone stand for someone who answers them well. */
  readonly agents: Readonly<Record<string, readonly string[] | Competence>>;
  /** Folder of the plan; default the calls' fixture plan. */
  readonly planDir?: string;
  /** Environment settings on top: `{ RTP_TIMEOUT_S: "2" }`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly instance?: SystemOptions["instance"];
  readonly withFront?: boolean;
  /** The program that speaks in place of this one. */
  readonly voice?: (espeakNg: string) => Promise<string>;
  /** Writes the log that the system finds at its start. */
  readonly writeLog?: (file: string) => Promise<void>;
}

/** The whole of Kontaktlots as `npm start` runs it, on ports and in a folder of its own. */
export interface TestSystem {
  readonly system: System;
  readonly ports: PortBlock;
  readonly stateDir: string;
  /** Where test phones call. */
  readonly server: { readonly address: string; readonly port: number };
  readonly link: LinkClient;
  readonly secrets: ReadonlyMap<string, { readonly desk: string; readonly webrtc: string }>;
  command(command: EngineCommand): Promise<void>;
  /** Waits until what the engine tells of the agent fits; answers at once when it already does. */
  agent(id: string, fits: (view: AgentView) => boolean): Promise<AgentView>;
  caption(fits: (caption: CaptionView) => boolean): Promise<CaptionView>;
  /** Waits until so many facts of this type are in the log on disk. */
  facts<T extends FactType>(type: T, atLeast?: number): Promise<Extract<Fact, { type: T }>[]>;
  /** Every fact on disk, in order. */
  allFacts(): Promise<Fact[]>;
  /** One ARI request, answered as JSON. */
  ari(method: "GET" | "POST" | "DELETE", path: string): Promise<unknown>;
  /** Resolves when Asterisk has no channel, and no bridge but empty ones that wait for the next call. */
  empty(): Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const fixturePlan = join(root, "test/fixtures/plans/calls");

/** Starts a system for one test and ends it with it; the test fails when a channel, bridge or process is left. */
export async function testSystem(t: Test, options: TestSystemOptions): Promise<TestSystem> {
  if (options.withFront) await buildPages(root, (line) => t.comment(line));
  const ports = await takePorts();
  const base = await mkdtemp(join(tmpdir().length < 40 ? tmpdir() : "/tmp", "kl-"));
  await chmod(base, 0o755);
  const stateDir = join(base, "state");
  await mkdir(stateDir);
  const stops: (() => unknown)[] = [() => rm(base, { recursive: true, force: true }), () => ports.release()];
  t.teardown(async () => {
    // All of them, whatever one of them finds.
    const failures: unknown[] = [];
    for (const stop of stops.reverse())
      await Promise.resolve()
        .then(stop)
        .catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  });
  const settings = readSettings(
    {
      ...portSettings(ports),
      STATE_DIR: stateDir,
      PLAN: options.planDir ?? fixturePlan,
      LOG_LEVEL: "debug",
      STAND_BY: "false",
      ...options.env,
    },
    base,
  );
  const accounts = await openAccounts({ file: join(stateDir, stateFiles.accounts) });
  for (const [id, brings] of Object.entries(options.agents)) {
    await accounts.createAgent({ id, name: id, competence: "skills" in brings ? brings : generalist(brings) });
  }
  const agents = await accounts.listAgents();
  await accounts.close();
  await options.writeLog?.(join(stateDir, stateFiles.log));
  const found = await testLaunch();
  const launch = options.voice ? { ...found, espeakNg: await options.voice(found.espeakNg) } : found;
  // All languages now: what is heard must not hang on how far the making beside the engine has come.
  const tools = soundTools(launch);
  const { planDir, cacheDir } = settings;
  const plan = await loadPlan(planDir);
  await preparePrompts(plan, planDir, soundsDir(settings), espeak(tools.espeakNg), {
    sox: tools.sox,
    cacheDir,
  });
  const system = await startSystem({
    settings,
    plan,
    launch,
    agents,
    citizenSecret: "test-citizen-secret",
    withoutFront: !options.withFront,
    ...(options.instance ? { instance: options.instance } : {}),
  });
  stops.push(() => system.stop());
  const link = new LinkClient({
    path: join(stateDir, stateFiles.engineSocket),
    log: pino({ level: "silent" }),
    replyMs: patienceMs,
  });
  stops.push(() => link.close());
  const reader = openSqliteReader({ file: join(stateDir, stateFiles.log) });
  stops.push(() => reader.close());

  const views = new Journal<AgentView>("agents", (view) => `${view.id} ${view.state}`);
  const captions = new Journal<CaptionView>("captions", (caption) => `${caption.stage} ${caption.text?.sv}`);
  link.on("message", (message) => {
    if (message.type === "agent") views.add(message.agent);
    else if (message.type === "caption") captions.add(message.caption);
  });
  if (!link.up) await new Promise<void>((resolve) => link.once("up", () => resolve()));

  const ari = (method: "GET" | "POST" | "DELETE", path: string): Promise<unknown> => askAri(system, method, path);
  const test: TestSystem = {
    system,
    ports,
    stateDir,
    server: { address: "127.0.0.1", port: ports.sip },
    link,
    secrets: new Map(agents.map(({ id, deskSecret, webrtcSecret }) => [id, { desk: deskSecret, webrtc: webrtcSecret }])),
    command: (command) => link.send(command),
    agent: async (id, fits) => {
      const now = link.agents.get(id);
      return now && fits(now) ? now : await views.when(`agent ${id}`, (view) => view.id === id && fits(view), views.all.length);
    },
    caption: (fits) => captions.when("a caption", fits),
    facts: (type, atLeast = 1) => factsOf(reader, type, atLeast),
    allFacts: () => readFacts(reader),
    ari,
    empty: () => untilEmpty(ari),
  };
  // Runs before what was pushed above: nothing may be left while all still runs.
  stops.push(async () => {
    if (await isGone(system)) return;
    await test.empty();
  });
  return test;
}

async function isGone({ asterisk }: System): Promise<boolean> {
  return (
    asterisk === undefined ||
    (await asterisk.command("core show uptime").then(
      () => false,
      () => true,
    ))
  );
}

async function askAri(system: System, method: string, path: string): Promise<unknown> {
  const { url, username, password } = system.runtime.ari;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const reply = await fetch(`${url}/${path}`, { method, headers: { authorization } });
  const body = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${body}`);
  return body === "" ? undefined : (JSON.parse(body) as unknown);
}

const lookEveryMs = 20;

async function untilEmpty(ari: TestSystem["ari"]): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const channels = (await ari("GET", "channels")) as unknown[];
    const bridges = (await ari("GET", "bridges")) as { id: string; channels: unknown[] }[];
    const left = [...channels, ...bridges.filter(({ id, channels }) => channels.length > 0 || !/^kl-b(-|ed$)/.test(id))];
    if (left.length === 0) return;
    if (performance.now() > until) throw new Error(`Left in Asterisk: ${JSON.stringify(left)}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

async function readFacts(reader: LogReader, types?: readonly FactType[]): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const page of reader.read({ sort: "fact", ...(types ? { types } : {}) })) {
    for (const entry of page) facts.push(JSON.parse(entry.json) as Fact);
  }
  return facts;
}

async function factsOf<T extends FactType>(reader: LogReader, type: T, atLeast: number): Promise<Extract<Fact, { type: T }>[]> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const facts = (await readFacts(reader, [type])) as Extract<Fact, { type: T }>[];
    if (facts.length >= atLeast) return facts;
    if (performance.now() > until)
      throw new Error(`${facts.length} facts ${type} in the log, wanted ${atLeast}: ${JSON.stringify(facts)}`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
