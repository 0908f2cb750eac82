/** What is due next: a binary heap by time, first in first out at the same instant. */
export class TimeHeap<T> {
  readonly #heap: { readonly due: number; readonly n: number; readonly item: T }[] = [];
  #pushed = 0;

  push(due: number, item: T): void {
    const heap = this.#heap;
    const entry = { due, n: this.#pushed++, item };
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (!parent || before(parent, entry)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  pop(): { readonly due: number; readonly item: T } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      if (!left) break;
      const right = heap[2 * at + 2];
      const down = right && before(right, left) ? 2 * at + 2 : 2 * at + 1;
      const child = heap[down];
      if (!child || before(last, child)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
    return first;
  }
}

const before = (a: { due: number; n: number }, b: { due: number; n: number }): boolean =>
  a.due !== b.due ? a.due < b.due : a.n < b.n;
