import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter } from "node:events";
import { type EngineWord, pulseEveryMs } from "../engine/supervised.ts";

export interface KeeperOptions {
  /** The program to keep running, and its arguments. */
  readonly file: string;
  readonly args: readonly string[];
  /** How long its loop may stand still before it is ended, ms. Undefined: it sends no pulse. */
  readonly stallMs?: number;
  /** Where its log goes. */
  readonly output: "inherit" | number;
}

interface KeeperEvents {
  /** It serves calls. `sinceMs`: since it was started. */
  serving: [sinceMs: number];
  /** It says that it cannot start; it is tried again all the same. */
  failed: [failure: { readonly code: string; readonly message: string; readonly mend: string }];
  /** It ended, and is started again. `why` "stalled": we ended it because its loop stood still. */
  ended: [why: "stalled" | "exit", code: number | null, signal: string | null];
}

const longestPauseMs = 2_000;
/** A process that lived this long was well: the next start is at once. */
const wellMs = 5_000;
/** Until the first pulse, starting included, ms. */
const startLimitMs = 20_000;

/**
 * Keeps one process running: starts it again when it ends, at once the first time and after a growing pause when it ends soon
 * again, and ends it by SIGKILL when its loop stands still (a frozen process does not even answer SIGTERM).
 */
export class Keeper extends EventEmitter<KeeperEvents> {
  readonly #options: KeeperOptions;
  #child: ChildProcess | undefined;
  #startedAt = 0;
  #heardAt = 0;
  #pulses = false;
  #pauseMs = 0;
  #stopping = false;
  #stalled = false;
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
    const { file, args, output } = this.#options;
    this.#startedAt = this.#heardAt = performance.now();
    this.#pulses = this.#stalled = false;
    const child = fork(file, args, {
      stdio: ["ignore", output, output, "ipc"],
      execArgv: ["--disable-warning=ExperimentalWarning"],
      detached: true,
    });
    this.#child = child;
    child.on("message", (word: EngineWord) => this.#hear(word));
    child.on("error", () => child.kill("SIGKILL"));
    child.once("exit", (code, signal) => this.#ended(code, signal));
  }

  #hear(word: EngineWord): void {
    this.#heardAt = performance.now();
    this.#pulses = true;
    if (word === "serving") this.emit("serving", this.#heardAt - this.#startedAt);
    else if (word !== "pulse") this.emit("failed", word.failed);
  }

  #look(): void {
    const limit = this.#pulses ? (this.#options.stallMs ?? startLimitMs) : startLimitMs;
    if (!this.#child || performance.now() - this.#heardAt < limit) return;
    this.#stalled = true;
    this.#child.kill("SIGKILL");
  }

  #ended(code: number | null, signal: string | null): void {
    this.#child = undefined;
    if (this.#stopping) return;
    this.emit("ended", this.#stalled ? "stalled" : "exit", code, signal);
    const lived = performance.now() - this.#startedAt;
    this.#pauseMs = lived > wellMs ? 0 : Math.min(longestPauseMs, this.#pauseMs * 2 + 50);
    this.#retry = setTimeout(() => this.#start(), this.#pauseMs);
  }
}
