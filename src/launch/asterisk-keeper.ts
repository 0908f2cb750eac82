import { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { type Instance, type RunningAsterisk, startAsterisk } from "../telephony/asterisk/index.ts";

interface AsteriskKeeperEvents {
  /** It ended without having been told to, and its calls with it; it is started again. */
  ended: [];
  /** It is there again. `bootMs`: from the start of the process to the first answer. */
  serving: [bootMs: number];
  /** It could not be started again; it is tried on. */
  failed: [error: KontaktlotsError];
}

const longestPauseMs = 2_000;

/**
 * Keeps Asterisk running: starts it again when it ends, for ever. The engine notices both by itself: its line goes and comes
 * back, and what it then reads back says which calls are gone.
 */
export class AsteriskKeeper extends EventEmitter<AsteriskKeeperEvents> {
  readonly #instance: Instance;
  #running: RunningAsterisk | undefined;
  #restart: Promise<void> | undefined;
  readonly #stopping = new AbortController();

  /** The first start, whose failure is the caller's. Errors: PORT_TAKEN, ASTERISK_MISSING, ASTERISK_START_FAILED. */
  static async start(instance: Instance): Promise<AsteriskKeeper> {
    return new AsteriskKeeper(instance, await startAsterisk(instance));
  }

  private constructor(instance: Instance, running: RunningAsterisk) {
    super();
    this.#instance = instance;
    this.#keep(running);
  }

  /** The present process's id; undefined between two. */
  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Runs a command of Asterisk's command line. Errors: ASTERISK_UNREACHABLE. */
  async command(line: string): Promise<string> {
    if (this.#running) return await this.#running.command(line);
    throw new KontaktlotsError("ASTERISK_UNREACHABLE", "Asterisk is starting again.", "Wait until it is there.");
  }

  /** Ends it with all its calls, and starts it no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#restart;
    await this.#running?.stop();
  }

  #keep(running: RunningAsterisk): void {
    this.#running = running;
    void running.exited.then(() => {
      this.#running = undefined;
      if (this.#stopping.signal.aborted) return;
      this.emit("ended");
      this.#restart = this.#startAgain();
    });
  }

  async #startAgain(): Promise<void> {
    const { signal } = this.#stopping;
    for (let pauseMs = 50; !signal.aborted; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
      try {
        const running = await startAsterisk(this.#instance);
        this.#keep(running);
        this.emit("serving", running.bootMs);
        return;
      } catch (error) {
        this.emit("failed", asKontaktlotsError(error));
      }
      await delay(pauseMs, undefined, { signal }).catch(() => undefined); // cut short by `stop`
    }
  }
}
