import type Database from "better-sqlite3";
import type { Outbox, Outgoing } from "../outbox-port.ts";
import { storeError } from "./failure.ts";

/**
 * The outbox of a store in SQLite, and up to where that store has followed the log (`outbox-schema.ts`). What is not async is for
 * the store's own transactions; its errors are SQLite's.
 */
export class SqliteOutbox implements Outbox {
  readonly #db: Database.Database;
  readonly #file: string;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
  }

  async due(now: number, most: number): Promise<readonly Outgoing[]> {
    const sql = 'select key, receiver as "to", failures from outbox where due <= ? order by due, key limit ?';
    return this.#ask(() => this.#db.prepare<[number, number], Outgoing>(sql).all(now, most));
  }

  async done(key: string): Promise<void> {
    this.#ask(() => this.remove(key));
  }

  async again({ key, to, failures }: Outgoing, again: number): Promise<void> {
    const sql = "insert or replace into outbox (key, receiver, due, failures) values (?, ?, ?, ?)";
    this.#ask(() => this.#db.prepare(sql).run(key, to, again, failures + 1));
  }

  position(): number {
    return this.#db.prepare<[], number>("select position from followed").pluck().get() ?? 0;
  }

  /** Whether the log has not been followed so far before. */
  moveTo(position: number): boolean {
    return this.#db.prepare("update followed set position = ? where position < ?").run(position, position).changes > 0;
  }

  put(key: string, to: string, due: number): void {
    const sql = "insert into outbox (key, receiver, due, failures) values (?, ?, ?, 0) on conflict do nothing";
    this.#db.prepare(sql).run(key, to, due);
  }

  remove(key: string): void {
    this.#db.prepare("delete from outbox where key = ?").run(key);
  }

  #ask<T>(question: () => T): T {
    try {
      return question();
    } catch (thrown) {
      throw storeError(thrown, this.#file);
    }
  }
}
