import { type Counts, emptyCounts } from "../core/metrics/counts.ts";
import { availability1, serviceLevel1 } from "../core/metrics/formulas.ts";
import type { Ratio } from "../core/metrics/ratio.ts";
import type { CallRecord, DeskRecord } from "./record.ts";
import { ends } from "./record.ts";
import type { Scenario } from "./scenario.ts";
import type { Run } from "./simulate.ts";

/** The figures of one part of the calls: a group, a language, or all. */
export interface Figures {
  readonly offered: number;
  readonly answered: number;
  /** Answered by a neighbouring group. */
  readonly helped: number;
  readonly abandoned: number;
  /** Still waiting at the end of everything. */
  readonly stranded: number;
  readonly availability: Ratio;
  readonly serviceLevel: Ratio;
  /** From entering the queue to the answer, by whoever answered; for the city asa/1. s; null when nobody answered. */
  readonly meanWaitS: number | null;
  readonly waitP50S: number | null;
  readonly waitP90S: number | null;
  readonly waitP99S: number | null;
}

export interface TeamFigures {
  readonly team: string;
  readonly agents: number;
  /** Talk and wrap-up, of that and free time (occupancy/1). null when nobody worked. */
  readonly occupancyPercent: number | null;
}

/** All figures of one run. */
export interface Summary {
  readonly all: Figures;
  readonly groups: ReadonlyMap<string, Figures>;
  readonly languages: ReadonlyMap<string, Figures>;
  readonly teams: readonly TeamFigures[];
}

export function summaryOf(scenario: Scenario, { calls, desks }: Run): Summary {
  const all = new Part();
  const groups = scenario.groups.map(() => new Part());
  const languages = scenario.languages.map(() => new Part());
  for (let row = 0; row < calls.size; row++) {
    const group = calls.group[row] ?? 0;
    const rules = scenario.groups[group];
    if (!rules) continue;
    const { shortAbandonMs } = rules;
    const { answerTargetMs } = rules.rules;
    // For the city a helped call is answered; for its group it has gone on to another.
    all.count(calls, row, answerTargetMs, shortAbandonMs, true);
    groups[group]?.count(calls, row, answerTargetMs, shortAbandonMs, false);
    languages[calls.language[row] ?? 0]?.count(calls, row, answerTargetMs, shortAbandonMs, true);
  }
  return {
    all: all.figures(),
    groups: new Map(scenario.groups.map(({ id }, index) => [id, (groups[index] ?? new Part()).figures()])),
    languages: new Map(scenario.languages.map((language, index) => [language, (languages[index] ?? new Part()).figures()])),
    teams: teamsOf(scenario, desks),
  };
}

/** Counted as the city's statistics count, by the same formulas. */
class Part {
  readonly #counts: Counts = emptyCounts();
  readonly #waits: number[] = [];
  #helped = 0;

  count(calls: CallRecord, row: number, targetMs: number, shortMs: number, helpIsAnswer: boolean): void {
    const counts = this.#counts;
    const wait = calls.waitedMs[row] ?? 0;
    const end = calls.end[row];
    counts.offered++;
    if (end === ends.answered || end === ends.helped) this.#waits.push(wait);
    if (end === ends.helped) this.#helped++;
    if (end === ends.answered || (end === ends.helped && helpIsAnswer)) {
      counts.answered++;
      counts.waitMs += wait;
      if (wait <= targetMs) counts.answeredInTarget++;
    } else if (end === ends.helped) counts.overflowed++;
    else if (end === ends.abandoned) {
      counts.abandoned++;
      if (wait <= targetMs) counts.abandonedInTarget++;
      if (wait <= shortMs) counts.abandonedShort++;
    }
  }

  figures(): Figures {
    const counts = this.#counts;
    const waits = Float64Array.from(this.#waits).sort();
    // Nearest rank.
    const at = (share: number): number | null => {
      const wait = waits[Math.max(0, Math.ceil(share * waits.length) - 1)];
      return wait === undefined ? null : wait / 1000;
    };
    return {
      offered: counts.offered,
      answered: counts.answered,
      helped: this.#helped,
      abandoned: counts.abandoned,
      stranded: counts.offered - counts.answered - counts.overflowed - counts.abandoned,
      availability: availability1(counts),
      serviceLevel: serviceLevel1(counts),
      meanWaitS: waits.length === 0 ? null : waits.reduce((sum, wait) => sum + wait, 0) / waits.length / 1000,
      waitP50S: at(0.5),
      waitP90S: at(0.9),
      waitP99S: at(0.99),
    };
  }
}

function teamsOf(scenario: Scenario, desks: DeskRecord): TeamFigures[] {
  const teams = new Map<string, { agents: number; busyMs: number; freeMs: number }>();
  for (const [index, { team }] of scenario.agents.entries()) {
    const sum = teams.get(team) ?? { agents: 0, busyMs: 0, freeMs: 0 };
    teams.set(team, sum);
    sum.agents++;
    sum.busyMs += desks.busyMs[index] ?? 0;
    sum.freeMs += desks.freeMs[index] ?? 0;
  }
  return [...teams].map(([team, { agents, busyMs, freeMs }]) => ({
    team,
    agents,
    occupancyPercent: busyMs + freeMs === 0 ? null : (100 * busyMs) / (busyMs + freeMs),
  }));
}
