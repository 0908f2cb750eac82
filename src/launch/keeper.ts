import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import type { ErrorCode } from "../core/errors.ts";
import { type EngineWord, type Notice, pulseEveryMs, type SupervisorWord } from "../engine/supervised.ts";
import { prefer } from "../settings/priority.ts";

export interface KeeperOptions {
  /** The program to keep running, and its arguments. */
  readonly file: string;
  readonly args: readonly string[];
  /** How long its loop may stand still before it is ended, ms. Undefined: it sends no pulse. */
  readonly stallMs?: number;
  /** It waits for the word to serve; another one is loaded beside it, and waits to take its place. */
  readonly standBy?: boolean;
  /** How long the loading of the one that stands by may take, ms. Default 20,000. */
  readonly loadLimitMs?: number;
  /** Folder in which Node keeps what it has compiled: a start takes a third less of the processor, and less memory. */
  readonly compiledDir: string;
  /** Options for Node itself. */
  readonly nodeOptions?: readonly string[];
  /** How often another may take its place within a minute before it is given up. Default 2. */
  readonly mostReplaced?: number;
  /** Default: that of any program. */
  readonly priority?: "calls";
  /** File descriptor its log goes to. */
  readonly output: number;
}

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly mend: string;
}

/** How a process ended. `stalled`: we ended it, because its loop stood still. */
export interface Ending {
  readonly stalled: boolean;
  readonly code: number | null;
  readonly signal: string | null;
}

interface KeeperEvents {
  /** It serves calls. `sinceMs`: since it was started. */
  serving: [sinceMs: number];
  /** Another one is loaded, and waits. */
  standingBy: [];
  /** It says that it cannot start; it is tried again all the same. */
  failed: [failure: Failure];
  /** It logged something that people should see. */
  notice: [notice: Notice];
  /** It ended, and is started again. */
  ended: [how: Ending];
  /** Another took its place again and again: it ended, and is not started any more. */
  givenUp: [];
}

/** `it stood still`, `SIGKILL`, `exit code 1` */
export function endingText({ stalled, code, signal }: Ending): string {
  return stalled ? "it stood still" : (signal ?? (code === null ? "it could not be started" : `exit code ${code}`));
}

const longestPauseMs = 2_000;
/** Two that take each other's place do so within seconds; what is longer ago than this was something else, ms. */
const fightMs = 60_000;
/** A process that lived this long was well: the next start is at once. */
const wellMs = 5_000;
/** From the first call that is served to the loading of the one that stands by, ms: who takes calls over needs the machine now. */
const standByAfterMs = 2_000;
/** The same when the one that stood by has ended, ms: should none be able to load, that must not cost all the time. */
const standByAgainMs = 30_000;
/** The same until it serves for the first time, ms: what a start reads and opens on a busy machine is no stall. */
const startLimitMs = 20_000;

/**
 * Keeps one process running: starts it again when it ends, at once the first time and after a growing pause when it ends soon
 * again, and ends it by SIGKILL when its loop stands still (a frozen process does not even answer SIGTERM). What takes long at a start
 * one that stands by has behind it: it gets the word to serve when the one before has ended, never earlier. It gives up only when
 * another supervisor's process takes this one's place again and again: each start would then break the other's calls.
 */
export class Keeper extends EventEmitter<KeeperEvents> {
  readonly #options: KeeperOptions;
  #child: ChildProcess | undefined;
  #standBy: ChildProcess | undefined;
  #loaded = false;
  #loading: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #heardAt = 0;
  #lookedAt = performance.now();
  #served = false;
  #pauseMs = 0;
  #stopping = false;
  #stalled = false;
  /** When another took its place, lately. */
  #replacedAt: number[] = [];
  #retry: NodeJS.Timeout | undefined;
  readonly #watch: NodeJS.Timeout | undefined;

  constructor(options: KeeperOptions) {
    super();
    this.#options = options;
    if (options.stallMs !== undefined) this.#watch = setInterval(() => this.#look(), pulseEveryMs);
    this.#start();
  }

  /** The present process's id; undefined between two. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The id of the process that stands by; undefined as long as none has loaded. */
  get standByPid(): number | undefined {
    return this.#loaded ? this.#standBy?.pid : undefined;
  }

  /** Ends it (SIGTERM, after 3 s SIGKILL) and starts it no more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    clearTimeout(this.#loading);
    // Who stands by has nothing to put in order.
    await Promise.all([end(this.#standBy, 0), end(this.#child, 3_000)]);
  }

  #start(): void {
    clearTimeout(this.#loading);
    this.#startedAt = this.#heardAt = performance.now();
    this.#served = this.#stalled = false;
    this.#child = this.#standBy ?? this.#fork();
    this.#standBy = undefined;
    // Should it be gone, its end is told by itself; a program that never stands by does not listen.
    this.#child.send("serve" satisfies SupervisorWord, () => undefined);
  }

  #loadStandBy(afterMs: number): void {
    if (!this.#options.standBy || this.#standBy || this.#stopping) return;
    clearTimeout(this.#loading);
    this.#loading = setTimeout(() => {
      this.#loaded = false;
      const child = this.#fork();
      this.#standBy = child;
      // One that never ends loading would keep callers waiting as long again if it took the place of the one before.
      this.#loading = setTimeout(() => {
        if (child === this.#standBy && !this.#loaded) child.kill("SIGKILL");
      }, this.#options.loadLimitMs ?? startLimitMs);
    }, afterMs);
  }

  #fork(): ChildProcess {
    const { file, args, compiledDir, nodeOptions = [], output } = this.#options;
    const child = fork(file, args, {
      stdio: ["ignore", output, output, "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning", ...nodeOptions],
      env: { ...process.env, NODE_COMPILE_CACHE: compiledDir },
      detached: true,
    });
    if (this.#options.priority !== undefined) prefer(child.pid, this.#options.priority);
    child.on("message", (word: EngineWord) => {
      if (child === this.#child) this.#hear(word);
      else if (word === "loaded") {
        this.#loaded = true;
        this.emit("standingBy");
      } else if (typeof word === "object" && "notice" in word) this.emit("notice", word.notice);
    });
    child.on("error", () => {
      // A process that could not be made has no exit.
      if (child.pid === undefined) this.#ended(child, null, null);
      else child.kill("SIGKILL");
    });
    // Not "exit": its last words may still be on the way then.
    child.once("close", (code, signal) => this.#ended(child, code, signal));
    return child;
  }

  #hear(word: EngineWord): void {
    this.#heardAt = performance.now();
    if (word === "pulse" || word === "loaded") return;
    if (word === "serving") {
      this.#served = true;
      this.emit("serving", this.#heardAt - this.#startedAt);
      this.#loadStandBy(standByAfterMs);
    } else if (word === "replaced") {
      this.#replacedAt = [...this.#replacedAt.filter((at) => this.#heardAt - at < fightMs), this.#heardAt];
    } else if ("failed" in word) this.emit("failed", word.failed);
    else this.emit("notice", word.notice);
  }

  #look(): void {
    const limit = this.#served ? (this.#options.stallMs ?? startLimitMs) : startLimitMs;
    const now = performance.now();
    // Whoever stood still ourselves (Ctrl-Z, a busy machine) has pulses waiting unread, and must not blame the other: of a long time
    // between two looks only so much counts. Not none of it, or who is always slow would never find a frozen one out.
    this.#heardAt = Math.min(now, this.#heardAt + Math.max(0, now - this.#lookedAt - limit / 4));
    this.#lookedAt = now;
    if (!this.#child || now - this.#heardAt < limit) return;
    this.#stalled = true;
    this.#child.kill("SIGKILL");
  }

  #ended(child: ChildProcess, code: number | null, signal: string | null): void {
    if (child === this.#standBy) {
      this.#standBy = undefined;
      this.#loadStandBy(standByAgainMs);
    }
    if (child !== this.#child) return;
    this.#child = undefined;
    if (this.#stopping) return;
    if (this.#replacedAt.length >= (this.#options.mostReplaced ?? 2)) return void this.emit("givenUp");
    this.emit("ended", { stalled: this.#stalled, code, signal });
    const lived = performance.now() - this.#startedAt;
    this.#pauseMs = lived > wellMs ? 0 : Math.min(longestPauseMs, this.#pauseMs * 2 + 50);
    this.#retry = setTimeout(() => this.#start(), this.#pauseMs);
  }
}

/** Ends a process by SIGTERM, and by SIGKILL if it is still there `graceMs` later. */
async function end(child: ChildProcess | undefined, graceMs: number): Promise<void> {
  if (!child) return;
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.kill(graceMs > 0 ? "SIGTERM" : "SIGKILL");
  const force = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await ended;
  clearTimeout(force);
}
