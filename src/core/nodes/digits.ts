import type { Key } from "../plan/plan.ts";
import { placeOf, stand, type Visit } from "./visit.ts";

/** Numbers keyed in: digits until `#`, or as many as there can be. `*` begins anew. */

/** How long to wait between two digits, ms. */
export const digitGapMs = 4_000;

/**
 * Takes one key. Returns the digits when they are complete, undefined while more are awaited. Whoever leans on the keys gets no
 * further than `most`.
 */
export function takeDigit(visit: Visit, key: Key, most: number): string | undefined {
  const typed = placeOf(visit).typed ?? "";
  if (key === "*") {
    stand(visit, { typed: "" });
    return undefined;
  }
  const now = key === "#" ? typed : typed + key;
  const complete = key === "#" || now.length >= most;
  stand(visit, { typed: complete ? "" : now });
  return complete ? now : undefined;
}
