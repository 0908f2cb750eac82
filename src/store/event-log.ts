/**
 * The one log. Entries are of two sorts: `input` (an event as it came to the core: what state is rebuilt from) and
 * `fact` (what the core concluded: what figures are computed from).
 */
export interface LogEntry {
  /** Strictly rising, given by the engine. */
  readonly seq: number;
  /** ms since the epoch, UTC. */
  readonly at: number;
  readonly sort: "input" | "fact";
  /** The event's or fact's `type`. */
  readonly type: string;
  /** The call it belongs to, if any. */
  readonly call: string | null;
  /** The whole event or fact as JSON. */
  readonly json: string;
}

/** A stored state of the core, from which only the inputs after `seq` need to be replayed. */
export interface Snapshot {
  readonly seq: number;
  readonly json: string;
}

export type Durability = "durable" | "late" | "failed";

/** What is wrong with the log, if anything. `backlog`: entries not yet on the disk itself; some, while all is well. */
export interface LogHealth {
  readonly ok: boolean;
  readonly code?: "STORE_FAILED" | "STORE_FULL";
  readonly message?: string;
  readonly backlog: number;
}

/** A time during which the disk took nothing. The entries `firstSeq` to `lastSeq` were kept in memory and written afterwards. */
export interface DegradedTime {
  /** ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly code: "STORE_FAILED" | "STORE_FULL";
  readonly message: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/**
 * The engine's side: append never waits for the disk. One writer per store; a second `open` fails with STORE_LOCKED.
 *
 * | an entry is           | when                                          | and then outlives                                 |
 * |-----------------------|-----------------------------------------------|---------------------------------------------------|
 * | appended              | at once                                       | nothing: it is in the process's memory            |
 * | written               | within some ms; at once with `flush`          | the end of the process, kill -9 included          |
 * | settled ("durable")   | within some 100 ms; at once with `settled`    | a crash of the system and a loss of power, too    |
 *
 * What is lost is always a last part of the log, never something from its middle.
 */
export interface EventLog {
  /** Takes entries over at once; a writer thread writes them in groups, in order, and keeps what the disk refused until it takes it. Errors: EVENT_INVALID when `seq` does not rise, STORE_FAILED after `close`. */
  append(entries: readonly LogEntry[]): void;
  /** Asks for what was appended to be written (handed to the operating system) now rather than with the next group; waits for nothing. */
  flush(): void;
  /** Resolves when everything up to `seq` is on the disk itself ("durable"), when `maxMs` have passed ("late"), or when the disk fails ("failed"). Never rejects. */
  settled(seq: number, maxMs: number): Promise<Durability>;
  /** Stores a snapshot after everything appended before it. Old snapshots go; the newest two stay. */
  saveSnapshot(snapshot: Snapshot): void;
  /**
   * Takes out of what is stored who called in these calls: numbers in their entries become null, and snapshots but the newest go. To
   * be asked for after a snapshot that the calls are over in: what lies before that is never replayed. Waits for nothing; done after
   * everything appended before it, and asked for again after a kill by whoever still knows the calls.
   */
  erase(calls: readonly string[]): void;
  health(): LogHealth;
  /** Puts all on the disk itself and lets go. Errors: STORE_FAILED when something could not be written. */
  close(): Promise<void>;
}

/** Which entries to read; all bounds optional. `from` inclusive, `to` exclusive, ms since the epoch. */
export interface LogQuery {
  readonly sort?: "input" | "fact";
  readonly types?: readonly string[];
  readonly after?: number;
  readonly from?: number;
  readonly to?: number;
  readonly call?: string;
}

/** The readers' side: usable beside a running writer, from any process. */
export interface LogReader {
  /** In order of `seq`, in pages so that a reader never holds the whole log. */
  read(query: LogQuery): AsyncIterable<readonly LogEntry[]>;
  lastSeq(): Promise<number>;
  latestSnapshot(): Promise<Snapshot | undefined>;
  degradedTimes(): Promise<readonly DegradedTime[]>;
  close(): Promise<void>;
}
