import { type ChildProcess, spawn } from "node:child_process";
import { open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { KontaktlotsError } from "../../core/errors.ts";
import { prefer } from "../../settings/priority.ts";
import { controlPath, openControl, runCommand } from "./control.ts";
import { hasEnded } from "./ended.ts";
import type { Instance } from "./instance.ts";
import { expectFreePorts } from "./ports.ts";

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** An Asterisk that is fully booted and answers on ARI. */
export type RunningAsterisk = {
  readonly pid: number;
  /** True when it ran already, with the same configuration, and was taken over with its calls. */
  readonly adopted: boolean;
  /** Milliseconds from the start of the process to the first answer of ARI; 0 when adopted. */
  readonly bootMs: number;
  /** Settles when the process has ended, however it came. An adopted one's code is not known (null). */
  readonly exited: Promise<Ended>;
  /** Ends it, with all its calls: SIGTERM, and SIGKILL after 5 s. */
  stop(): Promise<void>;
  /** Runs a command of Asterisk's command line. @throws KontaktlotsError ASTERISK_UNREACHABLE */
  command(line: string): Promise<string>;
};

/**
 * Starts Asterisk on an instance's folder, or takes over the one that runs there already with the same configuration (it outlives
 * whoever started it, so that calls do).
 *
 * @param timeoutMs for the whole start.
 * @throws KontaktlotsError PORT_TAKEN, ASTERISK_MISSING, ASTERISK_START_FAILED
 */
export async function startAsterisk(instance: Instance, timeoutMs = 30_000): Promise<RunningAsterisk> {
  const until = performance.now() + timeoutMs;
  const running = await adopt(instance, until);
  if (running !== undefined) return running;
  await expectFreePorts([
    { name: "SIP", kind: "udp", address: instance.sip.bind, port: instance.sip.port },
    {
      name: "Asterisk's HTTP, ARI and WebSocket",
      kind: "tcp",
      address: instance.ami.host,
      port: Number(new URL(instance.ari.url).port),
    },
    { name: "AMI", kind: "tcp", address: instance.ami.host, port: instance.ami.port },
  ]);
  const logged = await trimLog(messagesPath(instance));
  const started = performance.now();
  const child = await spawnAsterisk(instance);
  const exited = new Promise<Ended>((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const pid = child.pid;
  if (pid === undefined) throw startFailed(instance, "it has no process id", "");
  const stop = (): Promise<void> => end(pid, exited);
  let givenUp = false;
  try {
    await Promise.race([
      booted(instance, until, () => givenUp),
      exited.then(({ code, signal }) => Promise.reject(new Error(`it ended at once (${signal ?? code})`))),
    ]);
  } catch (error) {
    givenUp = true;
    await stop();
    throw startFailed(instance, error instanceof Error ? error.message : String(error), await complaints(instance, logged));
  }
  // On a full disk it is missing, and all it costs is that the next supervisor starts Asterisk anew.
  await writeFile(fingerprintPath(instance), instance.fingerprint, { mode: 0o600 }).catch(() => undefined);
  return { pid, adopted: false, bootMs: performance.now() - started, exited, stop, command: (line) => command(instance, line) };
}

/**
 * Makes a running Asterisk read its telephones again (after `writeAgents`). Calls go on.
 *
 * @throws KontaktlotsError ASTERISK_UNREACHABLE
 */
export async function reloadPhones(instance: Instance): Promise<void> {
  await command(instance, "module reload res_pjsip.so");
}

function messagesPath(instance: Instance): string {
  return join(instance.dir, "log", "messages.log");
}

function fingerprintPath(instance: Instance): string {
  return join(instance.dir, "run", "fingerprint");
}

async function spawnAsterisk(instance: Instance): Promise<ChildProcess> {
  await rm(controlPath(instance.dir), { force: true });
  const consolePath = join(instance.dir, "log", "console.log");
  const output = await open(consolePath, "w", 0o600);
  try {
    if (instance.runAs !== undefined) await output.chown(instance.runAs.uid, instance.runAs.gid);
    const child = spawn(instance.launch.asterisk, ["-f", "-C", join(instance.dir, "etc", "asterisk.conf")], {
      cwd: join(instance.dir, "run"),
      // Nothing of our environment: it may hold secrets, and Asterisk needs none of it. A heap for each processor, not eight: each call
      // has threads of its own, which would spread over all of them, and each heap keeps what its worst moment took (glibc, mallopt(3)).
      env: { PATH: "/usr/bin:/bin", LANG: "C.UTF-8", MALLOC_ARENA_MAX: String(availableParallelism()) },
      stdio: ["ignore", output.fd, output.fd],
      // A session of its own: Ctrl-C in the terminal goes to us, and we decide when Asterisk ends.
      detached: true,
      ...(instance.runAs ?? {}),
    });
    prefer(child.pid, "sound");
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    return child;
  } catch (error) {
    throw new KontaktlotsError(
      "ASTERISK_MISSING",
      `${instance.launch.asterisk} cannot be started: ${error instanceof Error ? error.message : String(error)}`,
      "Run the set-up again, or correct ASTERISK.",
      {},
      error,
    );
  } finally {
    await output.close();
  }
}

async function booted(instance: Instance, until: number, givenUp: () => boolean): Promise<void> {
  const left = (): number => Math.max(1, Math.ceil(until - performance.now()));
  for (;;) {
    const answer = await runCommand(instance.dir, "core waitfullybooted", left());
    if (answer?.includes("fully booted")) break;
    if (givenUp() || left() <= 1) throw new Error("it did not finish its start in time");
    await delay(20); // the control socket is not there yet, and nothing tells when it is
  }
  const authorization = `Basic ${Buffer.from(`${instance.ari.username}:${instance.ari.password}`).toString("base64")}`;
  const ping = await fetch(`${instance.ari.url}/asterisk/ping`, {
    headers: { authorization },
    signal: AbortSignal.timeout(left()),
  });
  if (!ping.ok) throw new Error(`ARI answered ${ping.status} to a ping`);
}

async function adopt(instance: Instance, until: number): Promise<RunningAsterisk | undefined> {
  const control = await openControl(instance.dir);
  if (control === undefined) return undefined;
  const { pid, socket } = control;
  // Asterisk holds this connection until it ends: its close is the sign, and the ports are free a moment later.
  const exited = new Promise<Ended>((resolve) => {
    socket.once("close", () => void gone(pid).then(() => resolve({ code: null, signal: null })));
  });
  socket.resume();
  const stop = (): Promise<void> => end(pid, exited);
  const kept = await readFile(fingerprintPath(instance), "utf8").catch(() => "");
  if (kept === instance.fingerprint) {
    try {
      await booted(instance, until, () => false);
      await command(instance, "module reload res_pjsip.so"); // the agents' file may be newer than it
      return { pid, adopted: true, bootMs: 0, exited, stop, command: (line) => command(instance, line) };
    } catch {
      // It runs, but does not work: start anew below.
    }
  }
  await stop();
  return undefined;
}

async function command(instance: Instance, line: string): Promise<string> {
  const answer = await runCommand(instance.dir, line);
  if (answer !== undefined) return answer;
  throw new KontaktlotsError("ASTERISK_UNREACHABLE", "Asterisk does not answer on its control socket.", "Start it again.");
}

async function end(pid: number, exited: Promise<Ended>): Promise<void> {
  const killer = setTimeout(() => signal(pid, "SIGKILL"), 5000);
  signal(pid, "SIGTERM");
  await exited;
  clearTimeout(killer);
}

/** Resolves when a process that is ending, and is not our child, has ended. */
async function gone(pid: number): Promise<void> {
  while (!(await hasEnded(pid))) await delay(10);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended by itself meanwhile
  }
}

function startFailed(instance: Instance, reason: string, lines: string): KontaktlotsError {
  return new KontaktlotsError(
    "ASTERISK_START_FAILED",
    `Asterisk did not start: ${reason}.${lines === "" ? "" : `\n${lines}`}`,
    `Look at ${join(instance.dir, "log")}.`,
  );
}

/** Puts a log of more than 10 MB aside, in the place of the one before. Gives the bytes of the log that goes on. */
async function trimLog(path: string): Promise<number> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size < 10_000_000) return size;
  await rename(path, `${path}.1`);
  return 0;
}

/** What it complained of since its log had `from` bytes. */
async function complaints(instance: Instance, from: number): Promise<string> {
  const said = await readFile(messagesPath(instance)).catch(() => Buffer.alloc(0));
  const lines = said.subarray(from).toString("utf8").trim().split("\n");
  return lines
    .filter((line) => line.includes(" ERROR["))
    .slice(0, 8)
    .join("\n");
}
