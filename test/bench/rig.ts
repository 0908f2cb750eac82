import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { LinkClient } from "../../src/engine/link-client.ts";
import { buildPages } from "../../src/launch/pages.ts";
import { type System as Kontaktlots, soundsDir, soundTools, startSystem } from "../../src/launch/system.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { readSettings } from "../../src/settings/settings.ts";
import { openAccounts } from "../../src/store/accounts.ts";
import { type InstanceOptions, provision } from "../../src/telephony/asterisk/index.ts";
import { expectFreePorts } from "../../src/telephony/asterisk/ports.ts";
import { espeak, preparePrompts } from "../../src/telephony/prompts/index.ts";
import { generalist } from "../support/competence.ts";
import { takePorts } from "../support/ports.ts";
import type { Place } from "../support/sip/pcap.ts";
import { type Sipp, type SippOptions, type SippResult, startSipp } from "../support/sip/sipp.ts";
import { queueDialplan, queueModules, queuesConf } from "./app-queue.ts";
import { say } from "./figures.ts";
import { writePlan } from "./plan.ts";
import { Probe, probeEnvironment } from "./probe-client.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface RigOptions {
  readonly agents: number;
  readonly groups: number;
  /**
   * Asterisk runs its own queue beside. It then works for every call, also for one that never comes near a queue: each change of a phone's
   * state is told to each queue. So the queue is there only where it is measured.
   */
  readonly withQueue?: boolean;
  /** app_queue's queues each agent is in, from 0, the first with penalty 0, the next with 1 …; without it all are in all, with none. */
  readonly needsOf?: readonly (readonly number[])[];
  /** Changes the plan in this folder before anything reads it; all its sounds are then made before the start. */
  readonly changePlan?: (folder: string) => Promise<void>;
  /** Serves the pages, too. */
  readonly withFront?: boolean;
}

/** One Asterisk, Kontaktlots's engine and, where wanted, Asterisk's own queue on it, and SIPp's agents and callers around. */
export interface Rig {
  readonly dir: string;
  readonly groups: number;
  readonly system: Kontaktlots;
  readonly sipPort: number;
  /** Where the pages are. */
  readonly origin: string;
  readonly asteriskPid: number;
  readonly link: LinkClient;
  /** Where all agents' phones are: one SIPp. */
  readonly agents: Place;
  readonly callers: Place;
  readonly callersSoundPort: number;
  /** What the engine's process tells of itself. */
  readonly probe: Probe;
  /** Resolves when the engine serves and knows that every agent's phone is there: who is not reachable cannot be made available. */
  ready(): Promise<void>;
  /** Puts the agents at their desks; each call is talked for so long (ms), without a length until the caller hangs up. */
  seatAgents(talkMs?: number): Promise<void>;
  /** Takes them away, and tells how their calls went. */
  unseatAgents(): Promise<SippResult | undefined>;
  /** Starts callers from the trunk's address. */
  call(options: Pick<SippOptions, "scenario" | "calls" | "rate" | "limit" | "pauseMs" | "dials" | "limitMs">): Promise<Sipp>;
  /** Channels in Asterisk at this moment, and bridges with somebody in them: empty ones wait for the next call. */
  left(): Promise<{ readonly channels: number; readonly bridges: number }>;
  /** Ends all it started, and clears away. */
  close(): Promise<void>;
}

export async function openRig(options: RigOptions): Promise<Rig> {
  const { agents: agentCount, groups, withQueue = false, needsOf } = options;
  const dir = await mkdtemp("/tmp/kl-bench-");
  await chmod(dir, 0o755); // Asterisk runs as another user
  const closers: (() => unknown)[] = [() => rm(dir, { recursive: true, force: true })];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (const end of closers.reverse()) await end();
    process.off("SIGINT", cutOff).off("SIGTERM", cutOff);
  };
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  const cutOff = (): void => {
    void close().finally(() => process.exit(1));
  };
  process.once("SIGINT", cutOff).once("SIGTERM", cutOff);
  try {
    const ports = await freePorts(closers);
    const [agentPort = 0, callerPort = 0, agentSound = 0, , callerSound = 0] = ports.spare;
    const agents = { address: "127.0.0.1", port: agentPort };
    const callers = { address: "127.0.0.2", port: callerPort };
    const stateDir = join(dir, "state");
    await mkdir(stateDir);
    await writePlan(join(dir, "plan"), groups);
    const settings = readSettings(settingsOf(ports, stateDir, join(dir, "plan")), dir);
    const launch = await provision(say, ["--with-sipp"]);
    if (options.withFront) await buildPages(root, say);
    if (options.changePlan) {
      await options.changePlan(settings.planDir);
      const { espeakNg, sox } = soundTools(launch);
      const { planDir, cacheDir } = settings;
      await preparePrompts(await loadPlan(planDir), planDir, soundsDir(settings), espeak(espeakNg), { sox, cacheDir });
    }
    const ids = Array.from({ length: agentCount }, (_, n) => String(n + 1).padStart(4, "0"));
    const groupIds = Array.from({ length: groups }, (_, n) => `g${n + 1}`);
    const queues = groupIds.map((_, group) =>
      ids
        .map((id, n) => ({ id, penalty: needsOf ? (needsOf[n]?.indexOf(group) ?? -1) : 0 }))
        .filter(({ penalty }) => penalty >= 0),
    );
    const accounts = await openAccounts({ file: join(stateDir, stateFiles.accounts) });
    for (const id of ids) await accounts.createAgent({ id, name: id, competence: generalist(groupIds) });
    const records = await accounts.listAgents();
    await accounts.close();

    Object.assign(process.env, probeEnvironment(dir)); // the engine inherits it
    const system = await startSystem({
      settings,
      plan: await loadPlan(join(dir, "plan")),
      launch,
      agents: records,
      withoutFront: !options.withFront,
      instance: {
        agents: ids.map((id) => ({ id, staticContact: `sip:d-${id}@127.0.0.1:${agentPort}` })),
        ...(withQueue ? { extra: await queueExtra() } : {}),
      },
    });
    closers.push(() => system.stop());
    const asteriskPid = system.asterisk?.pid ?? 0;
    const link = new LinkClient({
      path: join(stateDir, stateFiles.engineSocket),
      log: pino({ level: "silent" }),
      replyMs: 10_000,
    });
    closers.push(() => link.close());
    const ready = async (): Promise<void> => {
      const reachable = (): number => [...link.agents.values()].filter((view) => view.reachable).length;
      while (!link.up || reachable() < agentCount) await Promise.race([once(link, "message"), once(link, "up")]);
    };
    async function queueExtra(): Promise<NonNullable<InstanceOptions["extra"]>> {
      return {
        modules: queueModules,
        files: { "queues.conf": queuesConf(queues), "stasis.conf": await stasisConf() },
        dialplan: queueDialplan(groups, join(stateDir, "asterisk", "sounds", "bench")),
      };
    }
    const probe = new Probe(dir);
    let phones: Sipp | undefined;
    closers.push(() => phones?.stop());
    return {
      ...{ dir, groups, system, sipPort: ports.sip, asteriskPid, link, agents, callers, probe, ready, close },
      callersSoundPort: callerSound,
      origin: `http://127.0.0.1:${settings.http.port}`,
      async seatAgents(talkMs) {
        const scenario = talkMs === undefined ? "agent-stays" : "agent";
        phones = await startSipp({
          ...{ scenario, local: agents, mediaPort: agentSound, folder: dir },
          ...(talkMs === undefined ? {} : { pauseMs: talkMs }),
        });
      },
      async unseatAgents() {
        // Its counts are complete only when it ends by itself; a call that hangs must not keep it for ever.
        const result = await (phones && Promise.race([phones.finish(), delay(5000).then(phones.stop)]));
        phones = undefined;
        if (result && result.failed > 0) say(result.complaints);
        return result;
      },
      async call(given) {
        const remote = { address: "127.0.0.1", port: ports.sip };
        const sipp = await startSipp({ ...given, local: callers, mediaPort: callerSound, remote, folder: dir });
        closers.push(() => sipp.stop());
        return sipp;
      },
      async left() {
        const [channels, bridges] = await Promise.all([listed(system, "channels"), listed(system, "bridges")]);
        return { channels: channels.length, bridges: bridges.filter((bridge) => bridge.channels?.length !== 0).length };
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a rig, does `what` on it, and closes it whatever comes. */
export async function onRig<T>(options: RigOptions, what: (rig: Rig) => Promise<T>): Promise<T> {
  const rig = await openRig(options);
  try {
    return await what(rig);
  } finally {
    await rig.close();
  }
}

/** A block of ports on which nothing is left from a bench or test that was cut off. */
async function freePorts(closers: (() => unknown)[]): Promise<Awaited<ReturnType<typeof takePorts>>> {
  for (;;) {
    const ports = await takePorts();
    closers.push(ports.release);
    const needed = { name: "SIP", kind: "udp", address: "127.0.0.1", port: ports.sip } as const;
    const taken = await expectFreePorts([needed]).catch(() => true);
    if (!taken) return ports;
  }
}

function settingsOf(ports: Awaited<ReturnType<typeof takePorts>>, stateDir: string, planDir: string): Record<string, string> {
  return {
    PORT: String(ports.spare.at(-1)),
    SIP_PORT: String(ports.sip),
    ASTERISK_HTTP_PORT: String(ports.http),
    AMI_PORT: String(ports.ami),
    // Above the blocks of the tests: hundreds of calls take more than a block has.
    RTP_START: "34000",
    RTP_END: "59999",
    RTP_TIMEOUT_S: "0", // SIPp sends no sound but its keys
    STATE_DIR: stateDir,
    PLAN: planDir,
    LOG_LEVEL: "info",
  };
}

async function listed(system: Kontaktlots, what: "channels" | "bridges"): Promise<{ readonly channels?: readonly string[] }[]> {
  const { url, username, password } = system.runtime.ari;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const answer = await fetch(`${url}/${what}`, { headers: { authorization } });
  return (await answer.json()) as { channels?: string[] }[];
}

/** Our stasis.conf without the line that would keep device states from app_queue, which needs them to know who is busy. */
async function stasisConf(): Promise<string> {
  const template = await readFile(fileURLToPath(new URL("../../asterisk-config/etc/stasis.conf", import.meta.url)), "utf8");
  return template.replace(/^decline = ast_device_state_message_type$/m, "");
}
