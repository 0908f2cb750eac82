/** Who works, what is asked for, and when: everything of a run that does not depend on who chooses. Times in s. */

export const agents = 85;
export const groups = 15;
export const talkS = 240;
/** Six languages of ten agents each with 2 % of the calls each, then three of two agents each with 0.3 % each. */
const languages = [...Array(6).fill({ speakers: 10, share: 0.02 }), ...Array(3).fill({ speakers: 2, share: 0.003 })] as const;
/** From this need on it is a language, from the next a scarce one. */
export const [firstLanguage, firstScarce] = [groups, groups + 6] as const;

/** A deal: needs are groups, then languages, by number; a call has exactly one. */
export interface Deal {
  /** Share of the calls, per need. */
  readonly shares: readonly number[];
  /** Needs of each agent: first skill, other skills, languages. */
  readonly needsOf: readonly (readonly number[])[];
  /** Who may take the calls of each need. */
  readonly agentsOf: readonly (readonly number[])[];
}

export interface Call {
  readonly id: number;
  readonly need: number;
  readonly at: number;
  readonly talkS: number;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32, public domain, T. Ettinger). */
export function random(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function draw(shares: readonly number[], next: () => number): number {
  let left = next();
  for (const [need, share] of shares.entries()) {
    left -= share;
    if (left < 0) return need;
  }
  return 0;
}

/** First skills in proportion to load (largest remainders), the others drawn by load, languages to agents drawn evenly. */
export function deal(seed: number, skills: number, withLanguages: boolean): Deal {
  const next = random(seed * 7919 + 13);
  const weights = Array.from({ length: groups }, (_, i) => 1 / (1 + 0.35 * i));
  const sum = weights.reduce((a, b) => a + b, 0);
  const loads = weights.map((weight) => weight / sum);
  const firsts = loads.map((load) => Math.floor(load * agents));
  const byRemainder = loads.map((load, group) => ({ group, left: (load * agents) % 1 })).sort((a, b) => b.left - a.left);
  const missing = agents - firsts.reduce((a, b) => a + b, 0);
  for (const { group } of byRemainder.slice(0, missing)) firsts[group] = (firsts[group] ?? 0) + 1;
  const needsOf = firsts.flatMap((count, group) => Array.from({ length: count }, () => [group]));
  for (const needs of needsOf)
    while (needs.length < skills) {
      const group = draw(loads, next);
      if (!needs.includes(group)) needs.push(group);
    }
  let shares = loads;
  if (withLanguages) {
    const swedish = 1 - languages.reduce((total, { share }) => total + share, 0);
    shares = [...loads.map((load) => load * swedish), ...languages.map(({ share }) => share)];
    for (const [n, { speakers }] of languages.entries()) {
      const chosen = new Set<number>();
      while (chosen.size < speakers) chosen.add(Math.floor(next() * agents));
      for (const agent of chosen) needsOf[agent]?.push(firstLanguage + n);
    }
  }
  const agentsOf = shares.map((_, need) => needsOf.flatMap((needs, agent) => (needs.includes(need) ? [agent] : [])));
  return { shares, needsOf, agentsOf };
}

/** Poisson arrivals and exponential talk, the same for every system that is given them. */
export function calls(seed: number, { shares }: Deal, occupancy: number, count: number): Call[] {
  const next = random(seed * 104_729 + 7);
  const gapS = talkS / (occupancy * agents);
  let at = 0;
  return Array.from({ length: count }, (_, id) => {
    at -= Math.log(1 - next()) * gapS;
    return { id, at, need: draw(shares, next), talkS: -Math.log(1 - next()) * talkS };
  });
}
