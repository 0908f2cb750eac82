import type Database from "better-sqlite3";
import { linkValidMs, type NewSurvey, type Survey, type SurveyStore } from "../survey-port.ts";
import { storeError } from "./failure.ts";
import { type FileOptions, openFile } from "./open-file.ts";
import { SqliteOutbox } from "./outbox.ts";

interface Row {
  readonly call: string;
  readonly owner_group: string;
  readonly language: string;
  readonly questions: string;
}

/** Opens the surveys that are answered on a page. Errors: STORE_FAILED, STORE_FULL. */
export async function openSurveys(options: FileOptions): Promise<SurveyStore> {
  const load = async () => (await import("./survey-schema.ts")).surveyMigrations;
  return new SqliteSurveys(await openFile(options, { version: 2, load }), options.file);
}

class SqliteSurveys implements SurveyStore {
  readonly texts: SqliteOutbox;
  readonly #db: Database.Database;
  readonly #file: string;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
    this.texts = new SqliteOutbox(db, file);
  }

  async position(): Promise<number> {
    return this.#ask(() => this.texts.position());
  }

  async take(position: number, surveys: readonly NewSurvey[]): Promise<void> {
    this.#change(() => {
      if (this.texts.moveTo(position)) for (const survey of surveys) this.#add(survey);
    });
  }

  async begin(call: string, tokenHash: string, expiresAt: number): Promise<Survey | undefined> {
    const sql = "update survey set token = ?, expires = ? where call = ? returning *";
    return this.#change((db) => {
      this.texts.remove(call);
      return surveyOf(db.prepare<[string, number, string], Row>(sql).get(tokenHash, expiresAt, call));
    });
  }

  async drop(call: string): Promise<void> {
    this.#change((db) => {
      this.texts.remove(call);
      db.prepare("delete from survey where call = ?").run(call);
    });
  }

  async find(tokenHash: string, now: number): Promise<Survey | undefined> {
    const sql = "select * from survey where token = ? and expires > ? and not used";
    return this.#ask((db) => surveyOf(db.prepare<[string, number], Row>(sql).get(tokenHash, now)));
  }

  async use(tokenHash: string, now: number): Promise<Survey | undefined> {
    const sql = "update survey set used = 1 where token = ? and expires > ? and not used returning *";
    return this.#ask((db) => surveyOf(db.prepare<[string, number], Row>(sql).get(tokenHash, now)));
  }

  async reopen(tokenHash: string): Promise<void> {
    this.#ask((db) => db.prepare("update survey set used = 0 where token = ?").run(tokenHash));
  }

  async forget(now: number): Promise<void> {
    this.#change((db) => {
      const gone = db.prepare<[number], string>("delete from survey where expires <= ? returning call").pluck().all(now);
      for (const call of gone) this.texts.remove(call);
    });
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #add({ call, group, language, questions, to, wantedAt }: NewSurvey): void {
    const sql = `insert into survey (call, owner_group, language, questions, expires, used)
      values (?, ?, ?, ?, ?, 0) on conflict do nothing`;
    const added = this.#db.prepare(sql).run(call, group, language, JSON.stringify(questions), wantedAt + linkValidMs);
    if (added.changes > 0) this.texts.put(call, to, wantedAt);
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

function surveyOf(row: Row | undefined): Survey | undefined {
  if (row === undefined) return undefined;
  const { call, owner_group: group, language, questions } = row;
  return { call, group, language, questions: JSON.parse(questions) as string[] };
}
