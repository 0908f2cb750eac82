import type Database from "better-sqlite3";
import { type DueText, linkValidMs, type NewSurvey, type Survey, type SurveyStore } from "../survey-port.ts";
import { storeError } from "./failure.ts";
import { type FileOptions, openFile } from "./open-file.ts";

interface Row {
  readonly call: string;
  readonly owner_group: string;
  readonly language: string;
  readonly questions: string;
}

/** Opens the surveys that are answered on a page. Errors: STORE_FAILED, STORE_FULL. */
export async function openSurveys(options: FileOptions): Promise<SurveyStore> {
  const load = async () => (await import("./survey-schema.ts")).surveyMigrations;
  return new SqliteSurveys(await openFile(options, { version: 1, load }), options.file);
}

class SqliteSurveys implements SurveyStore {
  readonly #db: Database.Database;
  readonly #file: string;

  constructor(db: Database.Database, file: string) {
    this.#db = db;
    this.#file = file;
  }

  async position(): Promise<number> {
    return this.#ask(() => this.#position());
  }

  async take(position: number, surveys: readonly NewSurvey[]): Promise<void> {
    this.#ask((db) => {
      const all = db.transaction(() => {
        if (position <= this.#position()) return;
        db.prepare("update followed set position = ?").run(position);
        for (const survey of surveys) this.#add(survey);
      });
      all.immediate();
    });
  }

  async due(now: number, most: number): Promise<readonly DueText[]> {
    const sql = 'select call, receiver as "to", language, failures from survey where due <= ? order by due, call limit ?';
    return this.#ask((db) => db.prepare<[number, number], DueText>(sql).all(now, most));
  }

  async begin(call: string, tokenHash: string, expiresAt: number): Promise<void> {
    const sql = "update survey set due = null, receiver = null, token = ?, expires = ? where call = ?";
    this.#ask((db) => db.prepare(sql).run(tokenHash, expiresAt, call));
  }

  async failed({ call, to, failures }: DueText, again: number): Promise<void> {
    const sql = "update survey set due = ?, receiver = ?, failures = ?, token = null where call = ?";
    this.#ask((db) => db.prepare(sql).run(again, to, failures + 1, call));
  }

  async drop(call: string): Promise<void> {
    this.#ask((db) => db.prepare("delete from survey where call = ?").run(call));
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
    this.#ask((db) => db.prepare("delete from survey where expires <= ?").run(now));
  }

  async close(): Promise<void> {
    this.#db.close();
  }

  #position(): number {
    return this.#db.prepare<[], number>("select position from followed").pluck().get() ?? 0;
  }

  #add({ call, group, language, questions, to, wantedAt }: NewSurvey): void {
    const sql = `insert into survey (call, owner_group, language, questions, receiver, due, failures, expires, used)
      values (?, ?, ?, ?, ?, ?, 0, ?, 0) on conflict do nothing`;
    this.#db.prepare(sql).run(call, group, language, JSON.stringify(questions), to, wantedAt, wantedAt + linkValidMs);
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
