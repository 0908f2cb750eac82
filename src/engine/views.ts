import type { Where } from "../core/announcements/announcement.ts";
import type { ErrorCode } from "../core/errors.ts";
import type { AgentStateName, DistrictSource, Outcome, PauseReason } from "../core/facts.ts";
import type { GroupId, Language, PhoneNumber, Text } from "../core/plan/plan.ts";

/** What pages are shown of the engine's state. Times are ms since the epoch; durations are counted by the page. */

export interface AgentCallView {
  readonly call: string;
  /** "dialling": a citizen is being rung back. */
  readonly phase: "ringing" | "dialling" | "talking" | "held" | "ended";
  /** Caller's number, null when withheld or unknown. */
  readonly from: PhoneNumber | null;
  readonly number: PhoneNumber;
  /** Number's name, then each menu choice: the story so far. */
  readonly path: readonly Text[];
  readonly language: Language;
  readonly group: GroupId;
  readonly groupName: Text;
  readonly waitedMs: number;
  /** Why it came to this agent. */
  readonly why?: Text;
  /**
   * An interpreter. "wanted": the caller chose one, who is rung when the call is answered; "possible": the plan has one of the
   * caller's language, and the agent may have them rung.
   */
  readonly interpreter?: { readonly language: Language; readonly state: "wanted" | "possible" | "ringing" | "talking" };
  /** Where the caller lives, as far as it is known, and how. */
  readonly district?: DistrictView;
  /** The group's calls go to who knows the district: to be asked, when it is not known. */
  readonly asksDistrict?: true;
  /** Since when this phase lasts. */
  readonly since: number;
  /** The citizen (`from`) is rung back: when that was asked for, the how many-th attempt it is, and what the agent has said of it. */
  readonly callback?: { readonly bookedAt: number; readonly attempt: number; readonly said?: "reached" | "not-reached" };
}

export interface DistrictView {
  readonly name: string;
  readonly source: DistrictSource;
}

export interface AgentView {
  readonly id: string;
  readonly name: string;
  readonly groups: readonly GroupId[];
  readonly state: AgentStateName;
  readonly reason?: PauseReason;
  readonly since: number;
  /** Whether a phone of the agent is registered at all. */
  readonly reachable: boolean;
  /** What the agent becomes after the present call and wrap-up, when chosen beforehand. */
  readonly next?: PauseReason | "available" | "offline";
  /** The call that rings, is talked, or is wrapped up ("ended"). */
  readonly call?: AgentCallView;
  /** During wrap-up: when it ends by itself, and the outcome given so far. */
  readonly wrapUp?: {
    readonly call: string;
    readonly until: number;
    readonly outcome?: Outcome;
    readonly district?: DistrictView;
  };
  readonly missedInRow: number;
  /** Fetched from casework by rule: for which group, and what that rested on. */
  readonly calledIn?: { readonly group: Text; readonly waiting: number; readonly serviceLevelPercent: number | null };
}

export interface GroupView {
  readonly id: GroupId;
  readonly name: Text;
  readonly waiting: number;
  /** When the longest waiting caller entered the queue. */
  readonly longestSince: number | null;
  readonly free: number;
  readonly talking: number;
  readonly signedIn: number;
}

/** A call that waits, and why. */
export interface WaitingView {
  readonly call: string;
  readonly group: Text;
  readonly urgent: boolean;
  /** A citizen to be rung back. */
  readonly callback: boolean;
  readonly since: number;
  readonly why: Text;
}

/** A citizen who is to be rung back, or who was not reached. */
export interface CallbackView {
  readonly call: string;
  readonly group: Text;
  /** The last digits alone: the board hangs where others see it. */
  readonly number: string;
  readonly attempts: number;
  /** `asleep`: not before `at`. "failed": given up then. */
  readonly state: "asleep" | "waiting" | "ringing" | "talking" | "failed";
  /** When it was asked for; of one that sleeps, the next attempt; of one that failed, the end. */
  readonly at: number;
  /** It can still be called off. */
  readonly open: boolean;
}

export interface BoardView {
  readonly at: number;
  readonly inMenu: number;
  readonly waiting: number;
  readonly longestSince: number | null;
  readonly free: number;
  readonly talking: number;
  readonly groups: readonly GroupView[];
  /** Those who have waited longest, a handful. */
  readonly longest: readonly WaitingView[];
  /** First those that are to be rung back, in the order of their places, then those given up, the latest first; some hundred at most. */
  readonly callbacks: readonly CallbackView[];
  /** What callers hear on top of all else, the newest first. */
  readonly announcements: readonly AnnouncementView[];
  /** What the plan and the directory do not give callers; stays until one of them is changed. */
  readonly problems: readonly RoutingProblemView[];
}

/** An announcement in force, as everybody who is signed in sees it. */
export interface AnnouncementView {
  readonly id: string;
  readonly where: Where;
  /** In the plan's main language; "" when it was recorded. */
  readonly text: string;
  readonly languages: readonly Language[];
  /** Those of them in which callers hear it by now; the others hear the first of these meanwhile. */
  readonly heardIn: readonly Language[];
  /** Those whose sound could not be made. */
  readonly notIn: readonly Language[];
  readonly since: number;
  readonly until: number;
  readonly by: string;
}

/** With a code: some callers cannot be helped as they ask; without: works, and is still better changed. */
export interface RoutingProblemView {
  readonly code: ErrorCode | null;
  readonly text: Text;
}

/** What the caller is told at the moment, for the demo phone's text line. `tag` is the one the phone sent with its call. */
export interface CaptionView {
  readonly tag: string;
  readonly call: string;
  readonly stage: "menu" | "queue" | "talk" | "ended";
  readonly text: Text | null;
  readonly place?: number;
}

/** Whether calls are served, and by whom. `code`s are from the error catalogue. */
export interface LineView {
  readonly engine: "serving" | "starting" | "away";
  readonly asterisk: "connected" | "away";
  readonly store: "ok" | "degraded";
  readonly problems: readonly { readonly code: string; readonly message: string; readonly mend: string }[];
}
