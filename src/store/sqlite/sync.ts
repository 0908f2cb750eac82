import { closeSync, fdatasyncSync, openSync } from "node:fs";

/**
 * Puts what was written to a file on the disk itself. Harmless to a write-ahead log that SQLite has open: the locks, which
 * closing any descriptor would undo, are on its other two files.
 */
export function putOnDisk(file: string): void {
  const descriptor = openSync(file, "r+");
  try {
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
