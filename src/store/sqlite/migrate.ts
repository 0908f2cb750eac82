import Database from "better-sqlite3";
import type { Migration } from "kysely/migration";
import { KontaktlotsError } from "../../core/errors.ts";
import { storeError } from "./failure.ts";

/** The shape of one database: how many migrations there are, and where they are. */
export interface Schema {
  readonly version: number;
  /** Migrations by name, in alphabetical order. Loaded only when needed. */
  readonly load: () => Promise<Readonly<Record<string, Migration>>>;
  /**
   * A file of an earlier version than this is written anew as a whole, once: of what its migrations overwrite there may be copies
   * in gaps of its pages. That takes as much room again, and some seconds for each gigabyte.
   */
  readonly rewriteBefore?: number;
}

/**
 * Brings a database file to the newest shape and sets it to write-ahead logging, so that readers never block the writer.
 * The number of migrations done stands in `user_version`: when nothing is to do, which is every start but the first,
 * Kysely is not even loaded (its many files take longer to load than the rest of opening together).
 *
 * Errors: STORE_FAILED when the file cannot be opened or was made by a newer version, STORE_FULL.
 */
export async function migrate(file: string, schema: Schema): Promise<void> {
  try {
    const db = new Database(file, { timeout: 2000 });
    try {
      const done = Number(db.pragma("user_version", { simple: true }));
      if (done > schema.version) {
        throw new KontaktlotsError(
          "STORE_FAILED",
          `The database ${file} was made by a newer version (${done}, this one knows ${schema.version}).`,
          "Start the newer version, or give another file.",
        );
      }
      if (done === schema.version) return;
      db.pragma("journal_mode = WAL");
      await runMigrations(db, await schema.load());
      if (done > 0 && done < (schema.rewriteBefore ?? 0)) {
        db.exec("vacuum");
        db.pragma("wal_checkpoint(TRUNCATE)");
      }
      db.pragma(`user_version = ${schema.version}`);
    } finally {
      db.close();
    }
  } catch (thrown) {
    throw storeError(thrown, file);
  }
}

async function runMigrations(database: Database.Database, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  const [{ Kysely, SqliteDialect }, { Migrator }] = await Promise.all([import("kysely"), import("kysely/migration")]);
  // The caller closes the database, so Kysely is not asked to.
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db: kysely, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
