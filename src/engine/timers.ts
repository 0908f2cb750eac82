/**
 * The core's timers on the process's own clock. Deadlines are measured on the monotonic clock, so a clock that is set
 * meanwhile moves none of them.
 */
export class Timers {
  readonly #fire: (timer: string) => void;
  readonly #set = new Map<string, NodeJS.Timeout>();

  constructor(fire: (timer: string) => void) {
    this.#fire = fire;
  }

  /** `inMs` from now; what is already over fires in the next turn of the loop. */
  set(timer: string, inMs: number): void {
    clearTimeout(this.#set.get(timer));
    const handle = setTimeout(
      () => {
        this.#set.delete(timer);
        this.#fire(timer);
      },
      Math.max(0, inMs),
    );
    this.#set.set(timer, handle);
  }

  clear(timer: string): void {
    clearTimeout(this.#set.get(timer));
    this.#set.delete(timer);
  }

  clearAll(): void {
    for (const handle of this.#set.values()) clearTimeout(handle);
    this.#set.clear();
  }
}
