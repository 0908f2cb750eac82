import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Test } from "tap";
import type { HealthReply } from "../../src/api/contract.ts";
import { buildPages } from "../../src/launch/pages.ts";
import type { Instance } from "../../src/telephony/asterisk/index.ts";
import { type PortBlock, portSettings, takePorts } from "../support/ports.ts";
import { Journal } from "../support/sip/journal.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "src/launch/start.ts");
/** The small plan of the calls' tests. */
export const callsPlan = join(root, "test/fixtures/plans/calls");

/** Ports and a folder of a test's own, both given back at its end. */
export interface Place {
  readonly ports: PortBlock;
  readonly stateDir: string;
  /** The settings that name them. */
  readonly env: Readonly<Record<string, string>>;
}

export async function place(t: Test): Promise<Place> {
  const ports = await takePorts();
  const base = await mkdtemp(join(tmpdir().length < 40 ? tmpdir() : "/tmp", "kl-start-"));
  await chmod(base, 0o755); // Asterisk runs as another user than root
  const stateDir = join(base, "state");
  await mkdir(stateDir);
  t.teardown(async () => {
    ports.release();
    await rm(base, { recursive: true, force: true });
  });
  const env = {
    PLAN: callsPlan,
    STATE_DIR: stateDir,
    ...portSettings(ports),
  };
  return { ports, stateDir, env };
}

/** The settings by which a Kontaktlots uses an Asterisk that runs already. */
export function remoteSettings({ ari, ami }: Pick<Instance, "ari" | "ami">) {
  return {
    ARI_URL: new URL(ari.url).origin,
    ARI_USER: ari.username,
    ARI_PASSWORD: ari.password,
    AMI_PORT: String(ami.port),
    AMI_USER: ami.username,
    AMI_PASSWORD: ami.password,
  };
}

/** A process as it was seen: a process id alone may be another's by now. */
interface Seen {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: string;
}

export type Part = "engine" | "front" | "asterisk";
const marks: Readonly<Record<Part, string>> = {
  engine: "src/engine/main.ts",
  front: "src/api/main.ts",
  asterisk: "asterisk.conf",
};

/** `npm start` itself, `src/launch/start.ts`, as a process of its own. */
export class Start {
  /** Each line it wrote, to either stream. */
  readonly lines: Journal<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #child: ChildProcess;
  readonly #port: string;
  readonly #stateDir: string;
  #seen: readonly Seen[] = [];

  /** The test's end ends it, if the test has not. `env` goes on top of the place's. */
  static async run(t: Test, at: Place, env: Readonly<Record<string, string>> = {}): Promise<Start> {
    await buildPages(root, (line) => t.comment(line)); // so that several at once do not build them together
    const start = new Start({ ...at.env, ...env });
    t.teardown(() => start.clear());
    return start;
  }

  private constructor(settings: Readonly<Record<string, string>>) {
    const { PATH = "", HOME = "", NODE_COMPILE_CACHE = "" } = process.env;
    this.#port = settings.PORT ?? "";
    this.#stateDir = settings.STATE_DIR ?? "";
    this.lines = new Journal("npm start", (line) => `\n${line}`);
    const child = spawn(process.execPath, [program], {
      env: { PATH, HOME, NODE_COMPILE_CACHE, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on("line", (line) => this.lines.add(line));
    this.ended = new Promise((resolve) => child.once("close", (code, signal) => resolve({ code, signal })));
  }

  get text(): string {
    return this.lines.all.join("\n");
  }

  /** Resolves when it says that calls are taken; rejects when it ends instead. */
  async ready(): Promise<void> {
    const ended = this.ended.then(({ code }) => Promise.reject(new Error(`It ended with ${code}: ${this.text}`)));
    await Promise.race([this.lines.when("the welcome", (line) => line.includes("takes calls"), 0, 60_000), ended]);
    await Promise.race([this.lines.when("its end", (line) => line.includes("Ctrl-C")), ended]);
    this.#seen = descendants(this.#child.pid ?? 0);
  }

  /** What runs under it now. */
  processes(): readonly Seen[] {
    this.#seen = descendants(this.#child.pid ?? 0);
    return this.#seen;
  }

  /** Process id of a part that runs; of two the older one, as the other only stands by. */
  pid(part: Part): number {
    const [found] = this.processes()
      .filter(({ command }) => command.includes(marks[part]))
      .sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
    if (!found) throw new Error(`There is no ${part}.`);
    return found.pid;
  }

  /** What /health says, or undefined when nobody answers there. */
  async health(): Promise<(HealthReply & { readonly status: number }) | undefined> {
    try {
      const reply = await fetch(`http://127.0.0.1:${this.#port}/health`, { signal: AbortSignal.timeout(20_000) });
      return { status: reply.status, ...((await reply.json()) as HealthReply) };
    } catch {
      return undefined; // the front is away: that too is an answer
    }
  }

  /** Asks /health until it fits: nothing tells a stranger of its changes. */
  async untilHealth(what: string, fits: (health: Awaited<ReturnType<Start["health"]>>) => boolean): Promise<void> {
    const until = performance.now() + 60_000;
    for (;;) {
      const health = await this.health();
      if (fits(health)) return;
      if (performance.now() > until) throw new Error(`/health never was ${what}: ${JSON.stringify(health)}\n${this.text}`);
      await delay(10);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** What runs still: of all that ran under it when it was last looked at, and of all that was given its folder. */
  left(): string[] {
    const ours = [...this.#seen, ...running().map(({ seen }) => seen)].filter(
      (one) => (this.#seen.includes(one) || one.command.includes(`${this.#stateDir}/`)) && isAlive(one),
    );
    return [...new Set(ours.map(({ pid, command }) => `${pid} ${command}`))];
  }

  async clear(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.processes();
      this.signal("SIGINT");
    }
    await this.ended;
    for (const one of this.#seen.filter(isAlive)) process.kill(one.pid, "SIGKILL");
  }
}

/** All processes under this one, at any depth. */
function descendants(ancestor: number): Seen[] {
  const all = new Map(running().map((one) => [one.seen.pid, one]));
  const isBelow = (pid: number): boolean => {
    const parent = all.get(pid)?.parent;
    return parent !== undefined && (parent === ancestor || isBelow(parent));
  };
  return [...all.values()].map(({ seen }) => seen).filter(({ pid }) => isBelow(pid));
}

/** All processes of the machine, read from /proc. */
function running(): { readonly parent: number; readonly seen: Seen }[] {
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    const stat = Number.isInteger(pid) ? statOf(pid) : undefined;
    if (stat === undefined) return [];
    return [{ parent: stat.parent, seen: { pid, startedAt: stat.startedAt, command: commandOf(pid) } }];
  });
}

/** See proc(5): after the name in brackets come state, parent …, and as field 22 the time of the start. */
function statOf(pid: number): { readonly state: string; readonly parent: number; readonly startedAt: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", parent: Number(fields[1]), startedAt: fields[19] ?? "" };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** Still the same process, and not one that has ended and waits to be looked at. */
function isAlive({ pid, startedAt }: Seen): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.startedAt === startedAt && stat.state !== "Z";
}
