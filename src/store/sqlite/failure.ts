import { KontaktlotsError } from "../../core/errors.ts";

// SHMSIZE: the index of the write-ahead log could not grow, which happens on a full disk before any page is written.
// The last two come from a sync: some file systems find room only then.
const full: ReadonlySet<string | undefined> = new Set(["SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "ENOSPC", "EDQUOT"]);

/** Whether the disk (or the file's quota) has no room, or the store fails in another way. */
export function storeCode(thrown: unknown): "STORE_FULL" | "STORE_FAILED" {
  return full.has(sqliteCode(thrown)) ? "STORE_FULL" : "STORE_FAILED";
}

/** The error of SQLite or the file system as a coded one; coded errors pass through. */
export function storeError(thrown: unknown, file: string): KontaktlotsError {
  if (thrown instanceof KontaktlotsError) return thrown;
  const code = storeCode(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const mend = code === "STORE_FULL" ? "Make room on the disk." : "See that the folder exists and may be written to.";
  return new KontaktlotsError(code, `The database ${file} failed: ${message}.`, mend, { sqlite: sqliteCode(thrown) }, thrown);
}

export function sqliteCode(thrown: unknown): string | undefined {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") return thrown.code;
  return undefined;
}
