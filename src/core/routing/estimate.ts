import type { GroupId } from "../plan/plan.ts";

/**
 * How long a wait will be, as a range, or nothing when that would be a guess.
 *
 * With k calls to be taken before and including this one, by agents who become free at rate r, the wait is the time of the k-th
 * such moment: gamma distributed with shape k when the agents' remaining times are exponential (the queue M/M/n, Gross & Harris,
 * Fundamentals of Queueing Theory, section 2.3). The range leaves one in five waits below it and one in five above.
 */
export interface Estimate {
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long a group's calls keep an agent: an exponentially weighted mean. */
export interface Handling {
  meanMs: number;
  /** Calls seen. */
  n: number;
}

/** So many calls must have been seen before anything is said. */
const leastSeen = 20;
/** The weight of the newest call, once enough have been seen. */
const weight = 1 / 50;
/** Quantile of the standard normal distribution at 0.8. */
const z = 0.8416;

export function sawHandling(handling: Map<GroupId, Handling>, group: GroupId, ms: number): void {
  const known = handling.get(group) ?? { meanMs: 0, n: 0 };
  handling.set(group, known);
  known.n += 1;
  known.meanMs += (ms - known.meanMs) * Math.max(weight, 1 / known.n);
}

/**
 * `place`: this call's place among those that wait for the same agents, 1 = next. `agents`: how many agents serve that queue, one
 * who also serves others counting as a part.
 */
export function estimateWait(place: number, agents: number, handling: Handling | undefined): Estimate | undefined {
  if (!handling || handling.n < leastSeen || agents <= 0) return undefined;
  const gapMs = handling.meanMs / agents;
  return { fromMs: quantile(place, -z) * gapMs, toMs: quantile(place, z) * gapMs };
}

/** Wilson and Hilferty's approximation of a gamma quantile of shape `k` and scale 1 (PNAS 17, 1931). */
function quantile(k: number, deviate: number): number {
  return k * Math.max(0, 1 - 1 / (9 * k) + deviate / (3 * Math.sqrt(k))) ** 3;
}
