import { randomInt } from "node:crypto";
import type Database from "better-sqlite3";
import { KontaktlotsError } from "../../core/errors.ts";
import type { MatterStatus } from "../../core/events.ts";
import {
  type Matter,
  type MatterKind,
  type MatterSound,
  type MatterStore,
  matterNumber,
  type NewMatter,
  wrongCodes,
} from "../matter-port.ts";
import { storeError } from "./failure.ts";
import { type FileOptions, openFile } from "./open-file.ts";
import { SqliteOutbox } from "./outbox.ts";

type Reserved = Pick<Row, "number" | "code">;

interface Row {
  readonly number: string;
  readonly code: string;
  readonly kind: MatterKind;
  readonly status: MatterStatus;
  readonly created_at: number;
  readonly owner_group: string;
  readonly officer: string | null;
  readonly caller: string | null;
  readonly call: string;
  readonly recording: number | null;
  readonly ms: number | null;
  readonly sound: MatterSound | null;
}

/**
 * Opens the matters; the front writes them, the engine asks beside it. `patienceMs`: how long to wait for the other.
 * Errors: STORE_FAILED, STORE_FULL.
 */
export async function openMatters(options: FileOptions): Promise<MatterStore> {
  const load = async () => (await import("./matter-schema.ts")).matterMigrations;
  return new SqliteMatters(await openFile(options, { version: 3, load }), options.file);
}

class SqliteMatters implements MatterStore {
  readonly letters: SqliteOutbox;
  readonly #db: Database.Database;
  readonly #file: string;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
    this.letters = new SqliteOutbox(db, file);
  }

  async position(): Promise<number> {
    return this.#ask(() => this.letters.position());
  }

  async take(
    position: number,
    matters: readonly { readonly year: number; readonly matter: NewMatter }[],
  ): Promise<readonly Matter[]> {
    return this.#change(() => (this.letters.moveTo(position) ? matters.map(({ year, matter }) => this.#add(year, matter)) : []));
  }

  async reserve(call: string, recording: number, year: number): Promise<Reserved> {
    return this.#change((db) => {
      const known = this.#reserved(call, recording);
      const made = db.prepare<[string, number], Reserved>("select number, code from matter where call = ? and recording = ?");
      return known ?? made.get(call, recording) ?? this.#reserve(call, recording, year);
    });
  }

  async find(number: string): Promise<Matter | undefined> {
    return this.#ask((db) => {
      const row = db.prepare<[string], Row>("select * from matter where number = ?").get(number);
      return row && matterOf(row);
    });
  }

  async list(query: { readonly most: number; readonly before?: string; readonly open?: boolean }): Promise<readonly Matter[]> {
    const { most, before = "9999-999999", open = false } = query;
    const which = open ? "number < ? and status <> 'done'" : "number < ?";
    const sql = `select * from matter where ${which} order by number desc limit ?`;
    return this.#ask((db) => db.prepare<[string, number], Row>(sql).all(before, most).map(matterOf));
  }

  async setStatus(number: string, status: MatterStatus): Promise<Matter> {
    return this.#ask((db) => {
      const sql = "update matter set status = ? where number = ? returning *";
      const row = db.prepare<[string, string], Row>(sql).get(status, number);
      if (row === undefined) throw noMatter(number);
      return matterOf(row);
    });
  }

  async awaitedSounds(): Promise<readonly Matter[]> {
    return this.#ask((db) =>
      db.prepare<[], Row>("select * from matter where sound = 'awaited' order by number").all().map(matterOf),
    );
  }

  async setSound(number: string, sound: MatterSound, ms?: number): Promise<void> {
    this.#ask((db) => {
      const sql = "update matter set sound = ?, ms = coalesce(?, ms) where number = ?";
      if (db.prepare(sql).run(sound, ms ?? null, number).changes === 0) throw noMatter(number);
    });
  }

  async statusFor(text: string, code: string, now: number): Promise<MatterStatus | undefined> {
    const number = matterNumber(text);
    if (number === undefined) return undefined;
    return this.#change((db) => {
      const row = db.prepare<[string], Row>("select * from matter where number = ?").get(number);
      if (row === undefined) return undefined;
      type Wrong = { readonly count: number; readonly since: number };
      const found = db.prepare<[string], Wrong>("select count, since from wrong_code where matter = ?").get(number);
      const wrong = found && now - found.since < wrongCodes.lockedMs ? found : { count: 0, since: now };
      if (wrong.count >= wrongCodes.most) return undefined;
      if (row.code === code) {
        if (found) db.prepare("delete from wrong_code where matter = ?").run(number);
        return row.status;
      }
      // The hour begins with the newest wrong code.
      const put = "insert or replace into wrong_code (matter, count, since) values (?, ?, ?)";
      db.prepare(put).run(number, wrong.count + 1, now);
      return undefined;
    });
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #add(year: number, matter: NewMatter): Matter {
    const { kind, createdAt, group, officer, from, call, recording, mailTo } = matter;
    const reserved = recording && this.#reserved(call, recording.n);
    if (reserved) this.#db.prepare("delete from reserved where number = ?").run(reserved.number);
    const { number, code } = reserved ?? this.#next(year);
    const sql = `insert into matter
      (number, code, kind, status, created_at, owner_group, officer, caller, call, recording, ms, sound)
      values (?, ?, ?, 'received', ?, ?, ?, ?, ?, ?, ?, ?) returning *`;
    const sound = recording ? "awaited" : null;
    const row = this.#db
      .prepare<unknown[], Row>(sql)
      .get(number, code, kind, createdAt, group, officer ?? null, from, call, recording?.n ?? null, recording?.ms ?? null, sound);
    if (row === undefined) throw new TypeError("SQLite returned no row of an insert.");
    if (mailTo !== undefined) this.letters.put(number, mailTo, createdAt);
    return matterOf(row);
  }

  #next(year: number): Reserved {
    const count = Math.max(...["matter", "reserved"].map((table) => this.#last(table, year))) + 1;
    return { number: `${year}-${String(count).padStart(6, "0")}`, code: String(randomInt(10_000)).padStart(4, "0") };
  }

  #last(table: string, year: number): number {
    const sql = `select max(number) from ${table} where number between ? and ?`;
    const last = this.#db.prepare<[string, string], string | null>(sql).pluck().get(`${year}-`, `${year}-999999`);
    return Number(last?.slice(5) ?? 0);
  }

  #reserved(call: string, recording: number): Reserved | undefined {
    const sql = "select number, code from reserved where call = ? and recording = ?";
    return this.#db.prepare<[string, number], Reserved>(sql).get(call, recording);
  }

  #reserve(call: string, recording: number, year: number): Reserved {
    const reserved = this.#next(year);
    const sql = "insert into reserved (call, recording, number, code) values (?, ?, ?, ?)";
    this.#db.prepare(sql).run(call, recording, reserved.number, reserved.code);
    return reserved;
  }

  /** All of it, or nothing. */
  #change<T>(change: (db: Database.Database) => T): T {
    return this.#ask((db) => db.transaction(() => change(db)).immediate());
  }

  #ask<T>(question: (db: Database.Database) => T): T {
    try {
      return question(this.#db);
    } catch (thrown) {
      throw storeError(thrown, this.#file);
    }
  }
}

function matterOf(row: Row): Matter {
  const { number, code, kind, status, call, officer, recording, ms, sound } = row;
  return {
    ...{ number, code, kind, status, call, createdAt: row.created_at, group: row.owner_group, from: row.caller },
    ...(officer === null ? {} : { officer }),
    ...(recording === null ? {} : { recording: { n: recording, ms: ms ?? 0 } }),
    ...(sound === null ? {} : { sound }),
  };
}

function noMatter(number: string): KontaktlotsError {
  return new KontaktlotsError("NOT_FOUND", `There is no matter ${number}.`, "Look at the list of matters.");
}
