import { type LadderStep, type Language, type LanguageLevel, languageLevels } from "../plan/plan.ts";
import type { Ask, Competence, GroupRules, Rung, Skill, Waiting } from "./types.ts";

/** Who may take a call: one question, asked in the same way of an agent who is free and of one who only might be. */

/** How an agent comes to a call, best first. */
export const roads = ["asked-for", "first-line", "second-line", "neighbour"] as const;
export type Road = (typeof roads)[number];

/** A ladder of one step that lets in the group's whole first line, for a group of which nothing is known. */
export const plainLadder: readonly [LadderStep] = [
  { afterMs: 0, minLevel: 1, minLanguage: "basic", local: false, secondLine: false, neighbours: [] },
];

/** An agent's competence, turned so that each question about it is one look. */
export interface Able {
  readonly id: string;
  readonly competence: Competence;
  readonly skills: ReadonlyMap<string, Skill>;
  readonly districts: ReadonlySet<string>;
}

export function ableOf(id: string, competence: Competence): Able {
  return {
    id,
    competence,
    skills: new Map(competence.skills.map((skill) => [skill.group, skill])),
    districts: new Set(competence.districts),
  };
}

/** The rung a call has reached. Only the time says so: whoever waits longer is never on a lower one. */
export function rungAt(waiting: Waiting, rules: GroupRules, at: number): Rung {
  if (at < waiting.keptUntil) return "asked";
  let rung = 0;
  for (let next = 1; next < rules.ladder.length; next++) {
    if (at - waiting.since < (rules.ladder[next]?.afterMs ?? 0)) break;
    rung = next;
  }
  return rung;
}

/** When a call rises next, ms since the epoch; undefined when it will not. */
export function nextStepAt(waiting: Waiting, rules: GroupRules, at: number): number | undefined {
  if (at < waiting.keptUntil) return waiting.keptUntil;
  const next = rules.ladder.find(({ afterMs }) => waiting.since + afterMs > at);
  return next && waiting.since + next.afterMs;
}

/**
 * By which road the agent may take the call at a rung; undefined: may not. `calledIn`: the group's second line has been called in,
 * and needs no step of the ladder.
 */
export function roadTo(ask: Ask, rung: Rung, rules: GroupRules, agent: Able, calledIn: boolean): Road | undefined {
  if (ask.preferred === agent.id) return speaks(agent, ask.languages, "basic") ? "asked-for" : undefined;
  if (rung === "asked") return undefined;
  const step = rules.ladder[rung] ?? rules.ladder[0];
  if (!speaks(agent, ask.languages, step.minLanguage)) return undefined;
  const own = agent.skills.get(ask.group);
  // Whoever the group's own terms keep out may still come as a neighbour: so a later step never lets in fewer than an earlier one.
  const near = !step.local || ask.district === undefined || agent.districts.has(ask.district);
  if (own && near && own.level >= step.minLevel && (own.line === 1 || step.secondLine || calledIn))
    return own.line === 1 ? "first-line" : "second-line";
  return step.neighbours.some((group) => agent.skills.get(group)?.line === 1) ? "neighbour" : undefined;
}

export function speaks(agent: Able, languages: readonly Language[], least: LanguageLevel): boolean {
  for (const language of languages) {
    const level = agent.competence.languages[language];
    if (level !== undefined && languageLevels.indexOf(level) >= languageLevels.indexOf(least)) return true;
  }
  return false;
}
