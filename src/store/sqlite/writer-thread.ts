import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { Journal } from "./journal.ts";
import type { FromWriter, ToWriter, WriterSettings } from "./messages.ts";

/**
 * The writer thread: takes entries by message and commits what has piled up while the disk was busy with the group
 * before. When the disk refuses it waits (50 ms, doubling up to 1 s) and tries again, for ever.
 */
const firstWaitMs = 50;
const longestWaitMs = 1000;

const port = parentPort;
if (port === null) throw new Error("writer-thread.ts runs as a worker thread only.");
const { file } = workerData as WriterSettings;
const tell = (message: FromWriter) => port.postMessage(message);

const journal = new Journal(() => {
  const db = new Database(file, { fileMustExist: true, timeout: 2000 });
  // FULL: a commit is on the disk itself, not only with the operating system, before it is called settled.
  db.pragma("synchronous = FULL");
  db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
  return db;
});

let scheduled = false;
let waitMs = 0;

/** After the messages that are already here have been taken. */
function commitSoon(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    if (commit()) return;
    waitMs = Math.min(Math.max(waitMs * 2, firstWaitMs), longestWaitMs);
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      commitSoon();
    }, waitMs);
  });
}

/** Writes one group and tells. Returns false when the disk refused. */
function commit(): boolean {
  if (journal.idle) return true;
  const { seq, written, failure } = journal.commit(Date.now());
  if (failure !== undefined) {
    tell({ kind: "trouble", ...failure });
    return false;
  }
  waitMs = 0;
  tell({ kind: "settled", seq, written });
  if (!journal.idle) commitSoon();
  return true;
}

/** Writes what is left, as far as the disk takes it, and ends the thread. */
function close(): void {
  while (!journal.idle && commit());
  journal.close();
  process.exit(0);
}

port.on("message", (message: ToWriter) => {
  if (message.kind === "close") return close();
  if (message.kind === "entries") journal.add(message.entries);
  else journal.keep(message.snapshot);
  commitSoon();
});
