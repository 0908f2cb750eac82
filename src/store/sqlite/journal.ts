import type Database from "better-sqlite3";
import type { LogEntry, Snapshot } from "../event-log.ts";
import { storeCode } from "./failure.ts";

/** So many entries at most in one transaction: after a long stop of the disk the backlog goes down in steps. */
const entriesPerCommit = 4000;
const snapshotsKept = 2;

/** What a commit came to. */
export interface Committed {
  /** Everything up to here is on disk … */
  readonly seq: number;
  /** … so many entries since the journal began. */
  readonly written: number;
  /** Set when the database refused; what it refused is kept. */
  readonly failure?: { readonly code: "STORE_FULL" | "STORE_FAILED"; readonly message: string };
}

/**
 * The writer's side of the log: keeps entries until the database has taken them, in order. It has no thread and no
 * timer of its own; the thread around it decides when to commit.
 *
 * A time during which the database refused is marked by a row in `degraded`, written together with the first entries
 * that were taken again.
 */
export class Journal {
  readonly #open: () => Database.Database;
  #writer: Writer | undefined;
  #queue: LogEntry[] = [];
  #snapshot: Snapshot | undefined;
  #seq = 0;
  #written = 0;
  #trouble: { readonly since: number; readonly code: string; readonly message: string } | undefined;

  /** `open` gives a connection to an up-to-date database; it is called again after a failure other than a full disk. */
  constructor(open: () => Database.Database) {
    this.#open = open;
  }

  /** Everything it was given is on disk. */
  get idle(): boolean {
    return this.#queue.length === 0 && this.#snapshot === undefined;
  }

  add(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#queue.push(entry);
  }

  /** Only the newest snapshot is worth writing. */
  keep(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
  }

  /** Puts the next group on disk. `now`: ms since the epoch. */
  commit(now: number): Committed {
    try {
      this.#writer ??= makeWriter(this.#open());
      this.#commitEntries(this.#writer, now);
      this.#trouble = undefined;
      // After the entries it builds on, and in a transaction of its own: it needs more room than they do.
      if (this.#queue.length === 0) this.#commitSnapshot(this.#writer);
      return { seq: this.#seq, written: this.#written };
    } catch (thrown) {
      const code = storeCode(thrown);
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.#trouble ??= { since: now, code, message };
      // A connection that failed may be broken for good: the next commit opens another.
      if (code !== "STORE_FULL") this.close();
      return { seq: this.#seq, written: this.#written, failure: { code, message } };
    }
  }

  close(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.close();
  }

  #commitEntries(writer: Writer, now: number): void {
    const group = this.#queue.slice(0, entriesPerCommit);
    const first = group[0];
    const last = group.at(-1);
    if (first === undefined || last === undefined) return;
    const trouble = this.#trouble;
    const end = this.#queue.at(-1)?.seq ?? last.seq;
    writer.entries(group, trouble && [trouble.since, now, trouble.code, trouble.message, first.seq, end]);
    this.#queue = this.#queue.slice(group.length);
    this.#seq = last.seq;
    this.#written += group.length;
  }

  #commitSnapshot(writer: Writer): void {
    if (this.#snapshot === undefined) return;
    writer.snapshot(this.#snapshot);
    this.#snapshot = undefined;
  }
}

type DegradedRow = readonly [since: number, until: number, code: string, message: string, first: number, last: number];

interface Writer {
  entries(group: readonly LogEntry[], degraded: DegradedRow | undefined): void;
  snapshot(snapshot: Snapshot): void;
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
  return {
    entries: db.transaction((group: readonly LogEntry[], degraded: DegradedRow | undefined) => {
      if (degraded !== undefined) mark.run(...degraded);
      for (const { seq, at, sort, type, call, json } of group) insert.run(seq, at, sort, type, call, json);
    }).immediate,
    snapshot: db.transaction((snapshot: Snapshot) => {
      insertSnapshot.run(snapshot.seq, snapshot.json);
      dropOlder.run(snapshotsKept);
    }).immediate,
    close: () => {
      db.close();
    },
  };
}
