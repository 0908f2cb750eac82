import type { Fact, FactType } from "../core/facts.ts";
import { callbackMs } from "../core/metrics/tally.ts";
import type { LogReader } from "../store/event-log.ts";

/** How long before a period reading begins, ms: a call that came then and enters another queue within the period is not new to the city. */
export const leadMs = 6 * 3_600_000;

const callbackFacts = [
  "callback.booked",
  "callback.reached",
  "callback.failed",
  "callback.cancelled",
] as const satisfies readonly FactType[];

/** Of callbacks the lead is longer: those that were booked before `leadMs` ahead of `start`, and may be rung within the period. */
export async function* callbacksBefore(reader: LogReader, start: number): AsyncGenerator<Fact> {
  const query = { sort: "fact", types: callbackFacts, from: start - callbackMs, to: start - leadMs } as const;
  for await (const page of reader.read(query)) for (const { json } of page) yield JSON.parse(json) as Fact;
}
