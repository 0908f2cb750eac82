import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { KontaktlotsError } from "../../core/errors.ts";
import type { AgentPhones, AsteriskLaunch, InstanceOptions } from "./options.ts";
import { renderAgents, renderCitizen, renderReserve, renderTrunk } from "./phones.ts";
import { makeReserveSounds } from "./sounds.ts";
import { checked, fillTemplate } from "./template.ts";

const templates = fileURLToPath(new URL("../../../asterisk-config/etc/", import.meta.url));

/** The user Asterisk runs as, when it is another one than ours. */
export type RunAs = { readonly uid: number; readonly gid: number };

/** A folder that Asterisk can be started on, and how to reach that Asterisk. */
export type Instance = {
  readonly dir: string;
  readonly launch: AsteriskLaunch;
  readonly app: string;
  readonly runAs: RunAs | undefined;
  readonly soundsDir: string;
  readonly ari: { readonly url: string; readonly username: string; readonly password: string };
  readonly ami: { readonly host: string; readonly port: number; readonly username: string; readonly password: string };
  /** `host` is where SIP is reached from this machine, `bind` what it listens on. */
  readonly sip: { readonly host: string; readonly port: number; readonly bind: string };
  /** Checksum of all files but the agents': a running Asterisk with the same one need not be started again. */
  readonly fingerprint: string;
};

/** Two ports for each leg (RTP and RTCP); a fifth of the legs is kept for agents, and for telling the rest that the lines are full. */
const mostCalls = ({ start, end }: { readonly start: number; readonly end: number }): number =>
  Math.max(1, Math.floor(((end - start + 1) / 2) * 0.8));

type Secrets = { readonly ari: string; readonly ami: string };

/**
 * Writes an instance's folder: `etc run spool db log keys data sounds moh bed`, with secrets made at first and kept after that.
 * May be called again at any time; a running Asterisk reads its files only when it starts or is told to.
 *
 * @throws KontaktlotsError SETTING_INVALID, PROMPT_FAILED
 */
export async function prepareInstance(options: InstanceOptions): Promise<Instance> {
  const { launch } = options;
  const dir = checked("path", options.dir, "Asterisk's folder");
  if (Buffer.byteLength(dir) > 80) {
    throw new KontaktlotsError(
      "SETTING_INVALID",
      `${dir} is too long for a folder with a socket in it.`,
      "Choose one of at most 80 bytes.",
    );
  }
  const bind = checked("address", options.bind ?? "127.0.0.1", "The address to bind to");
  const sipBind = checked("address", options.sipBind ?? bind, "The address of SIP");
  const app = checked("name", options.app ?? "kontaktlots", "The application's name");
  const runAs = await serviceUser(launch);
  const soundsDir = options.soundsDir ?? join(dir, "sounds");

  await mkdir(dir, { recursive: true, mode: 0o755 });
  for (const folder of ["etc", "run", "spool", "spool/recording", "db", "log", "keys"])
    await ownFolder(join(dir, folder), 0o700, runAs);
  for (const folder of ["data", "moh", "bed"]) await ownFolder(join(dir, folder), 0o755, undefined);
  await mkdir(soundsDir, { recursive: true, mode: 0o755 });
  if (runAs !== undefined) await expectReachable([dir, soundsDir, launch.moduleDir, launch.dataDir]);

  // Asterisk's own read-only data, with our prompts in the place of its sounds.
  for (const name of ["documentation", "rest-api"]) await link(join(launch.dataDir, name), join(dir, "data", name));
  await link(soundsDir, join(dir, "data", "sounds"));
  await makeReserveSounds(launch, { sounds: soundsDir, music: join(dir, "moh"), bed: join(dir, "bed") });

  const secrets = await keepSecrets(join(dir, "secrets.json"));
  const reserve = renderReserve(options.reserve ?? []);
  const rtpTimeout = options.rtpTimeoutSeconds ?? 30;
  const trunk = renderTrunk(options.trunk ?? { addresses: ["127.0.0.2"] });
  const values: Record<string, string> = {
    DIR: dir,
    MODULE_DIR: checked("path", launch.moduleDir, "The folder of modules"),
    BIND: bind,
    SIP_BIND: sipBind,
    HTTP_PORT: port(options.ports.http, "http"),
    AMI_PORT: port(options.ports.ami, "ami"),
    SIP_PORT: port(options.ports.sip, "sip"),
    RTP_START: port(options.rtp.start, "rtp.start"),
    RTP_END: port(options.rtp.end, "rtp.end"),
    MOST_CALLS: String(mostCalls(options.rtp)),
    RTP_TIMEOUT: seconds(rtpTimeout),
    // A held leg is silent by right, so it gets longer, but not for ever.
    RTP_TIMEOUT_HOLD: seconds(rtpTimeout * 20),
    ARI_USER: "kontaktlots",
    ARI_PASSWORD: secrets.ari,
    AMI_USER: "kontaktlots",
    AMI_PASSWORD: secrets.ami,
    APP: app,
    TRUNK_MATCH: trunk.match,
    TRUNK_CONTACT: trunk.contact,
    CITIZEN: renderCitizen(options.citizen),
    RESERVE_PHONES: reserve.endpoints,
    RESERVE_DIAL: reserve.dial,
    EXTRA_MODULES: (options.extra?.modules ?? []).map((module) => `load = ${checked("name", module, "A module")}.so`).join("\n"),
    AGENTS: renderAgents(options.agents),
  };
  const fingerprint = await writeConfig(dir, values, options, runAs);

  return {
    dir,
    launch,
    app,
    runAs,
    soundsDir,
    ari: { url: `http://${bind}:${options.ports.http}/ari`, username: "kontaktlots", password: secrets.ari },
    ami: { host: bind, port: options.ports.ami, username: "kontaktlots", password: secrets.ami },
    sip: { host: sipBind === "0.0.0.0" ? "127.0.0.1" : sipBind, port: options.ports.sip, bind: sipBind },
    fingerprint,
  };
}

/**
 * Writes the agents' telephones anew. A running Asterisk takes them in with `reloadPhones` (process.ts).
 *
 * @throws KontaktlotsError SETTING_INVALID
 */
export async function writeAgents(instance: Instance, agents: readonly AgentPhones[]): Promise<void> {
  const template = await readFile(join(templates, agentsFile), "utf8");
  await writeOwned(
    join(instance.dir, "etc", agentsFile),
    fillTemplate(template, { AGENTS: renderAgents(agents) }),
    instance.runAs,
  );
}

const agentsFile = "pjsip-agents.conf";

async function writeConfig(
  dir: string,
  values: Readonly<Record<string, string>>,
  options: InstanceOptions,
  runAs: RunAs | undefined,
): Promise<string> {
  const hash = createHash("sha256").update(options.launch.version).update(options.launch.asterisk);
  const files = new Map<string, string>();
  for (const name of (await readdir(templates)).filter((file) => file.endsWith(".conf")).sort()) {
    files.set(name, fillTemplate(await readFile(join(templates, name), "utf8"), values));
  }
  for (const [name, text] of Object.entries(options.extra?.files ?? {}))
    files.set(checked("name", name.replace(/\.conf$/, ""), "A file"), text);
  files.set("modules.conf", await onlyExisting(files.get("modules.conf") ?? "", options.launch.moduleDir));
  if (options.extra?.dialplan !== undefined) {
    files.set("extensions.conf", `${files.get("extensions.conf")}\n${options.extra.dialplan}\n`);
  }
  for (const [name, text] of files) {
    if (name !== agentsFile) hash.update(name).update(text);
    await writeOwned(join(dir, "etc", name.endsWith(".conf") ? name : `${name}.conf`), text, runAs);
  }
  return hash.digest("hex");
}

/** Leaves out the `load` lines of modules this Asterisk does not have: each would be an error in its log at every start. */
async function onlyExisting(modules: string, moduleDir: string): Promise<string> {
  const existing = new Set(await readdir(moduleDir));
  return modules
    .split("\n")
    .filter((line) => !line.startsWith("load = ") || existing.has(line.slice("load = ".length).trim()))
    .join("\n");
}

/** Whole or not at all: Asterisk may be reading the file that is replaced. */
async function writeOwned(path: string, text: string, runAs: RunAs | undefined): Promise<void> {
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  await writeFile(unfinished, text, { mode: 0o600 });
  if (runAs !== undefined) await chown(unfinished, runAs.uid, runAs.gid);
  await rename(unfinished, path);
}

async function keepSecrets(path: string): Promise<Secrets> {
  try {
    const kept = JSON.parse(await readFile(path, "utf8")) as Partial<Secrets>;
    if (typeof kept.ari === "string" && typeof kept.ami === "string") {
      return { ari: checked("secret", kept.ari, "The ARI password"), ami: checked("secret", kept.ami, "The AMI password") };
    }
  } catch (error) {
    if (error instanceof KontaktlotsError) throw error;
    // Not there yet, or cut off while it was written: new ones do as well, as nobody else has them.
  }
  const secrets: Secrets = { ari: randomBytes(24).toString("base64url"), ami: randomBytes(24).toString("base64url") };
  await writeOwned(path, `${JSON.stringify(secrets)}\n`, undefined);
  return secrets;
}

/** Root starts Asterisk as the service user; anybody else as themselves. */
async function serviceUser(launch: AsteriskLaunch): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const id = promisify(execFile);
  try {
    const [uid, gid] = await Promise.all([id("id", ["-u", launch.user]), id("id", ["-g", launch.user])]);
    if (Number(uid.stdout) > 0) return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    // told below
  }
  throw new KontaktlotsError(
    "SETTING_INVALID",
    `Asterisk is not run as root, and there is no user ${launch.user} to run it as.`,
    `Make one: useradd --system ${launch.user}`,
  );
}

async function ownFolder(path: string, mode: number, runAs: RunAs | undefined): Promise<void> {
  await mkdir(path, { recursive: true });
  if (runAs !== undefined) await chown(path, runAs.uid, runAs.gid);
  await chmod(path, mode);
}

/** The service user must be able to walk to a folder; a home folder of mode 0700 on the way is the usual surprise. */
async function expectReachable(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    for (let at = path; at !== dirname(at); at = dirname(at)) {
      if (((await stat(at)).mode & 0o001) !== 0) continue;
      throw new KontaktlotsError(
        "SETTING_INVALID",
        `Asterisk, which does not run as root, cannot reach ${path}: ${at} is closed to others.`,
        `Choose another folder, or open this one: chmod o+x ${at}`,
        { path, closed: at },
      );
    }
  }
}

async function link(target: string, at: string): Promise<void> {
  await rm(at, { recursive: true, force: true });
  await symlink(target, at);
}

function port(value: number, name: string): string {
  if (Number.isInteger(value) && value > 0 && value < 65536) return String(value);
  throw new KontaktlotsError("SETTING_INVALID", `The port ${name} is ${value}.`, "Give a whole number from 1 to 65535.");
}

function seconds(value: number): string {
  if (Number.isInteger(value) && value >= 0) return String(value);
  throw new KontaktlotsError("SETTING_INVALID", `rtpTimeoutSeconds is ${value}.`, "Give whole seconds, 0 for never.");
}
