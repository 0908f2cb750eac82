import type { GroupId, Language, SecondLineRule, Text } from "../core/plan/plan.ts";
import type { Competence, GroupRules } from "../core/routing/types.ts";
import type { Distribution } from "./distribution.ts";

/**
 * What is simulated, checked and complete. The clock is the city's own, without summer time: a day begins at a multiple of 24 h,
 * as if the city lay at Greenwich. All times in ms.
 */
export interface Scenario {
  readonly id: string;
  readonly name: Text;
  /** What its figures rest on. */
  readonly about: Text;
  /** Midnight before the first day. */
  readonly firstDay: number;
  readonly days: number;
  /** Of each day, whether anybody works: by index from the first. */
  readonly isOpen: (day: number) => boolean;
  readonly languages: readonly Language[];
  readonly groups: readonly ScenarioGroup[];
  readonly agents: readonly ScenarioAgent[];
  readonly bursts: readonly Burst[];
  readonly ring: Ring;
}

export interface ScenarioGroup {
  readonly id: GroupId;
  readonly name: Text;
  readonly rules: GroupRules;
  /** When the second line is called in; without one those of the second line are always there, for the steps that let them in. */
  readonly secondLine?: SecondLineRule;
  readonly ringMs: number;
  readonly shortAbandonMs: number;
  /** Calls of a working day, and how they spread over it. */
  readonly callsPerDay: number;
  readonly spread: readonly Slot[];
  /** By weekday, Monday first: 1 is an average day. */
  readonly weekdays: readonly number[];
  readonly mix: Mix;
  readonly talk: Distribution;
  readonly wrapUp: Distribution;
  readonly patience: Distribution;
}

/** A part of the day with calls at an even rate; `share` of the day's calls. */
export interface Slot {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** Who calls: shares of 1. */
export interface Mix {
  readonly languages: readonly { readonly value: Language; readonly share: number }[];
  readonly districts: readonly { readonly value: string | undefined; readonly share: number }[];
  readonly urgent: number;
  /** Asks for the agent they spoke with last. */
  readonly returning: number;
}

export interface ScenarioAgent {
  readonly id: string;
  readonly team: string;
  readonly competence: Competence;
  readonly shift: Shift;
}

/** When an agent is there on open days, from midnight. A break that comes during a call begins after its wrap-up. */
export interface Shift {
  readonly from: number;
  readonly to: number;
  readonly breaks: readonly { readonly at: number; readonly length: number }[];
}

/** Very many calls at once, on top of the others. */
export interface Burst {
  readonly at: number;
  readonly length: number;
  readonly calls: number;
}

/** What happens at the agent's phone. */
export interface Ring {
  readonly answer: Distribution;
  /** Share of offers that nobody answers. */
  readonly missed: number;
  /** How long two misses in a row pause an agent. */
  readonly pauseMs: number;
}
