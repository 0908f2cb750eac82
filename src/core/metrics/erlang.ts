/**
 * What theory says of one group of equal agents: Poisson arrivals, exponential talk times, one line, first come first served.
 * Used for forecasts, and to check the simulator. Sources: N. Gans, G. Koole, A. Mandelbaum, "Telephone Call Centers: Tutorial,
 * Review, and Research Prospects", MSOM 5(2), 2003, section 4 (Erlang B and C); O. Garnett, A. Mandelbaum, M. Reiman, "Designing
 * a Call Center with Impatient Customers", MSOM 4(3), 2002 (Erlang A); F. Baccelli, G. Hebuterne, "On Queues with Impatient
 * Customers", Performance '81 (the density of the wait that a patient caller would have).
 */
export interface Staffing {
  readonly agents: number;
  /** Calls per ms. */
  readonly arrivalsPerMs: number;
  /** Mean time an agent is taken by a call, ms. */
  readonly handlingMs: number;
}

/** What a caller meets. Shares from 0 to 1, times in ms. */
export interface Queueing {
  /** Share of callers who do not reach an agent at once. */
  readonly waiting: number;
  /** Mean wait of all callers, also of those who give up; Infinity when the queue only grows. */
  readonly meanWaitMs: number;
  /** Share of callers who give up. */
  readonly abandonment: number;
  /** Share of their time that agents are taken. */
  readonly occupancy: number;
}

/** Share of calls lost when nobody can wait (M/M/n/n). Stable recursion, B(0) = 1. `load`: mean number of talks at once, erlang. */
export function erlangB(agents: number, load: number): number {
  let lost = 1;
  for (let n = 1; n <= agents; n++) lost = (load * lost) / (n + load * lost);
  return lost;
}

/** Everybody waits as long as it takes (M/M/n). */
export function erlangC(staffing: Staffing): Queueing {
  const { agents, arrivalsPerMs, handlingMs } = staffing;
  const load = arrivalsPerMs * handlingMs;
  const occupancy = load / agents;
  if (occupancy >= 1) return { waiting: 1, meanWaitMs: Number.POSITIVE_INFINITY, abandonment: 0, occupancy: 1 };
  const lost = erlangB(agents, load);
  const waiting = lost / (1 - occupancy * (1 - lost));
  return { waiting, meanWaitMs: (waiting * handlingMs) / (agents - load), abandonment: 0, occupancy };
}

/** Share of callers answered within `withinMs`, when everybody waits as long as it takes. */
export function erlangCServiceLevel(staffing: Staffing, withinMs: number): number {
  const { agents, arrivalsPerMs, handlingMs } = staffing;
  const { waiting, occupancy } = erlangC(staffing);
  return occupancy >= 1 ? 0 : 1 - waiting * Math.exp(-(agents / handlingMs - arrivalsPerMs) * withinMs);
}

/** Callers give up after an exponential time (M/M/n+M). `patienceMs`: its mean. */
export function erlangA(staffing: Staffing, patienceMs: number): Queueing {
  const { waiting, queue } = birthDeath(staffing, patienceMs);
  const { agents, arrivalsPerMs, handlingMs } = staffing;
  const meanWaitMs = queue / arrivalsPerMs;
  const abandonment = meanWaitMs / patienceMs;
  return { waiting, meanWaitMs, abandonment, occupancy: (arrivalsPerMs * handlingMs * (1 - abandonment)) / agents };
}

/** Share of callers answered within `withinMs`, when callers give up after an exponential time of mean `patienceMs`. */
export function erlangAServiceLevel(staffing: Staffing, patienceMs: number, withinMs: number): number {
  const { agents, arrivalsPerMs, handlingMs } = staffing;
  const { waiting, logFull } = birthDeath(staffing, patienceMs);
  // With n − 1 busy there are arrivalsPerMs · p(n − 1) = n/handling · p(n) calls a ms that take the last agent.
  const scale = logFull + Math.log(agents / handlingMs);
  const answeredAt = (wait: number): number => {
    const patient = Math.exp(-wait / patienceMs);
    return Math.exp(scale + arrivalsPerMs * patienceMs * (1 - patient) - (agents * wait) / handlingMs) * patient;
  };
  return 1 - waiting + simpson(answeredAt, 0, withinMs);
}

/**
 * The stationary state of M/M/n+M: share of time with all agents taken, mean number waiting, and the logarithm of the share of
 * time with exactly all taken and nobody waiting. Terms are kept as logarithms: with long patience they pass what a number holds.
 */
function birthDeath(staffing: Staffing, patienceMs: number): { waiting: number; queue: number; logFull: number } {
  const { agents, arrivalsPerMs, handlingMs } = staffing;
  const leaving = (waiting: number): number => agents / handlingMs + waiting / patienceMs;
  const terms = [0];
  let term = 0;
  let largest = 0;
  // Beyond the largest term they fall ever faster; 1e-18 of it changes nothing.
  for (let waiting = 1; term > largest - 42 || arrivalsPerMs > leaving(waiting); waiting++) {
    term += Math.log(arrivalsPerMs / leaving(waiting));
    largest = Math.max(largest, term);
    terms.push(term);
  }
  let full = 0;
  let weighted = 0;
  for (const [waiting, log] of terms.entries()) {
    const share = Math.exp(log - largest);
    full += share;
    weighted += waiting * share;
  }
  // States with an agent free weigh 1/B − 1 of the one with all taken and nobody waiting.
  const notFull = (1 / erlangB(agents, arrivalsPerMs * handlingMs) - 1) * Math.exp(-largest);
  const all = full + notFull;
  return { waiting: full / all, queue: weighted / all, logFull: -largest - Math.log(all) };
}

/** Simpson's rule with so many steps that the smooth function above is exact to about 1e-9 for up to an hour. */
function simpson(f: (x: number) => number, from: number, to: number): number {
  const steps = 20_000;
  const h = (to - from) / steps;
  let sum = f(from) + f(to);
  for (let i = 1; i < steps; i++) sum += f(from + i * h) * (i % 2 === 1 ? 4 : 2);
  return (sum * h) / 3;
}
