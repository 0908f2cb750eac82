import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import { Journal, type Reached } from "./journal.ts";
import type { FromWriter, ToWriter, WriterSettings } from "./messages.ts";

/**
 * The writer thread: takes entries by message and commits what has piled up while the disk was busy with the group
 * before. It puts them on the disk itself at once when somebody waits for that, otherwise after `syncMs`: a sync costs many
 * times what a commit costs. When the disk refuses it waits (50 ms, doubling up to 1 s) and tries again, for ever.
 */
const syncMs = 100;
const firstWaitMs = 50;
const longestWaitMs = 1000;

const port = parentPort;
if (port === null) throw new Error("writer-thread.ts runs as a worker thread only.");
const { file } = workerData as WriterSettings;
const tell = (message: FromWriter) => port.postMessage(message);

const journal = new Journal(() => {
  const db = new Database(file, { fileMustExist: true, timeout: 2000 });
  // A commit is with the operating system; the journal puts it on the disk itself before it is called settled.
  db.pragma("synchronous = NORMAL");
  // What is erased, and old snapshots, leave nothing on the file's free pages.
  db.pragma("secure_delete = ON");
  db.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
  return db;
});

let scheduled = false;
let waitMs = 0;
/** Up to where somebody waits for the disk, and how far it has come. */
let awaited = 0;
let settled = 0;
let syncIsDue = false;
let syncing: NodeJS.Timeout | undefined;

/** After the messages that are already here have been taken. */
function writeSoon(): void {
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    scheduled = false;
    if (write()) {
      waitMs = 0;
      return;
    }
    waitMs = Math.min(Math.max(waitMs * 2, firstWaitMs), longestWaitMs);
    scheduled = true;
    setTimeout(() => {
      scheduled = false;
      writeSoon();
    }, waitMs);
  });
}

/** Commits one group, and syncs when it is time. Returns false when the disk refused. */
function write(): boolean {
  if (!journal.idle && !took(journal.commit(Date.now()))) return false;
  if (!journal.idle) writeSoon();
  if (journal.synced) return true;
  if (syncIsDue || awaited > settled) return sync();
  syncing ??= setTimeout(() => {
    syncIsDue = true;
    writeSoon();
  }, syncMs);
  return true;
}

function sync(): boolean {
  const durable = journal.sync(Date.now());
  if (!took(durable)) return false;
  clearTimeout(syncing);
  syncing = undefined;
  syncIsDue = false;
  settled = durable.seq;
  tell({ kind: "settled", seq: durable.seq, written: durable.written });
  return true;
}

function took({ failure }: Reached): boolean {
  if (failure !== undefined) tell({ kind: "trouble", ...failure });
  return failure === undefined;
}

/** Writes and syncs what is left, as far as the disk takes it, and ends the thread. */
function close(): void {
  while (!journal.idle && took(journal.commit(Date.now())));
  if (!journal.synced) sync();
  journal.close();
  process.exit(0);
}

port.on("message", (message: ToWriter) => {
  if (message.kind === "close") return close();
  if (message.kind === "entries") {
    journal.add(message.entries);
    awaited = Math.max(awaited, message.awaited);
  } else if (message.kind === "erase") journal.erase(message.calls);
  else journal.keep(message.snapshot);
  writeSoon();
});
