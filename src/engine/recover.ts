import { restore } from "../core/snapshot.ts";
import { type CoreState, emptyState } from "../core/state.ts";
import { step } from "../core/step.ts";
import type { LogReader } from "../store/event-log.ts";
import { readInput } from "./old-inputs.ts";

/** The state as the log has it: the latest snapshot, and every input after it through the same core. */
export async function recover(reader: LogReader): Promise<{ core: CoreState; replayed: number }> {
  const snapshot = await reader.latestSnapshot();
  const restored = snapshot && restore(snapshot.json);
  const core = restored ?? emptyState();
  let replayed = 0;
  for await (const page of reader.read({ sort: "input", after: restored ? snapshot.seq : 0 })) {
    for (const { json } of page) {
      step(core, readInput(json));
      replayed++;
    }
  }
  return { core, replayed };
}
