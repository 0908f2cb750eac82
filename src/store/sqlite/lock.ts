import { setTimeout as delay } from "node:timers/promises";
import Database from "better-sqlite3";
import { KontaktlotsError } from "../../core/errors.ts";
import { sqliteCode, storeError } from "./failure.ts";

/**
 * Makes this process the one writer of a log. The lock is SQLite's own exclusive lock on an empty file beside the log:
 * the operating system takes it away with the process, so after a kill -9 the next engine gets it at once.
 * Errors: STORE_LOCKED, STORE_FAILED. Returns what gives the lock back.
 */
export function lockForWriting(file: string): () => void {
  try {
    return hold(`${file}.lock`);
  } catch (thrown) {
    if (sqliteCode(thrown) !== "SQLITE_BUSY") throw storeError(thrown, file);
    throw new KontaktlotsError(
      "STORE_LOCKED",
      `Another engine already writes to ${file}.`,
      "Stop that engine first; its lock goes with its process.",
    );
  }
}

/**
 * Holds such a lock once whoever has it has let go, be it this process itself; tries every 20 ms, for at most `maxMs`.
 * Errors: SQLite's own. Returns what gives the lock back.
 */
export async function holdWhenFree(lockFile: string, maxMs: number): Promise<() => void> {
  for (const until = performance.now() + maxMs; ; await delay(20)) {
    try {
      return hold(lockFile);
    } catch (thrown) {
      if (sqliteCode(thrown) !== "SQLITE_BUSY" || performance.now() > until) throw thrown;
    }
  }
}

function hold(lockFile: string): () => void {
  const side = new Database(lockFile, { timeout: 0 });
  try {
    // Nothing is ever written here, so no journal may be left behind either.
    side.pragma("journal_mode = MEMORY");
    side.exec("begin exclusive");
  } catch (thrown) {
    side.close();
    throw thrown;
  }
  return () => side.close();
}
