import { openSqliteLog } from "../../../src/store/sqlite/log.ts";
import { entries } from "../event-log-conformance.ts";

/** Writes groups of entries as fast as the disk settles them and prints, a line each, up to where all is durable. Ended by its parent. */
const file = process.argv[2];
if (file === undefined) throw new Error("Give the file.");
const { log, lastSeq } = await openSqliteLog({ file });
let seq = lastSeq;
for (;;) {
  const group = entries(seq + 1, seq + 1 + (seq % 40));
  log.append(group);
  seq += group.length;
  // Some more stay unsettled, so that the end comes in the middle of something.
  log.append(entries(seq + 1, seq + 5));
  const durability = await log.settled(seq, 10_000);
  if (durability === "durable") process.stdout.write(`${seq}\n`);
  seq += 5;
}
