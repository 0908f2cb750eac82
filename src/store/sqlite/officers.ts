import type Database from "better-sqlite3";
import type { Absence } from "../../core/events.ts";
import type { ListChange, OfficerAbsence, OfficerDirectory, OfficerRecord, PresentOfficer, Synonym } from "../officer-port.ts";
import { changeOf, noOfficer, searchWords, wordsOf } from "../officer-rules.ts";
import { storeError } from "./failure.ts";
import { type FileOptions, openFile } from "./open-file.ts";

interface Row {
  readonly record: string;
  readonly reason: Absence | null;
  readonly until: number | null;
}

const rows = `select record, reason, until from officer
  left join absence on absence.officer = officer.id and (until is null or until > ?)`;

/**
 * Opens the directory; several processes may have it open. `patienceMs`: how long to wait for another that writes.
 * Errors: STORE_FAILED, STORE_FULL.
 */
export async function openOfficers(options: FileOptions): Promise<OfficerDirectory> {
  const load = async () => (await import("./officer-schema.ts")).officerMigrations;
  return new SqliteOfficers(await openFile(options, { version: 1, load }), options.file);
}

class SqliteOfficers implements OfficerDirectory {
  readonly #db: Database.Database;
  readonly #file: string;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
  }

  async replaceOfficers(officers: readonly OfficerRecord[]): Promise<ListChange> {
    return this.#change((db) => {
      const change = changeOf(this.#records(), officers);
      const remove = db.prepare("delete from officer where id = ?");
      for (const id of change.removed) remove.run(id);
      // An extension may go from one to another: none of those changed keeps its own until all have the new one.
      const free = db.prepare("update officer set extension = 'was ' || id where id = ?");
      for (const id of change.changed) free.run(id);
      const put = db.prepare(
        `insert into officer (id, extension, name, record) values (?, ?, ?, ?)
         on conflict (id) do update set extension = excluded.extension, name = excluded.name, record = excluded.record`,
      );
      const touched = new Set([...change.added, ...change.changed]);
      for (const officer of officers.filter(({ id }) => touched.has(id)))
        put.run(officer.id, officer.extension, officer.name, JSON.stringify(officer));
      this.#indexWords();
      return change;
    });
  }

  async replaceSynonyms(synonyms: readonly Synonym[]): Promise<number> {
    return this.#change((db) => {
      db.prepare("delete from synonym").run();
      const put = db.prepare("insert into synonym (district, word, means) values (?, ?, ?)");
      for (const { district, word, means } of synonyms) put.run(district ?? null, word, means);
      this.#indexWords();
      return synonyms.length;
    });
  }

  async list(now: number): Promise<readonly PresentOfficer[]> {
    return this.#ask((db) => db.prepare<[number], Row>(`${rows} order by id`).all(now).map(officerOf));
  }

  async find(id: string, now: number): Promise<PresentOfficer | undefined> {
    return this.#one("id", id, now);
  }

  async findExtension(extension: string, now: number): Promise<PresentOfficer | undefined> {
    return this.#one("extension", extension, now);
  }

  async setAbsence(id: string, absence: OfficerAbsence | undefined): Promise<void> {
    this.#change((db) => {
      if (db.prepare("select 1 from officer where id = ?").get(id) === undefined) throw noOfficer(id);
      db.prepare("delete from absence where officer = ?").run(id);
      if (!absence) return;
      db.prepare("insert into absence (officer, reason, until) values (?, ?, ?)").run(id, absence.reason, absence.until ?? null);
    });
  }

  async search(question: string, most: number, now: number): Promise<readonly PresentOfficer[]> {
    const words = [...new Set(wordsOf(question))].slice(0, mostWords);
    if (words.length === 0) return [];
    // A range, not LIKE: only so is the index used. No letter sorts after the last code point.
    const each = "id in (select officer from word where word >= ? and word < ?)";
    const sql = `${rows} where ${words.map(() => each).join(" and ")} order by name, id limit ?`;
    const bounds = words.flatMap((word) => [word, `${word}\u{10FFFF}`]);
    return this.#ask((db) =>
      db
        .prepare<unknown[], Row>(sql)
        .all(now, ...bounds, most)
        .map(officerOf),
    );
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #one(column: "id" | "extension", value: string, now: number): PresentOfficer | undefined {
    return this.#ask((db) => {
      const row = db.prepare<[number, string], Row>(`${rows} where ${column} = ?`).get(now, value);
      return row && officerOf(row);
    });
  }

  #records(): OfficerRecord[] {
    const all = this.#db.prepare<[], string>("select record from officer").pluck().all();
    return all.map((record) => JSON.parse(record) as OfficerRecord);
  }

  #indexWords(): void {
    const synonyms = this.#db
      .prepare<[], { district: string | null; word: string; means: string }>("select district, word, means from synonym")
      .all()
      .map(({ district, ...rest }): Synonym => (district === null ? rest : { ...rest, district }));
    this.#db.prepare("delete from word").run();
    const put = this.#db.prepare("insert into word (word, officer) values (?, ?)");
    for (const officer of this.#records()) for (const word of searchWords(officer, synonyms)) put.run(word, officer.id);
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

/** More words than anybody types; SQLite takes so many bounds with ease. */
const mostWords = 20;

function officerOf({ record, reason, until }: Row): PresentOfficer {
  const officer = JSON.parse(record) as OfficerRecord;
  if (reason === null) return officer;
  return { ...officer, absence: { reason, ...(until === null ? {} : { until }) } };
}
