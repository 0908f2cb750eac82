import { setImmediate } from "node:timers/promises";
import Database from "better-sqlite3";
import type { DegradedTime, LogEntry, LogQuery, LogReader, Snapshot } from "../event-log.ts";
import { storeError } from "./failure.ts";

/** Entries of one page: reading it holds up the process for 2 or 3 ms; between pages everything else has its turn. */
const pageSize = 1000;

const columns = "seq, at, sort, type, call, json";

/**
 * Reads a log beside its writer, from any process, over a read-only connection of its own, which is opened at the first
 * question. The few statements are plain SQL: Kysely would take a good part of the engine's restart to load.
 * Errors of every function: STORE_FAILED, also when no engine has made the file yet.
 */
export function openSqliteReader(options: { readonly file: string }): LogReader {
  return new SqliteReader(options.file);
}

class SqliteReader implements LogReader {
  readonly #file: string;
  #db: Database.Database | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  async *read(query: LogQuery): AsyncIterable<readonly LogEntry[]> {
    if (query.types !== undefined) yield* this.#readTypes(query, query.types);
    else yield* this.#readInOrder(query);
  }

  async lastSeq(): Promise<number> {
    return this.#ask((db) => db.prepare<[], number>("select coalesce(max(seq), 0) from entry").pluck().get() ?? 0);
  }

  async latestSnapshot(): Promise<Snapshot | undefined> {
    return this.#ask((db) => db.prepare<[], Snapshot>("select seq, json from snapshot order by seq desc limit 1").get());
  }

  async degradedTimes(): Promise<readonly DegradedTime[]> {
    return this.#ask((db) =>
      db
        .prepare<[], DegradedTime>(
          'select began_at "from", ended_at "to", code, message, first_seq firstSeq, last_seq lastSeq from degraded order by first_seq',
        )
        .all(),
    );
  }

  async close(): Promise<void> {
    this.#db?.close();
    this.#db = undefined;
  }

  /** Page after page by `seq`, from the last one seen. */
  async *#readInOrder(query: LogQuery): AsyncIterable<readonly LogEntry[]> {
    const { clauses, values } = conditions(query);
    const where = ["seq > ?", ...clauses].join(" and ");
    const sql = `select ${columns} from entry where ${where} order by seq limit ${pageSize}`;
    let after = query.after ?? 0;
    for (;;) {
      const page = this.#ask((db) => db.prepare<unknown[], LogEntry>(sql).all(after, ...values));
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      if (page.length < pageSize) return;
      await setImmediate();
      after = last.seq;
    }
  }

  /**
   * By type: the index on (type, at) gives the numbers alone, in one quick scan; the entries are then fetched page by
   * page. Sorting whole entries, or passing over all entries in between, would take several times longer.
   */
  async *#readTypes(query: LogQuery, types: readonly string[]): AsyncIterable<readonly LogEntry[]> {
    const { clauses, values } = conditions(query);
    const where = ["type in (select value from json_each(?))", "seq > ?", ...clauses].join(" and ");
    const bound = [JSON.stringify(types), query.after ?? 0, ...values];
    const seqs = this.#ask((db) =>
      db
        .prepare<unknown[], number>(`select seq from entry where ${where} order by seq`)
        .pluck()
        .all(...bound),
    );
    const fetch = `select ${columns} from entry where seq in (select value from json_each(?)) order by seq`;
    for (let start = 0; start < seqs.length; start += pageSize) {
      const wanted = JSON.stringify(seqs.slice(start, start + pageSize));
      yield this.#ask((db) => db.prepare<unknown[], LogEntry>(fetch).all(wanted));
      await setImmediate();
    }
  }

  #ask<T>(question: (db: Database.Database) => T): T {
    try {
      this.#db ??= new Database(this.#file, { readonly: true, fileMustExist: true, timeout: 2000 });
      return question(this.#db);
    } catch (thrown) {
      throw storeError(thrown, this.#file);
    }
  }
}

/** The query's bounds except `after` and `types`. `sort` stands as a literal: only so does SQLite use the index of facts. */
function conditions(query: LogQuery): { clauses: string[]; values: unknown[] } {
  const clauses: string[] = [];
  const values: unknown[] = [];
  const bound = (clause: string, value: unknown) => {
    if (value === undefined) return;
    clauses.push(clause);
    values.push(value);
  };
  if (query.sort !== undefined) clauses.push(`sort = '${query.sort === "fact" ? "fact" : "input"}'`);
  bound("at >= ?", query.from);
  bound("at < ?", query.to);
  bound("call = ?", query.call);
  return { clauses, values };
}
