import { type Absence, absences } from "./absence.ts";
import type { Announcement } from "./announcements/announcement.ts";
import type { Outcome, PauseReason, SurveyAnswer } from "./facts.ts";
import type { GroupId, Key, Language, PhoneNumber, Plan, PromptId } from "./plan/plan.ts";
import type { Competence } from "./routing/types.ts";

/** Why a leg ended, as the phone or the network told it. */
export type LegCause = "normal" | "busy" | "declined" | "no-answer" | "unavailable" | "failed";

/** Which phones of an agent are registered. */
export interface Phones {
  readonly browser: boolean;
  readonly desk: boolean;
}

/** An agent as the directory knows them. */
export interface AgentProfile {
  readonly id: string;
  readonly name: string;
  readonly competence: Competence;
}

/** What a caller's channel says of how the call came. */
export interface Arrival {
  readonly dialled: string;
  /** Other numbers the call was meant for, nearest first: from the To header, and those it was forwarded from. */
  readonly alsoDialled?: readonly string[];
  /** null: withheld or unusable. */
  readonly from: PhoneNumber | null;
  /** What a demo phone sent along to find its captions again. */
  readonly tag: string | null;
}

/** A channel as Asterisk has it when it is read back. */
export interface LiveChannel {
  readonly id: string;
  readonly up: boolean;
  readonly bridge: string | null;
  /** The agent whose phone it is, read from the channel's name; null for a caller. */
  readonly agent: string | null;
  /** Of a caller's channel: kept in Asterisk, for an engine that has not heard of the call. */
  readonly arrival?: Arrival;
  /** The number outside that was rung: by `dial`, or as the citizen of a callback by `dial-caller`. */
  readonly outside?: PhoneNumber;
}

/** Reasons an agent may choose. */
export type ChosenReason = Extract<PauseReason, "lunch" | "break" | "meeting" | "casework" | "away">;

/**
 * Everything the core can hear. `at`: ms since the epoch, UTC, never running backwards within one log.
 * A call's id is the id of the caller's channel; an offer is counted from 1 within its call.
 */
export type CoreEvent = { readonly at: number } & (
  | { readonly type: "plan.set"; readonly plan: Plan }
  /** The whole directory; agents not named in it go when their call is over. */
  /** More of the plan's languages can be heard now; takes the place of the plan's `spoken`. */
  | { readonly type: "spoken.set"; readonly languages: readonly Language[] }
  | { readonly type: "agents.set"; readonly agents: readonly AgentProfile[] }
  | ({ readonly type: "call.arrived"; readonly call: string } & Arrival)
  /** `hidden`: a digit of a PIN or a code (`takesSecret`). Which one is in no event, and `key` is always "0". */
  | { readonly type: "key"; readonly call: string; readonly key: Key; readonly hidden?: true }
  /** A key goes down; `key` follows when it is let go, and may come first: another line tells of it. Not every line tells. */
  | { readonly type: "key.down"; readonly call: string; readonly key: Key; readonly hidden?: true }
  /** A recording is over. `ms`: its length; 0 when there is nothing to be heard, or less than two seconds. */
  | { readonly type: "recorded"; readonly call: string; readonly recording: number; readonly ms: number }
  | { readonly type: "found"; readonly call: string; readonly lookup: number; readonly result: Found }
  /** The citizen of a callback has answered. */
  | { readonly type: "caller.answered"; readonly call: string }
  | { readonly type: "playback.ended"; readonly call: string; readonly playback: number }
  /** The caller's channel is gone. */
  | { readonly type: "caller.gone"; readonly call: string; readonly cause: LegCause }
  | { readonly type: "leg.answered"; readonly call: string; readonly offer: number }
  /** The agent's leg is gone: the confirmed end. Also when it could not be made at all. */
  | { readonly type: "leg.ended"; readonly call: string; readonly offer: number; readonly cause: LegCause }
  | { readonly type: "leg.held"; readonly call: string; readonly offer: number }
  | { readonly type: "leg.resumed"; readonly call: string; readonly offer: number }
  | { readonly type: "bridged"; readonly call: string; readonly offer: number }
  | { readonly type: "bridge.failed"; readonly call: string; readonly offer: number }
  | { readonly type: "timer"; readonly timer: string }
  | { readonly type: "phones"; readonly agent: string; readonly phones: Phones }
  | { readonly type: "agent.available"; readonly agent: string }
  | { readonly type: "agent.pause"; readonly agent: string; readonly reason: ChosenReason }
  | { readonly type: "agent.sign-out"; readonly agent: string }
  | { readonly type: "agent.answering"; readonly agent: string; readonly call: string }
  | { readonly type: "agent.refuse"; readonly agent: string; readonly call: string }
  /** Of a callback: the citizen answered themselves, or somebody or something else did. */
  | { readonly type: "agent.reached"; readonly agent: string; readonly call: string }
  | { readonly type: "agent.not-reached"; readonly agent: string; readonly call: string }
  /** A team lead takes a callback off the list. */
  | { readonly type: "callback.cancel"; readonly call: string }
  | { readonly type: "agent.hang-up"; readonly agent: string; readonly call: string }
  /** An interpreter of that language is to join the talk; null: is no longer wanted. */
  | { readonly type: "agent.interpreter"; readonly agent: string; readonly call: string; readonly language: Language | null }
  | { readonly type: "agent.outcome"; readonly agent: string; readonly call: string; readonly outcome: Outcome }
  /** Where the caller lives, as they told the agent: a district of the plan. */
  | { readonly type: "agent.district"; readonly agent: string; readonly call: string; readonly district: string }
  | { readonly type: "agent.done"; readonly agent: string; readonly call: string }
  /** On the page that a text message led to, days after the call perhaps. */
  | { readonly type: "survey.answered"; readonly call: string; readonly group: GroupId; readonly answers: readonly Answered[] }
  /** Its sound is there. One that `refusalOf` refuses changes nothing. */
  | { readonly type: "announcement.set"; readonly announcement: Announcement }
  /** Its sound in this language is there, or (`heard` false) could not be made or is lost. */
  | {
      readonly type: "announcement.language";
      readonly announcement: string;
      readonly language: Language;
      readonly heard: boolean;
    }
  | { readonly type: "announcement.cleared"; readonly announcement: string; readonly by: string }
  /** What tells who called in these calls (`CoreState.toForget`) has gone from the log. */
  | { readonly type: "callers.forgotten"; readonly calls: readonly string[] }
  /** What Asterisk really has, after each start and reconnect. */
  | { readonly type: "read-back"; readonly channels: readonly LiveChannel[] }
);
/** A survey's question, and what was answered. */
export interface Answered {
  readonly question: PromptId;
  readonly answer: SurveyAnswer;
}

export type EventType = CoreEvent["type"];
export type EventOf<T extends EventType> = Extract<CoreEvent, { type: T }>;

export { type Absence, absences };

/** An officer as far as a call needs to know them. */
export interface Officer {
  readonly id: string;
  readonly name: string;
  readonly number: PhoneNumber;
  /** Away, and until when if that is known (ms since the epoch). */
  readonly absence?: { readonly reason: Absence; readonly until?: number };
  /** Who stands in: another officer's extension. */
  readonly colleague?: string;
  /** Who answers for the officer's subject. */
  readonly group?: GroupId;
}

export const matterStatuses = ["received", "in-progress", "waiting-for-you", "done"] as const;
export type MatterStatus = (typeof matterStatuses)[number];

/** What a look-up came to. */
export type Found =
  | { readonly is: "nothing" }
  | { readonly is: "officer"; readonly officer: Officer }
  | { readonly is: "matter"; readonly status: MatterStatus }
  /** The message's matter has a number and a code, which the prompts of `told` now say. */
  | { readonly is: "matter-made" }
  /** The PIN is right, and whose it is. */
  | { readonly is: "admitted"; readonly who: string }
  /** The recording is an announcement in force. */
  | { readonly is: "published" };
