import type { Outbox, Outgoing } from "../../src/store/outbox-port.ts";

type Kept = Outgoing & { readonly due: number };

/** An outbox for tests of who sends from one. */
export class MemoryOutbox implements Outbox {
  readonly kept = new Map<string, Kept>();

  put(key: string, to: string, due: number): void {
    if (!this.kept.has(key)) this.kept.set(key, { key, to, failures: 0, due });
  }

  async due(now: number, most: number): Promise<readonly Outgoing[]> {
    const due = [...this.kept.values()].filter((one) => one.due <= now);
    const inOrder = due.sort((a, b) => a.due - b.due || (a.key < b.key ? -1 : 1));
    return inOrder.slice(0, most).map(({ due: _, ...one }) => one);
  }

  async done(key: string): Promise<void> {
    this.kept.delete(key);
  }

  async again(one: Outgoing, again: number): Promise<void> {
    this.kept.set(one.key, { ...one, failures: one.failures + 1, due: again });
  }
}
