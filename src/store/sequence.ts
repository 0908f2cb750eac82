import { KontaktlotsError } from "../core/errors.ts";
import type { LogEntry } from "./event-log.ts";

/** Checks that entries come with strictly rising `seq` and returns the last one. Errors: EVENT_INVALID, before anything is taken. */
export function checkSequence(last: number, entries: readonly LogEntry[]): number {
  let seq = last;
  for (const entry of entries) {
    if (!(entry.seq > seq)) {
      throw new KontaktlotsError(
        "EVENT_INVALID",
        `Log entry ${entry.seq} (${entry.type}) came after ${seq}.`,
        "Number the entries from the log's last one upwards.",
      );
    }
    seq = entry.seq;
  }
  return seq;
}
