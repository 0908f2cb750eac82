import type { GroupId } from "../plan/plan.ts";
import type { GroupRules } from "./types.ts";

/**
 * Groups that help each other in a circle, each circle once and as short as it goes, from the group that stands first. Help is not
 * passed on, so nothing runs for ever; but groups in need at the same time take each other's agents.
 */
export function circlesOf(groups: readonly Pick<GroupRules, "id" | "ladder">[]): GroupId[][] {
  const helpers = new Map(groups.map(({ id, ladder }) => [id, [...new Set(ladder.flatMap((step) => step.neighbours))]]));
  const told = new Set<GroupId>();
  const circles: GroupId[][] = [];
  for (const { id } of groups) {
    const circle = told.has(id) ? undefined : shortestFrom(id, helpers);
    if (!circle) continue;
    circles.push(circle);
    for (const member of circle) told.add(member);
  }
  return circles;
}

/** Breadth first: the way from a group over its helpers back to itself. */
function shortestFrom(start: GroupId, helpers: ReadonlyMap<GroupId, readonly GroupId[]>): GroupId[] | undefined {
  const ways: GroupId[][] = [[start]];
  const seen = new Set<GroupId>();
  for (const way of ways) {
    for (const next of helpers.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
