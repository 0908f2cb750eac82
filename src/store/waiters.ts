import type { Durability } from "./event-log.ts";

interface Waiter {
  readonly seq: number;
  readonly end: (durability: Durability) => void;
}

/** Those who wait until a log entry is on disk. Each is answered exactly once. */
export class Waiters {
  #waiting: Waiter[] = [];

  /** Resolves at the latest after `maxMs`, then with "late". */
  wait(seq: number, maxMs: number): Promise<Durability> {
    return new Promise((resolve) => {
      const end = (durability: Durability) => {
        clearTimeout(timer);
        resolve(durability);
      };
      const waiter: Waiter = { seq, end };
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        end("late");
      }, maxMs);
      this.#waiting.push(waiter);
    });
  }

  /** Everything up to `seq` is on disk. */
  settle(seq: number): void {
    this.#answer((waiter) => waiter.seq <= seq, "durable");
  }

  /** The disk fails. */
  fail(): void {
    this.#answer(() => true, "failed");
  }

  #answer(which: (waiter: Waiter) => boolean, durability: Durability): void {
    if (this.#waiting.length === 0) return;
    const answered = this.#waiting.filter(which);
    this.#waiting = this.#waiting.filter((waiter) => !which(waiter));
    for (const waiter of answered) waiter.end(durability);
  }
}
