import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KontaktlotsError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { type Runtime, stateFiles } from "../settings/runtime.ts";
import type { Settings } from "../settings/settings.ts";
import type { AgentRecord } from "../store/accounts.ts";
import { type AgentPhones, type Instance, type InstanceOptions, prepareInstance } from "../telephony/asterisk/index.ts";
import type { AsteriskLaunch } from "../telephony/asterisk/options.ts";
import { AsteriskKeeper } from "./asterisk-keeper.ts";
import { type Ending, endingText, type Failure, Keeper } from "./keeper.ts";
import { type Output, openOutput } from "./output.ts";
import { rescueAfter } from "./rescue.ts";
import { stopAll } from "./stop-all.ts";
import { allByKey, noGateway } from "./surveys.ts";
import { tellOf } from "./tell.ts";

export interface SystemOptions {
  readonly settings: Settings;
  /** Read and checked: what runs here goes by it until the next start, whatever becomes of the files. */
  readonly plan: Plan;
  /** Undefined when another Asterisk is used, by settings. */
  readonly launch: AsteriskLaunch | undefined;
  readonly agents: readonly AgentRecord[];
  /** Secret of the demo citizen's phone; none without demo. */
  readonly citizenSecret?: string;
  /** Where is told what happens. Default: the log alone. */
  readonly output?: Output;
  /** Ends the start, and all that was started by then. */
  readonly signal?: AbortSignal;
  /** For tests: phones with a fixed address, and more. */
  readonly instance?: Partial<InstanceOptions>;
  /** For tests of calls alone: no pages. */
  readonly withoutFront?: boolean;
}

/** All that runs: Asterisk, the engine and the front, each kept running. */
export interface System {
  readonly runtime: Runtime;
  readonly instance: Instance | undefined;
  readonly asterisk: AsteriskKeeper | undefined;
  readonly engine: Keeper;
  readonly front: Keeper | undefined;
  /** Resolves, if ever, when this system has to end because another takes its Asterisk from it: ARI_REPLACED. */
  readonly givenUp: Promise<KontaktlotsError>;
  /** Ends all this started, in reverse; after it was given up, all but Asterisk, which serves the other one's calls. */
  stop(): Promise<void>;
}

/** How long the engine's loop may stand still, ms. */
const stallMs = 1_000;
/**
 * The young generation begins with 16 MB instead of 1: what a call needs for a second or two is gone before it is collected,
 * so there are a third as many pauses, and next to none of the long ones of the old generation.
 */
const roomForCalls = ["--min-semi-space-size=16"];

const program = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Where Asterisk's own files lie. */
export function asteriskDir({ stateDir }: Pick<Settings, "stateDir">): string {
  return join(stateDir, "asterisk");
}

/** Where prompts lie. */
export function soundsDir(settings: Pick<Settings, "stateDir">): string {
  return join(asteriskDir(settings), "sounds");
}

/** Starts everything in order; resolves when calls are served. Errors: what the parts tell, coded; the signal's reason. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { settings, launch, signal } = options;
  const { stateDir } = settings;
  await mkdir(stateDir, { recursive: true, mode: 0o755 });
  const stops: (() => Promise<void>)[] = [];
  const stop = (): Promise<void> => stopAll(stops.splice(0));
  try {
    const output = options.output ?? (await openOutput(settings));
    if (!options.output) stops.push(() => output.close());
    const instance = launch && (await prepareInstance(instanceOptions(options, launch)));
    const asterisk = instance && (await AsteriskKeeper.start(instance));
    let taken = false;
    if (asterisk) stops.push(async () => void (taken || (await asterisk.stop())));
    signal?.throwIfAborted();
    const runtime = runtimeOf(options, instance);
    const unsent = settings.sms ? undefined : noGateway(options.plan);
    if (unsent) output.log.warn({ code: unsent.code, details: unsent.details }, unsent.line);
    const runtimeFile = join(stateDir, stateFiles.runtime);
    await writeFile(runtimeFile, JSON.stringify(runtime), { mode: 0o600 });
    const compiledDir = join(settings.cacheDir, "node");
    const engine = new Keeper({
      file: program("../engine/main.ts"),
      args: [runtimeFile],
      stallMs,
      nodeOptions: roomForCalls,
      compiledDir,
      standBy: settings.standBy,
      // Of two systems, the one that runs the Asterisk outlasts the one that came to it.
      mostReplaced: asterisk ? 3 : 2,
      priority: "calls",
      output: output.fd,
    });
    stops.push(() => engine.stop());
    const givenUp = new Promise<KontaktlotsError>((resolve) => {
      engine.once("givenUp", () => {
        taken = true;
        resolve(givenUpError(runtime));
      });
    });
    const rescue = rescueAfter(engine, runtime, output.log);
    stops.push(async () => rescue.close());
    const front = options.withoutFront
      ? undefined
      : new Keeper({ file: program("../api/main.ts"), args: [runtimeFile], compiledDir, output: output.fd });
    if (front) stops.push(() => front.stop());
    tellOf({ asterisk, engine, front }, output);
    await Promise.all([firstServing(engine, "engine", signal), front && firstServing(front, "front", signal)]);
    return { runtime, instance, asterisk, engine, front, givenUp, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * The first "serving". A process that fails or ends before that has a fault in the settings or the plan, so it is told and not
 * tried for ever; one that only waits for its Asterisk is waited for.
 */
async function firstServing(part: Keeper, name: string, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const failed = ({ code, message, mend }: Failure): void => reject(new KontaktlotsError(code, message, mend));
  // One that merely was too slow for a busy machine is tried again.
  const ended = (how: Ending): void => void (how.stalled || reject(endedAtStart(name, how)));
  const aborted = (): void => reject(signal?.reason);
  part.once("serving", resolve).once("failed", failed).on("ended", ended);
  signal?.addEventListener("abort", aborted);
  try {
    await promise;
  } finally {
    part.off("serving", resolve).off("failed", failed).off("ended", ended);
    signal?.removeEventListener("abort", aborted);
  }
}

function endedAtStart(name: string, how: Ending): KontaktlotsError {
  return new KontaktlotsError(
    "INTERNAL",
    `The ${name} ended at its start (${endingText(how)}).`,
    "Look at the last lines of the log.",
  );
}

function givenUpError({ ari, app }: Runtime): KontaktlotsError {
  return new KontaktlotsError(
    "ARI_REPLACED",
    `Another system has taken the calls of Asterisk at ${ari.url} from this one again and again; this one ends, and leaves them to it.`,
    "One Asterisk serves one Kontaktlots: end the other one and start again, or give this one an Asterisk of its own (no ARI_URL).",
    { app },
  );
}

function instanceOptions(options: SystemOptions, launch: AsteriskLaunch): InstanceOptions {
  const { asterisk } = options.settings;
  const contact = asterisk.trunkContact;
  return {
    dir: asteriskDir(options.settings),
    launch,
    sipBind: asterisk.sipHost,
    ports: { sip: asterisk.sipPort, http: asterisk.httpPort, ami: asterisk.amiPort },
    rtp: { start: asterisk.rtpStart, end: asterisk.rtpEnd },
    trunk: { addresses: asterisk.trunkAddresses, ...(contact === undefined ? {} : { contact }) },
    agents: options.agents.map(({ id, webrtcSecret, deskSecret }): AgentPhones => ({ id, webrtcSecret, deskSecret })),
    reserve: asterisk.reservePhones,
    rtpTimeoutSeconds: asterisk.rtpTimeoutS,
    soundsDir: soundsDir(options.settings),
    ...(options.citizenSecret === undefined ? {} : { citizen: { secret: options.citizenSecret, number: "+46701740605" } }),
    ...options.instance,
  };
}

/** The programs that make prompts: the provisioned ones, or those on the PATH when another Asterisk is used. */
export function soundTools(launch: AsteriskLaunch | undefined): { readonly espeakNg: string; readonly sox: string } {
  return { espeakNg: launch?.espeakNg ?? "espeak-ng", sox: launch?.sox ?? "sox" };
}

function runtimeOf(options: SystemOptions, instance: Instance | undefined): Runtime {
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
    plan: settings.sms ? options.plan : allByKey(options.plan),
    stateDir: settings.stateDir,
    cacheDir: settings.cacheDir,
    soundsDir: soundsDir(settings),
    recordingsDir: join(asteriskDir(settings), "spool", "recording"),
    soundTools: soundTools(options.launch),
    app: instance?.app ?? "kontaktlots",
    ari,
    ami,
    sipDomain: instance?.sip.host ?? new URL(ari.url).hostname,
    http: { ...settings.http, trustedProxies: [...settings.http.trustedProxies] },
    ...(settings.mail === undefined ? {} : { mail: settings.mail }),
    ...(settings.sms === undefined ? {} : { sms: settings.sms }),
    ...(settings.pagesUrl === undefined ? {} : { pagesUrl: settings.pagesUrl }),
    ...(settings.demo && citizenSecret !== undefined ? { demo: { citizenSecret } } : {}),
    log: settings.log,
  };
}
