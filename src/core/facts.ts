import type { Absence } from "./absence.ts";
import type { Where } from "./announcements/announcement.ts";
import type { GroupId, Key, Language, NodeId, PhoneNumber, Priority, PromptId } from "./plan/plan.ts";
import type { Why } from "./routing/choose.ts";
import type { SecondLineReason } from "./routing/second-line.ts";

export const surveyAnswers = [1, 2, 3, 4, 5] as const;
export type SurveyAnswer = (typeof surveyAnswers)[number];

/** What an agent says a contact came to. `brief` terms: answered, taken care of, handed over, referred, referred out of scope, wrong number. */
export const outcomes = [
  "answered",
  "taken-care-of",
  "handed-over",
  "referred",
  "referred-out-of-scope",
  "wrong-number",
] as const;
export type Outcome = (typeof outcomes)[number];

/** How a caller's district was found out: known by the number rung or an earlier call, keyed in as a postal code, or asked. */
export const districtSources = ["known", "postcode", "agent"] as const;
export type DistrictSource = (typeof districtSources)[number];

/** Why an agent is away from calls. The last three are set by the engine, never chosen. */
export const pauseReasons = [
  "lunch",
  "break",
  "meeting",
  "casework",
  "away",
  "missed-calls",
  "phone-busy",
  "phone-failed",
] as const;
export type PauseReason = (typeof pauseReasons)[number];

/** The one way in which an offer ended. */
export const offerEnds = [
  "answered",
  "missed",
  "refused",
  "busy",
  "failed",
  "caller-gone",
  "withdrawn",
  // The agent answered, and the citizen of a callback did not.
  "not-reached",
] as const;
export type OfferEnd = (typeof offerEnds)[number];

/** Why an attempt to ring a citizen back reached nobody. "said": by the agent's word it was somebody or something else that answered. */
export const notReached = ["no-answer", "busy", "failed", "agent-gone", "said"] as const;
export type NotReached = (typeof notReached)[number];

/** "caller": by ringing again; "lead": from the board; "answered": an agent of the group spoke with them when they rang themselves. */
export type CallbackCancelledBy = "caller" | "lead" | "answered";
/** The one way in which a number outside that was rung ended. */
export const outsideEnds = ["talked", "unanswered", "busy", "refused", "failed", "caller-gone", "withdrawn"] as const;
export type OutsideEnd = (typeof outsideEnds)[number];

export type AgentStateName = "offline" | "available" | "ringing" | "talking" | "wrap-up" | "paused";

/**
 * What happened, as the figures need it. Facts are what `step` concludes; they stand in the log for good and every
 * figure is computed from them. `at`: ms since the epoch, UTC.
 */
export type Fact = { readonly at: number } & (
  | { readonly type: "call.arrived"; readonly call: string; readonly number: PhoneNumber; readonly from: PhoneNumber | null }
  | { readonly type: "call.menu"; readonly call: string; readonly node: NodeId; readonly language: Language }
  | { readonly type: "call.key"; readonly call: string; readonly node: NodeId; readonly key: Key; readonly valid: boolean }
  /** What the caller began to hear, one after another; `fi:` before a prompt: in that language. */
  | { readonly type: "call.said"; readonly call: string; readonly prompts: readonly PromptId[]; readonly language: Language }
  /**
   * Nobody in the directory could ever take the call as it asked, or all who speak the language were busy: what it asks instead.
   * `agreed`: by the caller's own key. `interpreter`: of that language, who is rung when an agent has answered.
   */
  | {
      readonly type: "call.fallback";
      readonly call: string;
      readonly group: GroupId;
      readonly languages: readonly Language[];
      readonly toGroup: GroupId;
      readonly toLanguages: readonly Language[];
      readonly agreed: boolean;
      readonly interpreter?: Language;
    }
  | {
      readonly type: "call.queued";
      readonly call: string;
      readonly group: GroupId;
      readonly language: Language;
      /** Since when it waits, when it came from another queue or asks for less than before: its place is still the old one. */
      readonly since?: number;
      /** In which the caller agreed to be helped, when not their own. */
      readonly languages?: readonly Language[];
      /** What the call asks besides; not there: nothing in particular. */
      readonly priority?: Priority;
      readonly district?: string;
      readonly preferred?: string;
    }
  | {
      readonly type: "call.offered";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly offer: number;
      readonly why: Why;
    }
  | {
      readonly type: "call.offer-ended";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly offer: number;
      readonly how: OfferEnd;
    }
  /** It found the group closed, or as many waiting as may: where the plan leads such calls it went. */
  | { readonly type: "call.turned-away"; readonly call: string; readonly group: GroupId; readonly because: "closed" | "full" }
  /** It waited no more by the caller's own choice, and was not rung back: a message was left, say. */
  | { readonly type: "call.left-queue"; readonly call: string; readonly group: GroupId; readonly waitedMs: number }
  /** Where the caller lives, as far as it was found out, and how; `agent`: who asked. The last one of a call counts. */
  | {
      readonly type: "call.district";
      readonly call: string;
      readonly district: string;
      readonly source: DistrictSource;
      readonly agent?: string;
    }
  /** What the centre does not answer: the caller is led to the district's own telephone, and is not known from then on. */
  | { readonly type: "call.out-of-scope"; readonly call: string; readonly district: string }
  /** An answer to a question after the talk, 1 (no, not at all) to 5 (yes, fully). */
  | {
      readonly type: "call.survey";
      readonly call: string;
      readonly group: GroupId;
      readonly question: PromptId;
      readonly answer: SurveyAnswer;
    }
  /**
   * The caller will answer a survey's questions on a page: a link goes by text message to the number they rang from, which
   * `call.arrived` tells. Their answers are `call.survey`, whenever they come.
   */
  | {
      readonly type: "survey.link-wanted";
      readonly call: string;
      readonly group: GroupId;
      readonly language: Language;
      readonly questions: readonly PromptId[];
    }
  /** How long the wait was expected to be when the caller entered the queue, as a range; not there when it would have been a guess. */
  | {
      readonly type: "call.estimated";
      readonly call: string;
      readonly group: GroupId;
      readonly fromMs: number;
      readonly toMs: number;
    }
  /** The group's second line was called in, or sent back to casework; with what that rested on. */
  | ({ readonly type: "group.second-line"; readonly group: GroupId; readonly calledIn: boolean } & SecondLineReason)
  /** The agent's leg was answered; the caller leaves the queue. */
  | {
      readonly type: "call.answered";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly waitedMs: number;
    }
  /**
   * The caller sought an officer, by number or extension, who is away (`absence`) or is rung: then `call.outside-answered` tells
   * that they were reached. For `reach/1`.
   */
  | { readonly type: "call.officer"; readonly call: string; readonly officer: string; readonly absence?: Absence }
  /** The caller left a message: a recording of `ms`, for a group or one of its officers. `from`: null when withheld. */
  | {
      readonly type: "call.message";
      readonly call: string;
      readonly recording: number;
      readonly ms: number;
      readonly group: GroupId;
      readonly officer?: string;
      readonly from: PhoneNumber | null;
    }
  | { readonly type: "call.held"; readonly call: string; readonly agent: string }
  | { readonly type: "call.resumed"; readonly call: string; readonly agent: string }
  /** The caller hung up while waiting. */
  | { readonly type: "call.abandoned"; readonly call: string; readonly group: GroupId; readonly waitedMs: number }
  /** The talk is over; `talkMs` includes `holdMs`. */
  | {
      readonly type: "call.talked";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly talkMs: number;
      readonly holdMs: number;
    }
  /**
   * A number outside rings: of those on duty, an officer, or an interpreter of `language` who joins a talk. Whoever is helped there
   * is no group's contact: no figure counts the call as offered, answered or abandoned (metrics: a call is offered when it enters a
   * group's queue), but by these facts alone; one that waited for a group and was helped here instead has left its queue.
   */
  | {
      readonly type: "call.outside-rung";
      readonly call: string;
      readonly number: PhoneNumber;
      readonly language?: Language;
    }
  /** And is talked with, `ms` after it began to ring. */
  | { readonly type: "call.outside-answered"; readonly call: string; readonly number: PhoneNumber; readonly ms: number }
  /** `ms`: how long was talked; when nobody was reached, how long it rang. */
  | {
      readonly type: "call.outside-ended";
      readonly call: string;
      readonly number: PhoneNumber;
      readonly how: OutsideEnd;
      readonly ms: number;
    }
  /**
   * Both sides are gone. `stage`: where the call was when it ended. `by`: whose half went first. "caller" is also a caller whose
   * line broke: ARI tells the end of a caller's channel by StasisEnd, which has no cause. "engine": everything was said.
   */
  | {
      readonly type: "call.ended";
      readonly call: string;
      readonly stage: "arriving" | "menu" | "queue" | "talk" | "outside";
      readonly by: "caller" | "agent" | "outside" | "engine";
    }
  | {
      readonly type: "call.outcome";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly outcome: Outcome | "not-stated";
      /** The caller's, when it is known. */
      readonly district?: string;
    }
  | {
      readonly type: "call.wrapped-up";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly wrapUpMs: number;
    }
  /**
   * The caller will be rung back. `call`: the callback's own id, under which it waits from now on. `of`: the call in which it was
   * booked; when that one waited, its place is the callback's now, and there is no other `call.queued`.
   */
  | {
      readonly type: "callback.booked";
      readonly call: string;
      readonly of: string;
      readonly group: GroupId;
      readonly number: PhoneNumber;
    }
  /** It waits for an agent again, for its `attempt`: the time since the last one has passed, or the group has opened. */
  | { readonly type: "callback.offered-again"; readonly call: string; readonly group: GroupId; readonly attempt: number }
  /** An agent answered, and the citizen's telephone rings. */
  | {
      readonly type: "callback.rung";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly attempt: number;
    }
  /** The agent spoke with the citizen. `waitedMs`: from the place in the queue to their talk. */
  | {
      readonly type: "callback.reached";
      readonly call: string;
      readonly group: GroupId;
      readonly agent: string;
      readonly attempt: number;
      readonly waitedMs: number;
    }
  | {
      readonly type: "callback.not-reached";
      readonly call: string;
      readonly group: GroupId;
      readonly attempt: number;
      readonly cause: NotReached;
    }
  /** Nobody was reached in as many attempts as the plan has: it is over. */
  | {
      readonly type: "callback.failed";
      readonly call: string;
      readonly group: GroupId;
      readonly number: PhoneNumber;
      readonly language: Language;
      readonly attempts: number;
      readonly bookedAt: number;
    }
  | {
      readonly type: "callback.cancelled";
      readonly call: string;
      readonly group: GroupId;
      readonly by: CallbackCancelledBy;
    }
  | { readonly type: "agent.state"; readonly agent: string; readonly state: AgentStateName; readonly reason?: PauseReason }
  /** Callers hear a message on top of all else; that a call heard it, its `call.said` tells. `texts`: "" where it was recorded. */
  | {
      readonly type: "announcement.set";
      readonly announcement: string;
      readonly where: Where;
      readonly texts: Readonly<Record<Language, string>>;
      readonly until: number;
      readonly by: string;
      readonly alsoWaiting: boolean;
    }
  /** It can be heard in this language too from now on, or (`heard` false) not: its sound could not be made, or is lost. */
  | {
      readonly type: "announcement.language";
      readonly announcement: string;
      readonly language: Language;
      readonly heard: boolean;
    }
  /** `by`: null when its time was over. */
  | { readonly type: "announcement.cleared"; readonly announcement: string; readonly by: string | null }
  /** So many calls were in menus and queues that this one was led where the plan leads such calls (`admission`). */
  | { readonly type: "call.surge"; readonly call: string; readonly calls: number }
  | { readonly type: "engine.recovered"; readonly calls: number; readonly lost: number }
);
export type FactType = Fact["type"];
