import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { sqliteCode } from "./failure.ts";

/**
 * Writes a database file anew as a whole, so that nothing is left in it of what was overwritten. A thread of its own: of a large file
 * it takes a while, and whoever waits for it must be seen to be alive. Says what went wrong, and else nothing.
 */
const { file } = workerData as { readonly file: string };
try {
  const db = new Database(file, { fileMustExist: true, timeout: 2000 });
  try {
    db.exec("vacuum");
    db.pragma("wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
} catch (thrown) {
  parentPort?.postMessage({ message: thrown instanceof Error ? thrown.message : String(thrown), code: sqliteCode(thrown) });
}
