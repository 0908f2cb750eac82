import type { Logger } from "pino";
import type { LiveMessage } from "../contract.ts";
import type { Figures } from "../deps.ts";

/** Least time between two looks at the figures, ms. */
const pauseMs = 1000;

/**
 * Keeps the figures of the day current: at most one look a second, and only after something happened. Two looks for each change:
 * what the engine tells of at once may reach the log a moment after the first.
 */
export class Today {
  /** The last `today` message, as JSON. */
  latest: string | undefined;
  readonly #figures: Figures;
  readonly #log: Logger;
  readonly #tell: (json: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;
  #looksWanted = 0;
  #closed = false;

  constructor(figures: Figures, log: Logger, tell: (json: string) => void) {
    this.#figures = figures;
    this.#log = log;
    this.#tell = tell;
  }

  /** Something happened that may change them. */
  changed(): void {
    if (this.#closed) return;
    this.#looksWanted = 2;
    if (this.#timer === undefined && !this.#looking) void this.#look();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    this.#looksWanted -= 1;
    try {
      const text = JSON.stringify({ type: "today", rows: await this.#figures.today() } satisfies LiveMessage);
      if (text !== this.latest) this.#tell(text);
      this.latest = text;
    } catch (error) {
      this.#log.warn({ err: error }, "The figures of the day could not be read; the next change tries again.");
    }
    this.#looking = false;
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#looksWanted > 0) void this.#look();
    }, pauseMs);
  }
}
