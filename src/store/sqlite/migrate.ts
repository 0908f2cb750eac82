import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import Database from "better-sqlite3";
import type { Migration } from "kysely/migration";
import { KontaktlotsError } from "../../core/errors.ts";
import { storeError } from "./failure.ts";
import { holdWhenFree } from "./lock.ts";

/** How long to wait for another process that migrates in the same folder, ms. */
const waitMs = 30_000;

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
 * Kysely is not even loaded (its many files take longer to load than the rest of opening together). Whoever migrates holds `migration.lock` in the file's folder.
 *
 * Errors: STORE_FAILED when the file cannot be opened or was made by a newer version, STORE_FULL.
 */
export async function migrate(file: string, schema: Schema): Promise<void> {
  try {
    const db = new Database(file, { timeout: 2000 });
    try {
      if (versionOf(db) === schema.version) return;
      const migrations = await schema.load();
      // One process after another: an engine that starts and a command for accounts may find the same old file.
      const release = await holdWhenFree(join(dirname(file), "migration.lock"), waitMs);
      try {
        await bringUp(db, file, schema, migrations);
      } finally {
        release();
      }
    } finally {
      db.close();
    }
  } catch (thrown) {
    throw storeError(thrown, file);
  }
}

const versionOf = (db: Database.Database): number => Number(db.pragma("user_version", { simple: true }));

async function bringUp(
  db: Database.Database,
  file: string,
  schema: Schema,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const done = versionOf(db);
  if (done > schema.version) {
    throw new KontaktlotsError(
      "STORE_FAILED",
      `The database ${file} was made by a newer version (${done}, this one knows ${schema.version}).`,
      "Start the newer version, or give another file.",
    );
  }
  if (done === schema.version) return;
  db.pragma("journal_mode = WAL");
  await runMigrations(db, migrations);
  if (done > 0 && done < (schema.rewriteBefore ?? 0)) await rewrite(file);
  db.pragma(`user_version = ${schema.version}`);
}

async function rewrite(file: string): Promise<void> {
  const thread = new Worker(new URL("./rewrite-thread.ts", import.meta.url), { workerData: { file }, env: {}, name: "rewrite" });
  await new Promise<void>((resolve, reject) => {
    thread.on("message", ({ message, code }: { readonly message: string; readonly code?: string }) =>
      reject(Object.assign(new Error(message), { code })),
    );
    thread.on("error", reject);
    thread.on("exit", () => resolve());
  });
}

async function runMigrations(database: Database.Database, migrations: Readonly<Record<string, Migration>>): Promise<void> {
  const [{ Kysely, SqliteDialect }, { Migrator }] = await Promise.all([import("kysely"), import("kysely/migration")]);
  // The caller closes the database, so Kysely is not asked to.
  const kysely = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db: kysely, provider }).migrateToLatest();
  if (error !== undefined) throw error;
}
