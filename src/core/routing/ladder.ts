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

/** Where a call starts: with the agent it asks for, if there is such a one now, else on the first step. */
export const firstRung = (ask: Ask, hasPreferred: boolean): Rung => (ask.preferred !== undefined && hasPreferred ? "asked" : 0);

/** When a call's rung rises, ms since the epoch; undefined at the top. */
export function nextStepAt(rules: GroupRules, waiting: Waiting): number | undefined {
  if (waiting.rung === "asked") return waiting.since + rules.preferMs;
  const next = rules.ladder[waiting.rung + 1];
  return next && waiting.since + next.afterMs;
}

/**
 * By which road the agent may take the call at its present rung; undefined: may not. `calledIn`: the group's second line has
 * been called in, and needs no step of the ladder.
 */
export function roadTo(waiting: Waiting, rules: GroupRules, agent: Able, calledIn: boolean): Road | undefined {
  const { ask, rung } = waiting;
  if (ask.preferred === agent.id) return speaks(agent, ask.languages, "basic") ? "asked-for" : undefined;
  if (rung === "asked") return undefined;
  const step = rules.ladder[Math.min(rung, rules.ladder.length - 1)] ?? rules.ladder[0];
  if (!speaks(agent, ask.languages, step.minLanguage)) return undefined;
  const own = agent.skills.get(ask.group);
  if (own && own.level >= step.minLevel && (own.line === 1 || step.secondLine || calledIn)) {
    if (step.local && ask.district !== undefined && !agent.districts.has(ask.district)) return undefined;
    return own.line === 1 ? "first-line" : "second-line";
  }
  return step.neighbours.some((group) => agent.skills.get(group)?.line === 1) ? "neighbour" : undefined;
}

export function speaks(agent: Able, languages: readonly Language[], least: LanguageLevel): boolean {
  for (const language of languages) {
    const level = agent.competence.languages[language];
    if (level !== undefined && languageLevels.indexOf(level) >= languageLevels.indexOf(least)) return true;
  }
  return false;
}
