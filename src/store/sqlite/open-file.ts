import Database from "better-sqlite3";
import { storeError } from "./failure.ts";
import { migrate } from "./migrate.ts";

/** Which file, and how long to wait for another process that writes it (ms; 5,000 if left out). */
export interface FileOptions {
  readonly file: string;
  readonly patienceMs?: number;
}

/** Opens a file that several processes may have open, brought up to `schema`. Errors: STORE_FAILED, STORE_FULL. */
export async function openFile(
  { file, patienceMs = 5_000 }: FileOptions,
  schema: Parameters<typeof migrate>[1],
): Promise<Database.Database> {
  await migrate(file, schema);
  try {
    const db = new Database(file, { timeout: patienceMs });
    db.pragma("foreign_keys = ON");
    // Numbers and addresses that are done with leave nothing on the file's free pages.
    db.pragma("secure_delete = ON");
    return db;
  } catch (thrown) {
    throw storeError(thrown, file);
  }
}
