import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KontaktlotsError } from "../core/errors.ts";
import { type Runtime, stateFiles } from "../settings/runtime.ts";
import type { Settings } from "../settings/settings.ts";
import type { AgentRecord } from "../store/accounts.ts";
import {
  type AgentPhones,
  type Instance,
  type InstanceOptions,
  prepareInstance,
  type RunningAsterisk,
  startAsterisk,
} from "../telephony/asterisk/index.ts";
import type { AsteriskLaunch } from "../telephony/asterisk/options.ts";
import { Keeper } from "./keeper.ts";
import { rescueAfter } from "./rescue.ts";

export interface SystemOptions {
  readonly settings: Settings;
  /** Undefined when another Asterisk is used, by settings. */
  readonly launch: AsteriskLaunch | undefined;
  readonly agents: readonly AgentRecord[];
  /** Secret of the demo citizen's phone; none without demo. */
  readonly citizenSecret?: string;
  /** For tests: phones with a fixed address, and more. */
  readonly instance?: Partial<InstanceOptions>;
  /** For tests: the log of engine and front goes to a file in the state folder. */
  readonly quiet?: boolean;
  /** For tests of calls alone: no pages. */
  readonly withoutFront?: boolean;
}

/** All that runs: Asterisk, the engine and the front, the latter two kept running. */
export interface System {
  readonly runtime: Runtime;
  readonly instance: Instance | undefined;
  readonly asterisk: RunningAsterisk | undefined;
  readonly engine: Keeper;
  readonly front: Keeper | undefined;
  /** Ends all this started, in reverse. */
  stop(): Promise<void>;
}

/** How long the engine's loop may stand still, ms. */
const stallMs = 1_000;

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Starts everything in order; resolves when the engine serves calls. Errors: what the parts tell, coded. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { settings, launch } = options;
  const { stateDir } = settings;
  const soundsDir = join(stateDir, "asterisk", "sounds");
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const instance = launch && (await prepareInstance(instanceOptions(options, launch, soundsDir)));
    const asterisk = instance && (await startAsterisk(instance));
    if (asterisk) stops.push(() => asterisk.stop());
    const runtime = runtimeOf(options, instance, soundsDir);
    const runtimeFile = join(stateDir, stateFiles.runtime);
    await writeFile(runtimeFile, JSON.stringify(runtime), { mode: 0o600 });
    const log = options.quiet ? await open(join(stateDir, "system.log"), "a", 0o600) : undefined;
    if (log) stops.push(() => log.close());
    const output = log?.fd ?? "inherit";
    const engine = new Keeper({ file: program("../engine/main.ts"), args: [runtimeFile], stallMs, output });
    stops.push(() => engine.stop());
    const rescue = rescueAfter(engine, runtime);
    stops.push(async () => rescue.close());
    const serving = firstServing(engine);
    const front = options.withoutFront ? undefined : new Keeper({ file: program("../api/main.ts"), args: [runtimeFile], output });
    if (front) stops.push(() => front.stop());
    await Promise.all([serving, front && firstServing(front)]);
    return { runtime, instance, asterisk, engine, front, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first "serving"; what a process fails by before that is a fault in the settings or the plan, so it is told and not tried for ever. */
function firstServing(part: Keeper): Promise<void> {
  return new Promise((resolve, reject) => {
    part.once("serving", () => resolve());
    part.once("failed", ({ code, message, mend }) => {
      reject(new KontaktlotsError(code as KontaktlotsError["code"], message, mend));
    });
  });
}

function instanceOptions(options: SystemOptions, launch: AsteriskLaunch, soundsDir: string): InstanceOptions {
  const { asterisk, stateDir } = options.settings;
  return {
    dir: join(stateDir, "asterisk"),
    launch,
    ports: { sip: asterisk.sipPort, http: asterisk.httpPort, ami: asterisk.amiPort },
    rtp: { start: asterisk.rtpStart, end: asterisk.rtpEnd },
    trunk: { addresses: asterisk.trunkAddresses },
    agents: options.agents.map(({ id, webrtcSecret, deskSecret }): AgentPhones => ({ id, webrtcSecret, deskSecret })),
    reserve: asterisk.reservePhones,
    rtpTimeoutSeconds: asterisk.rtpTimeoutS,
    soundsDir,
    ...(options.citizenSecret === undefined ? {} : { citizen: { secret: options.citizenSecret, number: "+46701740605" } }),
    ...options.instance,
  };
}

/** The programs that make prompts: the provisioned ones, or those on the PATH when another Asterisk is used. */
export function soundTools(launch: AsteriskLaunch | undefined): { readonly espeakNg: string; readonly sox: string } {
  return { espeakNg: launch?.espeakNg ?? "espeak-ng", sox: launch?.sox ?? "sox" };
}

function runtimeOf(options: SystemOptions, instance: Instance | undefined, soundsDir: string): Runtime {
  const { settings, citizenSecret } = options;
  const remote = settings.asterisk.remote;
  const ari = remote ? { url: `${remote.ariUrl}/ari`, username: remote.ariUser, password: remote.ariPassword } : instance?.ari;
  const ami = remote
    ? { host: remote.amiHost, port: settings.asterisk.amiPort, username: remote.amiUser, password: remote.amiPassword }
    : instance?.ami;
  if (!ari || !ami)
    throw new KontaktlotsError("ASTERISK_MISSING", "There is no Asterisk to use.", "Run the set-up, or give ARI_URL.");
  return {
    planDir: settings.planDir,
    stateDir: settings.stateDir,
    cacheDir: settings.cacheDir,
    soundsDir,
    soundTools: soundTools(options.launch),
    app: instance?.app ?? "kontaktlots",
    ari,
    ami,
    sipDomain: instance?.sip.host ?? new URL(ari.url).hostname,
    http: { ...settings.http, trustedProxies: [...settings.http.trustedProxies] },
    ...(settings.demo && citizenSecret !== undefined ? { demo: { citizenSecret } } : {}),
    log: settings.log,
  };
}
