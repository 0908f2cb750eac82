import type Database from "better-sqlite3";
import { withoutCallers } from "../erase.ts";
import type { LogEntry, Snapshot } from "../event-log.ts";
import { storeCode } from "./failure.ts";
import { putOnDisk } from "./sync.ts";

/** So many entries at most in one transaction: after a long stop of the disk the backlog goes down in steps. */
const entriesPerCommit = 4000;
const snapshotsKept = 2;

/** How far `commit` (with the operating system) or `sync` (on the disk itself) has come. */
export interface Reached {
  /** Everything up to here … */
  readonly seq: number;
  /** … so many entries since the journal began. */
  readonly written: number;
  /** Set when the database or the disk refused; what was refused is kept. */
  readonly failure?: { readonly code: "STORE_FULL" | "STORE_FAILED"; readonly message: string };
}

const nothing: Reached = { seq: 0, written: 0 };

/**
 * The writer's side of the log: keeps entries until the database has taken them, in order. It has no thread and no
 * timer of its own; the thread around it decides when to commit and when to sync.
 *
 * After `commit` entries survive the end of the process, kill -9 included; after `sync` a loss of power, too. The
 * database's connection has `synchronous = NORMAL`: a commit only writes, and SQLite syncs by itself where its consistency
 * needs it: the write-ahead log before each checkpoint, the database after it, the log's header when the log is begun anew
 * (https://www.sqlite.org/pragma.html#pragma_synchronous). So what is committed but not yet synced is in the write-ahead
 * log, and syncing that file is all that `synchronous = FULL` does more, with each commit.
 * A loss of power takes a last part of the log, never one from its middle.
 *
 * A time during which the database refused is marked by a row in `degraded`, written together with the first entries
 * that were taken again.
 */
export class Journal {
  readonly #open: () => Database.Database;
  readonly #syncFile: (file: string) => void;
  #writer: Writer | undefined;
  #queue: LogEntry[] = [];
  #snapshot: Snapshot | undefined;
  readonly #erase = new Set<string>();
  #committed = nothing;
  #durable = nothing;
  #unsynced = false;
  #syncFailed = false;
  #trouble: { readonly since: number; readonly code: string; readonly message: string } | undefined;

  /**
   * `open` gives a connection to an up-to-date database; it is called again after a failure other than a full disk.
   * `syncFile` puts what was written to a file on the disk itself, or throws.
   */
  constructor(open: () => Database.Database, syncFile: (file: string) => void = putOnDisk) {
    this.#open = open;
    this.#syncFile = syncFile;
  }

  /** Everything it was given is committed. */
  get idle(): boolean {
    return this.#queue.length === 0 && this.#snapshot === undefined && this.#erase.size === 0;
  }

  /** Everything that is committed is on the disk itself. */
  get synced(): boolean {
    return !this.#unsynced;
  }

  add(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#queue.push(entry);
  }

  /** Only the newest snapshot is worth writing. */
  keep(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  erase(calls: readonly string[]): void {
    for (const call of calls) this.#erase.add(call);
  }

  /** Hands the next group to the operating system. `now`: ms since the epoch. */
  commit(now: number): Reached {
    const failure = this.#attempt(now, (writer) => {
      if (this.#queue.length > 0) this.#commitEntries(writer, now);
      // After the entries it builds on, and in a transaction of its own: it needs more room than they do.
      if (this.#queue.length === 0 && this.#snapshot) this.#commitSnapshot(writer, this.#snapshot);
      if (this.#queue.length === 0 && this.#erase.size > 0) this.#commitErasure(writer);
    });
    return { ...this.#committed, ...failure };
  }

  /** Puts all that is committed on the disk itself. `now`: ms since the epoch. */
  sync(now: number): Reached {
    const failure = this.#attempt(now, (writer) => {
      if (this.#unsynced) this.#sync(writer);
      this.#durable = this.#committed;
      // Entries that were refused are still to be marked, with the commit that takes them.
      if (this.#queue.length === 0) this.#trouble = undefined;
    });
    return { ...this.#durable, ...failure };
  }

  close(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.close();
  }

  #attempt(now: number, what: (writer: Writer) => void): Pick<Reached, "failure"> | undefined {
    try {
      this.#writer ??= makeWriter(this.#open());
      what(this.#writer);
      return undefined;
    } catch (thrown) {
      const code = storeCode(thrown);
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.#trouble ??= { since: now, code, message };
      // A connection that failed may be broken for good: the next attempt opens another.
      if (code !== "STORE_FULL") this.close();
      return { failure: { code, message } };
    }
  }

  #commitEntries(writer: Writer, now: number): void {
    const group = this.#queue.slice(0, entriesPerCommit);
    const first = group[0]?.seq ?? 0;
    const last = group.at(-1)?.seq ?? first;
    const trouble = this.#trouble;
    const end = this.#queue.at(-1)?.seq ?? last;
    writer.entries(group, trouble && [trouble.since, now, trouble.code, trouble.message, first, end]);
    this.#queue = this.#queue.slice(group.length);
    this.#committed = { seq: last, written: this.#committed.written + group.length };
    this.#unsynced = true;
    this.#trouble = undefined;
  }

  #commitSnapshot(writer: Writer, snapshot: Snapshot): void {
    writer.snapshot(snapshot);
    this.#snapshot = undefined;
    this.#unsynced = true;
  }

  #commitErasure(writer: Writer): void {
    writer.erase(this.#erase);
    this.#erase.clear();
    this.#unsynced = true;
  }

  /**
   * Once a sync has failed, the next may say that all is well although pages are lost. Then everything is copied from the
   * write-ahead log to the database, another file, which SQLite syncs.
   */
  #sync(writer: Writer): void {
    try {
      if (this.#syncFailed) writer.checkpoint();
      else this.#syncFile(writer.walFile);
    } catch (thrown) {
      this.#syncFailed = true;
      throw thrown;
    }
    this.#unsynced = this.#syncFailed = false;
  }
}

type Row = Pick<LogEntry, "seq" | "type" | "call" | "json">;
type DegradedRow = readonly [since: number, until: number, code: string, message: string, first: number, last: number];

interface Writer {
  readonly walFile: string;
  entries(group: readonly LogEntry[], degraded: DegradedRow | undefined): void;
  snapshot(snapshot: Snapshot): void;
  erase(calls: ReadonlySet<string>): void;
  /** Errors also when a reader has kept it from being whole. */
  checkpoint(): void;
  close(): void;
}

function makeWriter(db: Database.Database): Writer {
  // A commit that ended in an I/O error may have reached the disk all the same: the same entry twice is no error.
  const insert = db.prepare(
    "insert into entry (seq, at, sort, type, call, json) values (?, ?, ?, ?, ?, ?) on conflict do nothing",
  );
  const mark = db.prepare(
    "insert into degraded (began_at, ended_at, code, message, first_seq, last_seq) values (?, ?, ?, ?, ?, ?)",
  );
  const insertSnapshot = db.prepare("insert or replace into snapshot (seq, json) values (?, ?)");
  const dropOlder = db.prepare("delete from snapshot where seq not in (select seq from snapshot order by seq desc limit ?)");
  const ofCall = db.prepare<[string], Row>("select seq, type, call, json from entry where call = ?");
  const readBacks = db.prepare<[number], Row>("select seq, type, call, json from entry where seq > ? and type = 'read-back'");
  const rewrite = db.prepare("update entry set json = ? where seq = ?");
  return {
    walFile: `${db.name}-wal`,
    entries: db.transaction((group: readonly LogEntry[], degraded: DegradedRow | undefined) => {
      if (degraded !== undefined) mark.run(...degraded);
      for (const { seq, at, sort, type, call, json } of group) insert.run(seq, at, sort, type, call, json);
    }).immediate,
    snapshot: db.transaction((snapshot: Snapshot) => {
      insertSnapshot.run(snapshot.seq, snapshot.json);
      dropOlder.run(snapshotsKept);
    }).immediate,
    erase: db.transaction((calls: ReadonlySet<string>) => {
      const own = [...calls].flatMap((call) => ofCall.all(call));
      const began = Math.min(...own.map(({ seq }) => seq));
      for (const row of [...own, ...(own.length > 0 ? readBacks.all(began) : [])]) {
        const json = withoutCallers(row, calls);
        if (json !== undefined) rewrite.run(json, row.seq);
      }
      dropOlder.run(1);
    }).immediate,
    checkpoint: () => {
      if (db.pragma("wal_checkpoint(FULL)", { simple: true }) !== 0) throw new Error("a reader holds up the checkpoint");
    },
    close: () => {
      db.close();
    },
  };
}
