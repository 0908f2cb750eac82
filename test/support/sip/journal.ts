import { patienceMs } from "../patience.ts";

interface Waiter<T> {
  readonly matches: (item: T) => boolean;
  readonly found: (item: T) => void;
}

/** Everything that happened, in order, and a way to wait for what has happened already or is yet to come. */
export class Journal<T> {
  readonly all: T[] = [];
  readonly #name: string;
  readonly #show: (item: T) => string;
  readonly #takers: ((item: T) => void)[] = [];
  readonly #waiters = new Set<Waiter<T>>();

  constructor(name: string, show: (item: T) => string = String) {
    this.#name = name;
    this.#show = show;
  }

  /** Calls `take` with each item from now on. */
  each(take: (item: T) => void): void {
    this.#takers.push(take);
  }

  add(item: T): void {
    this.all.push(item);
    for (const take of this.#takers) take(item);
    for (const waiter of [...this.#waiters]) {
      if (!waiter.matches(item)) continue;
      this.#waiters.delete(waiter);
      waiter.found(item);
    }
  }

  /**
   * The first item from number `from` on that matches. Rejects after `limitMs` with what was waited for and what came instead.
   */
  when(what: string, matches: (item: T) => boolean, from = 0, limitMs = patienceMs): Promise<T> {
    const seen = this.all.slice(from).find(matches);
    if (seen !== undefined) return Promise.resolve(seen);
    // Made here, so that its stack shows the line of the test that waits.
    const late = new Error();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        const came = this.all.map(this.#show).join(", ");
        // Sound comes 50 times a second.
        late.message = `${this.#name}: waited ${limitMs} ms for ${what}; came: ${came.replace(/(♪, )+/g, "♪ … ") || "nothing"}`;
        reject(late);
      }, limitMs).unref(); // what nobody waits for any more must not keep the process
      const waiter: Waiter<T> = {
        matches,
        found: (item) => {
          clearTimeout(timer);
          resolve(item);
        },
      };
      this.#waiters.add(waiter);
    });
  }
}
