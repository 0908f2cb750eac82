import type { GroupId, Language } from "../plan/plan.ts";

/** What agents bring, what calls ask, and what a group lets in when: the words in which routing thinks. */

/** 1 (can help) to 5 (knows it best). */
export type Level = 1 | 2 | 3 | 4 | 5;
/** 1: first line. 2: casework, called in at peaks. */
export type Line = 1 | 2;
export type LanguageLevel = "native" | "good" | "basic";

/** One subject an agent answers. */
export interface Skill {
  readonly group: GroupId;
  readonly level: Level;
  readonly line: Line;
}

/** What an agent brings to every call. */
export interface Competence {
  readonly skills: readonly Skill[];
  readonly languages: Readonly<Record<Language, LanguageLevel>>;
  /** Districts the agent knows; empty: none in particular. */
  readonly districts: readonly string[];
  readonly site: string;
}

/**
 * One step of a group's ladder: whom a call that has waited `afterMs` may reach. Each step lets in everybody whom the one before
 * let in, so the longer a caller waits the more agents may help.
 */
export interface LadderStep {
  /** Since the caller entered the queue, ms. */
  readonly afterMs: number;
  /** Lowest level of the group's own agents. */
  readonly minLevel: Level;
  /** Lowest level in the caller's language. */
  readonly minLanguage: LanguageLevel;
  /** Only those who know the caller's district, when it is known. */
  readonly local: boolean;
  readonly secondLine: boolean;
  /** Groups whose first line helps out. */
  readonly neighbours: readonly GroupId[];
}

/** How a group is routed. */
export interface GroupRules {
  readonly id: GroupId;
  readonly ladder: readonly [LadderStep, ...LadderStep[]];
  /** Waiting beyond this makes a call late: what is compared between groups is the wait in proportion to it, ms. */
  readonly answerTargetMs: number;
  /** How long a call waits for the agent it asks for before others may take it, ms. */
  readonly preferMs: number;
}

export type Priority = "urgent" | "normal";

/** What a call asks of whoever takes it. */
export interface Ask {
  readonly group: GroupId;
  /** The languages in which the caller can be helped: their own, and others only when they agreed. Any one of them will do. */
  readonly languages: readonly Language[];
  readonly district?: string;
  readonly priority: Priority;
  /** The agent who spoke with the caller last, or owns the open matter. */
  readonly preferred?: string;
}

/** `asked`: only the agent the call asks for may take it yet; else the index of the step of the ladder it has reached. */
export type Rung = "asked" | number;

/** A call that waits. `order` is its place in the one order of arrival and survives every failed offer. */
export interface Waiting {
  readonly id: string;
  readonly ask: Ask;
  /** When it entered the queue, ms since the epoch. */
  readonly since: number;
  readonly order: number;
  rung: Rung;
}
