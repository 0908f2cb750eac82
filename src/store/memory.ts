import { KontaktlotsError } from "../core/errors.ts";
import { withoutCallers } from "./erase.ts";
import type { DegradedTime, Durability, EventLog, LogEntry, LogHealth, LogQuery, LogReader, Snapshot } from "./event-log.ts";
import { checkSequence } from "./sequence.ts";
import { Waiters } from "./waiters.ts";

/** A log that lives as long as its process: for tests and the simulator. */
export function openMemoryLog(): { log: EventLog; reader: LogReader; lastSeq: number } {
  const memory = new MemoryLog();
  return { log: memory, reader: new MemoryReader(memory), lastSeq: 0 };
}

const pageSize = 1000;

class MemoryLog implements EventLog {
  readonly entries: LogEntry[] = [];
  snapshot: Snapshot | undefined;
  readonly #waiters = new Waiters();
  #lastSeq = 0;
  #closed = false;

  append(entries: readonly LogEntry[]): void {
    if (this.#closed) throw new KontaktlotsError("STORE_FAILED", "The log is closed.", "Append before closing.");
    this.#lastSeq = checkSequence(this.#lastSeq, entries);
    this.entries.push(...entries);
    this.#waiters.settle(this.#lastSeq);
  }

  flush(): void {
    // There is no disk: what is appended is there.
  }

  settled(seq: number, maxMs: number): Promise<Durability> {
    return seq <= this.#lastSeq ? Promise.resolve("durable") : this.#waiters.wait(seq, maxMs);
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.snapshot = snapshot;
  }

  erase(calls: readonly string[]): void {
    const over = new Set(calls);
    for (const [index, entry] of this.entries.entries()) {
      const json = withoutCallers(entry, over);
      if (json !== undefined) this.entries[index] = { ...entry, json };
    }
  }

  health(): LogHealth {
    return { ok: true, backlog: 0 };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiters.fail();
  }
}

class MemoryReader implements LogReader {
  readonly #log: MemoryLog;

  constructor(log: MemoryLog) {
    this.#log = log;
  }

  async *read(query: LogQuery): AsyncIterable<readonly LogEntry[]> {
    const wanted = this.#log.entries.filter((entry) => matches(entry, query));
    for (let start = 0; start < wanted.length; start += pageSize) yield wanted.slice(start, start + pageSize);
  }

  async lastSeq(): Promise<number> {
    return this.#log.entries.at(-1)?.seq ?? 0;
  }

  async latestSnapshot(): Promise<Snapshot | undefined> {
    return this.#log.snapshot;
  }

  async degradedTimes(): Promise<readonly DegradedTime[]> {
    return [];
  }

  async close(): Promise<void> {}
}

function matches(entry: LogEntry, query: LogQuery): boolean {
  return (
    (query.sort === undefined || entry.sort === query.sort) &&
    (query.types === undefined || query.types.includes(entry.type)) &&
    (query.after === undefined || entry.seq > query.after) &&
    (query.from === undefined || entry.at >= query.from) &&
    (query.to === undefined || entry.at < query.to) &&
    (query.call === undefined || entry.call === query.call)
  );
}
