/**
 * Choosing so that those whom others will need are spared: a price for taking an idle agent, a score for a waiting call. Both
 * rest on counts a router keeps anyway, per *need* (a group or a language). They only order what is allowed: no agent is kept
 * idle from a call they may take, and within a need calls stay first come, first served.
 *
 * The constants come from simulation (bench `routing-quality`); around them the result is flat, no city has to tune them.
 */

/** What is known of one need at the moment of choosing. */
export interface Need {
  /** Calls per ms that are expected for it (see `rate`). */
  readonly rate: number;
  /** Agents on duty who may take its calls, in talk or not; at least 1. */
  readonly agents: number;
  /** Of these, how many could take a call now; at least 1. */
  readonly idle: number;
}

/**
 * What the callers of a need lose when one of its idle agents is taken; meaningful only beside other prices. An arriving call
 * goes to the agent whose *other* needs have the lowest sum of prices, of equals to the longest idle.
 *
 * `rate / agents²` is the harm when none is left: one of n busy agents comes free after talk time / n, so the callers of that
 * time are in proportion to rate / n, and each waits in proportion to 1 / n. `1 / idle³` is how likely it comes to that:
 * certain with the last idle agent, seldom with one of several.
 */
export function price({ rate, agents, idle }: Need): number {
  return rate / (agents * agents * idle * idle * idle);
}

/** What is known of the calls that wait for one need. */
export interface Queue {
  /** How late the first of them is: its wait in proportion to its group's target (`lateness`). */
  readonly lateness: number;
  /** How many they are; at least 1. */
  readonly waiting: number;
  /** Agents on duty who may take them, in talk or not; at least 1. */
  readonly agents: number;
}

/** A wait counts as longer than it is by one target: a call that has just come has a claim too. */
const headStart = 1;
/** From this many targets on a call is overdue. */
const overdueFrom = 10;
/** More than any call that is not overdue can score. */
const overdueScore = 1e12;

/**
 * How strongly the first call of a need claims an agent who has become free: the highest score is served, of equals the call
 * that waits longest. It is lateness in proportion to the target, times the calls that wait per agent who may take them: where
 * few may, one comes free seldom, and it must be used.
 *
 * Ageing: a call that has waited ten targets goes before all that have not, and among these nothing but lateness counts. So
 * nobody starves, however long other queues are.
 */
export function callScore({ lateness, waiting, agents }: Queue): number {
  if (lateness >= overdueFrom) return overdueScore * lateness;
  return ((lateness + headStart) * (waiting + 0.5)) / agents;
}

/**
 * How often each need is asked for, learned from the calls seen: a call counts e^(−age / window). Plain data, changed by
 * arrivals only, so the same log gives the same rates; nothing has to be done as time passes.
 */
export interface ArrivalRates {
  /** ms; longer is steadier, shorter follows the day. */
  readonly windowMs: number;
  /** A call of this moment counts 1, ms. */
  origin: number;
  /** Per need, the sum of e^((arrival − origin) / window). */
  readonly counts: Map<string, number>;
}

/** Long enough to know a language that is asked for three times an hour, short enough to forget the night. */
const usualWindowMs = 4 * 3_600_000;
/** Counted on top for every need: the only speaker of a language nobody asked for lately is not worthless. */
const unseen = 0.5;
/** The origin moves after so many windows; e^50 is far from what a number cannot hold. */
const longestSpan = 50;

export function arrivalRates(origin: number, windowMs = usualWindowMs): ArrivalRates {
  return { windowMs, origin, counts: new Map() };
}

/** A call came that has this need. */
export function observe(rates: ArrivalRates, need: string, at: number): void {
  if (at - rates.origin > longestSpan * rates.windowMs) moveOrigin(rates, at);
  rates.counts.set(need, (rates.counts.get(need) ?? 0) + Math.exp((at - rates.origin) / rates.windowMs));
}

/** Calls per ms to be expected for a need; above 0. */
export function rate(rates: ArrivalRates, need: string, at: number): number {
  const seen = (rates.counts.get(need) ?? 0) * Math.exp((rates.origin - at) / rates.windowMs);
  return (seen + unseen) / rates.windowMs;
}

function moveOrigin(rates: ArrivalRates, to: number): void {
  const share = Math.exp((rates.origin - to) / rates.windowMs);
  for (const [need, count] of rates.counts) rates.counts.set(need, count * share);
  rates.origin = to;
}
