import type { Piece } from "../plan/node.ts";
import type { Target } from "../plan/plan.ts";
import { hear, leave, placeOf, stand, type Visit } from "./visit.ts";

/**
 * Begins a node's question anew after something that led nowhere: `why`, then `ask`. With no tries left, `why` is said on the way
 * to the node's `fallback`.
 */
export function onceMore(
  visit: Visit,
  node: { readonly tries: number; readonly fallback: Target },
  why: Piece,
  ask: readonly Piece[],
): void {
  const tries = placeOf(visit).tries + 1;
  if (tries >= node.tries) return leave(visit, node.fallback, [why]);
  stand(visit, { tries, step: "", typed: "" });
  hear(visit, [why, ...ask]);
}
