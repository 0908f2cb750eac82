import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import type { ErrorCode } from "../core/errors.ts";
import { type EngineWord, type Notice, pulseEveryMs } from "../engine/supervised.ts";
import { prefer } from "../settings/priority.ts";

export interface KeeperOptions {
  /** The program to keep running, and its arguments. */
  readonly file: string;
  readonly args: readonly string[];
  /** How long its loop may stand still before it is ended, ms. Undefined: it sends no pulse. */
  readonly stallMs?: number;
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
/** The same until it serves for the first time, ms: what a start reads and opens on a busy machine is no stall. */
const startLimitMs = 20_000;

/**
 * Keeps one process running: starts it again when it ends, at once the first time and after a growing pause when it ends soon
 * again, and ends it by SIGKILL when its loop stands still (a frozen process does not even answer SIGTERM). It gives up only when
 * another supervisor's process takes this one's place again and again: each start would then break the other's calls.
 */
export class Keeper extends EventEmitter<KeeperEvents> {
  readonly #options: KeeperOptions;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #heardAt = 0;
  #lookedAt = 0;
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

  /** Ends it (SIGTERM, after 3 s SIGKILL) and starts it no more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    const child = this.#child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), 3_000);
    await ended;
    clearTimeout(force);
  }

  #start(): void {
    const { file, args, nodeOptions = [], output } = this.#options;
    this.#startedAt = this.#heardAt = performance.now();
    this.#served = this.#stalled = false;
    const child = fork(file, args, {
      stdio: ["ignore", output, output, "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning", ...nodeOptions],
      detached: true,
    });
    this.#child = child;
    if (this.#options.priority !== undefined) prefer(child.pid, this.#options.priority);
    child.on("message", (word: EngineWord) => this.#hear(word));
    child.on("error", () => {
      // A process that could not be made has no exit.
      if (child.pid === undefined) this.#ended(child, null, null);
      else child.kill("SIGKILL");
    });
    // Not "exit": its last words may still be on the way then.
    child.once("close", (code, signal) => this.#ended(child, code, signal));
  }

  #hear(word: EngineWord): void {
    this.#heardAt = performance.now();
    if (word === "pulse") return;
    if (word === "serving") {
      this.#served = true;
      this.emit("serving", this.#heardAt - this.#startedAt);
    } else if (word === "replaced") {
      this.#replacedAt = [...this.#replacedAt.filter((at) => this.#heardAt - at < fightMs), this.#heardAt];
    } else if ("failed" in word) this.emit("failed", word.failed);
    else this.emit("notice", word.notice);
  }

  #look(): void {
    const limit = this.#served ? (this.#options.stallMs ?? startLimitMs) : startLimitMs;
    const now = performance.now();
    // Whoever stood still ourselves (Ctrl-Z, a busy machine) has pulses waiting unread, and must not blame the other.
    if (now - this.#lookedAt > limit / 2) this.#heardAt = now;
    this.#lookedAt = now;
    if (!this.#child || now - this.#heardAt < limit) return;
    this.#stalled = true;
    this.#child.kill("SIGKILL");
  }

  #ended(child: ChildProcess, code: number | null, signal: string | null): void {
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
