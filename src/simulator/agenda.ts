/**
 * What is to come, soonest first; what is due at the same moment in the order in which it was planned. A binary heap in typed
 * arrays: millions of events pass through it, and none is an object.
 */
export class Agenda {
  /** The event that `next` took out: its moment (ms since the epoch), its kind, whom it is about, and a number to know stale ones by. */
  at = 0;
  kind = 0;
  about = 0;
  stamp = 0;
  #size = 0;
  #planned = 0;
  #at = new Float64Array(1024);
  #order = new Float64Array(1024);
  #what = new Int32Array(1024);
  #stamp = new Int32Array(1024);

  /** When the next event is due; Infinity when there is none. */
  get due(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#at[0] ?? 0);
  }

  /** `kind`: 0–15. `about`: up to 2²⁷. */
  plan(at: number, kind: number, about: number, stamp: number): void {
    if (this.#size === this.#at.length) this.#grow();
    const order = this.#planned++;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.#before(at, order, parent)) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#put(hole, at, order, (about << 4) | kind, stamp);
  }

  /** Takes the next event out. false when there is none. */
  next(): boolean {
    if (this.#size === 0) return false;
    const what = this.#what[0] ?? 0;
    this.at = this.#at[0] ?? 0;
    this.kind = what & 15;
    this.about = what >> 4;
    this.stamp = this.#stamp[0] ?? 0;
    const last = --this.#size;
    if (last > 0) this.#sink(this.#at[last] ?? 0, this.#order[last] ?? 0, this.#what[last] ?? 0, this.#stamp[last] ?? 0);
    return true;
  }

  #sink(at: number, order: number, what: number, stamp: number): void {
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(this.#at[child + 1] ?? 0, this.#order[child + 1] ?? 0, child)) child++;
      if (this.#before(at, order, child)) break;
      this.#move(child, hole);
      hole = child;
    }
    this.#put(hole, at, order, what, stamp);
  }

  #before(at: number, order: number, other: number): boolean {
    const otherAt = this.#at[other] ?? 0;
    return at < otherAt || (at === otherAt && order < (this.#order[other] ?? 0));
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#at[from] ?? 0, this.#order[from] ?? 0, this.#what[from] ?? 0, this.#stamp[from] ?? 0);
  }

  #put(place: number, at: number, order: number, what: number, stamp: number): void {
    this.#at[place] = at;
    this.#order[place] = order;
    this.#what[place] = what;
    this.#stamp[place] = stamp;
  }

  #grow(): void {
    const size = this.#at.length * 2;
    const larger = <T extends Float64Array | Int32Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#at = larger(new Float64Array(size), this.#at);
    this.#order = larger(new Float64Array(size), this.#order);
    this.#what = larger(new Int32Array(size), this.#what);
    this.#stamp = larger(new Int32Array(size), this.#stamp);
  }
}
