import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Durability, EventLog, LogEntry, LogHealth, LogReader, Snapshot } from "../event-log.ts";
import { checkSequence } from "../sequence.ts";
import { Waiters } from "../waiters.ts";
import { lockForWriting } from "./lock.ts";
import type { FromWriter, ToWriter, WriterSettings } from "./messages.ts";
import { migrate } from "./migrate.ts";
import { openSqliteReader } from "./reader.ts";
import { putOnDisk } from "./sync.ts";

export interface SqliteLogOptions {
  /** The database file; its folder must exist. Beside it lie `-wal`, `-shm` and `.lock`. */
  readonly file: string;
  /**
   * How long entries are gathered before they are handed to the writer thread, ms (default 25). An entry costs
   * about 10 µs in all, a commit 35 more, and waking the other thread 100 more, however little it is told. Nobody waits for
   * it: `settled` and `flush` hand over in the same tick.
   */
  readonly gatherMs?: number;
}

const logSchema = { version: 2, rewriteBefore: 2, load: async () => (await import("./log-migrations.ts")).logMigrations };

/**
 * Opens the log for its one writer. The writer thread starts meanwhile: entries may be appended at once.
 * Errors: STORE_LOCKED when another process (or this one) already writes to it, STORE_FAILED, STORE_FULL.
 */
export async function openSqliteLog(options: SqliteLogOptions): Promise<{ log: EventLog; reader: LogReader; lastSeq: number }> {
  const unlock = lockForWriting(options.file);
  const reader = openSqliteReader({ file: options.file });
  try {
    await migrate(options.file, logSchema);
    // The writer before may have been killed between a commit and its sync: what is read here counts as settled.
    if (existsSync(`${options.file}-wal`)) putOnDisk(`${options.file}-wal`);
    const lastSeq = await reader.lastSeq();
    return { log: new SqliteLog(options, lastSeq, unlock), reader, lastSeq };
  } catch (thrown) {
    await reader.close();
    unlock();
    throw thrown;
  }
}

class SqliteLog implements EventLog {
  readonly #file: string;
  readonly #gatherMs: number;
  readonly #unlock: () => void;
  readonly #worker: Worker;
  readonly #ended: Promise<number>;
  readonly #waiters = new Waiters();
  #pending: LogEntry[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #handingOver: NodeJS.Immediate | undefined;
  #lastSeq: number;
  #appended = 0;
  #settledSeq: number;
  /** Up to where somebody has asked to have it settled. */
  #awaited = 0;
  #written = 0;
  #trouble: { readonly code: "STORE_FULL" | "STORE_FAILED"; readonly message: string } | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SqliteLogOptions, lastSeq: number, unlock: () => void) {
    this.#file = options.file;
    this.#gatherMs = options.gatherMs ?? 25;
    this.#unlock = unlock;
    this.#lastSeq = lastSeq;
    this.#settledSeq = lastSeq;
    const workerData: WriterSettings = { file: options.file };
    // An empty environment: the thread needs no setting and so keeps no secret.
    this.#worker = new Worker(new URL("./writer-thread.ts", import.meta.url), { workerData, env: {}, name: "log-writer" });
    this.#worker.on("message", (message: FromWriter) => this.#hear(message));
    this.#worker.on("error", (error) => this.#fail("STORE_FAILED", `The writer thread ended: ${String(error)}`));
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        if (this.#closing === undefined) this.#fail("STORE_FAILED", "The writer thread ended.");
        resolve(this.#appended - this.#written);
      });
    });
  }

  append(entries: readonly LogEntry[]): void {
    if (this.#closing !== undefined) throw this.#closedError();
    this.#lastSeq = checkSequence(this.#lastSeq, entries);
    for (const entry of entries) this.#pending.push(entry);
    this.#appended += entries.length;
    this.#gathering ??= setTimeout(() => this.#handOver(), this.#gatherMs);
  }

  flush(): void {
    this.#handingOver ??= setImmediate(() => this.#handOver());
  }

  settled(seq: number, maxMs: number): Promise<Durability> {
    if (seq <= this.#settledSeq) return Promise.resolve("durable");
    if (this.#trouble !== undefined) return Promise.resolve("failed");
    this.#awaited = Math.max(this.#awaited, seq);
    this.flush();
    return this.#waiters.wait(seq, maxMs);
  }

  saveSnapshot(snapshot: Snapshot): void {
    if (this.#closing !== undefined) throw this.#closedError();
    this.#handOver();
    this.#tell({ kind: "snapshot", snapshot });
  }

  erase(calls: readonly string[]): void {
    if (this.#closing !== undefined) throw this.#closedError();
    this.#handOver();
    this.#tell({ kind: "erase", calls });
  }

  health(): LogHealth {
    const backlog = this.#appended - this.#written;
    return this.#trouble === undefined ? { ok: true, backlog } : { ok: false, ...this.#trouble, backlog };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#handOver();
    this.#tell({ kind: "close" });
    const unwritten = await this.#ended;
    this.#waiters.fail();
    this.#unlock();
    if (unwritten === 0) return;
    throw new KontaktlotsError(
      "STORE_FAILED",
      `${unwritten} log entries could not be written to ${this.#file}: ${this.#trouble?.message ?? "the writer thread ended"}.`,
      "Make room on the disk and look at it; calls of that time are missing in the figures.",
      { code: this.#trouble?.code },
    );
  }

  #handOver(): void {
    clearTimeout(this.#gathering);
    clearImmediate(this.#handingOver);
    this.#gathering = undefined;
    this.#handingOver = undefined;
    const awaited = this.#awaited > this.#settledSeq ? this.#awaited : 0;
    if (this.#pending.length === 0 && awaited === 0) return;
    this.#tell({ kind: "entries", entries: this.#pending, awaited });
    this.#pending = [];
  }

  #tell(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWriter): void {
    if (message.kind === "settled") {
      this.#written = message.written;
      this.#settledSeq = Math.max(this.#settledSeq, message.seq);
      this.#trouble = undefined;
      this.#waiters.settle(this.#settledSeq);
    } else if (message.kind === "trouble") {
      this.#fail(message.code, message.message);
    }
  }

  #fail(code: "STORE_FULL" | "STORE_FAILED", message: string): void {
    this.#trouble = { code, message };
    this.#waiters.fail();
  }

  #closedError(): KontaktlotsError {
    return new KontaktlotsError("STORE_FAILED", `The log ${this.#file} is closed.`, "Append before closing.");
  }
}
