import { quiet, startBed } from "../call/sound.ts";
import type { Query } from "../effects.ts";
import { stand, type Visit, wait } from "./visit.ts";

/** Should no answer ever come, the caller is not left alone for longer, ms. An answer comes within some ms. */
const patienceMs = 5_000;

/** Asks whoever keeps what the core does not hold; `found` tells, or `silence` when nobody answers. The call stands at `step`. */
export function lookUp(visit: Visit, query: Query, step: string): void {
  const { call, turn } = visit;
  quiet(turn, call);
  startBed(turn, call);
  call.lookups += 1;
  stand(visit, { step });
  turn.effects.push({ do: "look-up", call: call.id, lookup: call.lookups, query });
  wait(visit, patienceMs);
}
