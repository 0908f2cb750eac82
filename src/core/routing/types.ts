import type { Group, GroupId, Language, LanguageLevel, Level, Priority } from "../plan/plan.ts";

/** What agents bring, what calls ask, and what a group lets in when: the words in which routing thinks. */

/** 1: first line. 2: casework, called in at peaks. */
export type Line = 1 | 2;

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

/** What routing needs to know of a group. */
export type GroupRules = Pick<Group, "id" | "ladder" | "answerTargetMs" | "preferMs">;

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

/** Where a call is on its ladder: `asked`, only the agent it asks for may take it yet; else the index of the step it has reached. */
export type Rung = "asked" | number;

/** A call that waits. `order` is its place in the one order of arrival and survives every failed offer. */
export interface Waiting {
  readonly id: string;
  readonly ask: Ask;
  /** When it entered the queue, ms since the epoch. */
  readonly since: number;
  readonly order: number;
  /** Until then it is kept for the agent it asks for, ms since the epoch; `since` when it is not. */
  readonly keptUntil: number;
}
