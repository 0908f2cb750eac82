import type { Logger } from "pino";
import { KontaktlotsError } from "../core/errors.ts";

/** Wrong PINs from one line, and from all lines together, after which no PIN is looked at. */
const mostWrong = { line: 5, all: 25 };
/** For how long, ms. */
const lockMs = 15 * 60_000;

/**
 * Keeps PINs from being guessed: after five wrong ones from a line that line is locked for 15 minutes; after 25 from all lines, for a
 * caller's number is easily forged, all are. The page sets announcements meanwhile.
 */
export class PinGuard {
  readonly #wrong = new Map<string, number[]>();
  readonly #now: () => number;
  readonly #log: Logger;

  constructor(now: () => number, log: Logger) {
    this.#now = now;
    this.#log = log;
  }

  /** Whether the PIN is right, and whose; undefined when not, or when too many were wrong. `line`: the caller's number. */
  async admit(line: string, check: () => Promise<string | undefined>): Promise<string | undefined> {
    const wrong = this.#recent(line);
    if (wrong.length >= mostWrong.line || this.#all() >= mostWrong.all) return undefined;
    // Counted before it is looked at: many tries at a time are many tries.
    const tried = this.#now();
    wrong.push(tried);
    const who = await check().catch((thrown: unknown) => {
      wrong.splice(wrong.lastIndexOf(tried), 1); // the store failed: nobody knows whether the PIN was wrong
      throw thrown;
    });
    if (who !== undefined) {
      this.#wrong.delete(line);
      return who;
    }
    if (wrong.length >= mostWrong.line || this.#all() >= mostWrong.all) this.#tell(line);
    return undefined;
  }

  #recent(line: string): number[] {
    const since = this.#now() - lockMs;
    const wrong = this.#wrong.get(line) ?? [];
    const past = wrong.findLastIndex((at) => at <= since) + 1;
    wrong.splice(0, past);
    this.#wrong.set(line, wrong);
    return wrong;
  }

  #all(): number {
    return [...this.#wrong.keys()].reduce((sum, line) => sum + this.#recent(line).length, 0);
  }

  #tell(line: string): void {
    const error = new KontaktlotsError(
      "PIN_LOCKED",
      `Too many wrong PINs were keyed from ${line}; none is looked at for ${lockMs / 60_000} minutes.`,
      "Set announcements on the page meanwhile; give a new PIN if somebody guesses.",
    );
    this.#log.warn({ code: error.code, line }, error.line);
  }
}
