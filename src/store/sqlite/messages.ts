import type { LogEntry, Snapshot } from "../event-log.ts";

/** What the engine's thread sends to the writer thread … */
export type ToWriter =
  /** `awaited`: somebody waits until everything up to here is on the disk itself; 0: nobody. */
  | { readonly kind: "entries"; readonly entries: readonly LogEntry[]; readonly awaited: number }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot }
  | { readonly kind: "erase"; readonly calls: readonly string[] }
  | { readonly kind: "close" };

/** … and what comes back. */
export type FromWriter =
  /** Everything up to `seq` is on the disk itself, `written` entries since the thread began. */
  | { readonly kind: "settled"; readonly seq: number; readonly written: number }
  /** The disk refused; nothing is lost, the writer goes on trying. */
  | { readonly kind: "trouble"; readonly code: "STORE_FULL" | "STORE_FAILED"; readonly message: string };

export interface WriterSettings {
  readonly file: string;
}
