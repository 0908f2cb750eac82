import type { InForce } from "./announcements/announcement.ts";
import type { Effect } from "./effects.ts";
import type { Officer, Phones } from "./events.ts";
import type { AgentStateName, DistrictSource, Fact, Outcome, OutsideEnd, PauseReason } from "./facts.ts";
import type { MenuPlace } from "./menu/walk.ts";
import type { GroupId, Key, Language, PhoneNumber, Plan, Text } from "./plan/plan.ts";
import type { Why } from "./routing/choose.ts";
import type { Handling } from "./routing/estimate.ts";
import { createRouter, type Router } from "./routing/router.ts";
import { type ArrivalRates, arrivalRates } from "./routing/scarcity.ts";
import type { SecondLine, SecondLineReason } from "./routing/second-line.ts";
import type { Ask, Competence, Waiting } from "./routing/types.ts";

/** One offer of a call to one agent: from the ring to the leg's confirmed end. */
export interface Offer {
  readonly n: number;
  readonly agent: string;
  readonly since: number;
  /** Why this agent. Not there: a talk taken over, which a lost engine had chosen. */
  readonly chosen?: Why;
  /**
   * ringing → connecting (answered, bridge asked for) → talking
   * ringing → ending (we asked the leg to end; `why`) and connecting → ending likewise.
   * Of a callback: ringing → dialling (answered, the citizen is being rung) → connecting.
   */
  state: "ringing" | "dialling" | "connecting" | "talking" | "ending";
  why?: "missed" | "refused" | "caller-gone" | "withdrawn" | "not-reached" | "talk-over";
  /** When the leg was answered. */
  answeredAt?: number;
  /** When both were in the bridge. */
  talkSince?: number;
  /** The person pressed answer: whatever crosses now, it is no miss. */
  answering?: boolean;
  held?: { since: number };
  holdMs: number;
}

/** A number outside that a call rings or talks with: see `call/outside.ts`. */
export interface OutsideLeg {
  /** Counted together with the call's offers. */
  readonly n: number;
  readonly number: PhoneNumber;
  readonly since: number;
  /** It joins a talk, as an interpreter of that language; not there: it answers instead of an agent. */
  readonly joins?: Language;
  state: "ringing" | "connecting" | "talking" | "ending";
  why?: OutsideEnd;
  talkSince?: number;
}

/**
 * A call's life:
 *
 *   menu ── key or silence ──▶ queue ── leg answered, bridged ──▶ talk ──▶ over
 *     │                        ▲    └─ offer missed, refused, failed: same place ─┘
 *     └──────────── caller gone, from anywhere ─────────────────────────────▶ over
 *
 * From a menu a call may also be connected to a number outside, and is `outside` until either goes.
 * A call whose menu has an end, instead of a group, is told goodbye.
 * `over`: one half is gone, the other was asked to end; the call is forgotten when both are.
 */
export type Stage =
  /** `question`: nobody speaks the caller's language, and another is being chosen for what the call asks. */
  /** `booked`: the caller, who is to be rung back, is asked whether that still holds. */
  | { readonly name: "menu"; readonly place: MenuPlace; readonly question?: Ask; readonly booked?: true }
  /**
   * `question`: it waited when the last who could take it left the directory, and is asked the same; or (`busy`) they are only busy,
   * and it is asked what it prefers: see `call/busy-speakers.ts`. It keeps its place meanwhile, and may be offered.
   */
  | { readonly name: "queue"; readonly question?: { readonly tries: number; readonly busy?: true } }
  | { readonly name: "talk" }
  | { readonly name: "outside" }
  /** The last word is being spoken. */
  | { readonly name: "goodbye" }
  | { readonly name: "over" };

export interface District {
  readonly name: string;
  readonly source: DistrictSource;
}

/** What is known of a call that the city makes: a citizen is rung back. Its life is drawn in `callback/rest.ts` and `attempt.ts`. */
export interface Callback {
  /** The call in which it was booked, and who called then; null: withheld. */
  readonly of: string;
  readonly by: PhoneNumber | null;
  readonly bookedAt: number;
  /** How often the citizen has been rung. */
  attempts: number;
  /** Not to be rung before, ms since the epoch. */
  notBefore: number;
  /** When citizen and agent were in the bridge, this time. */
  talkSince?: number;
  /** The agent has said, while talking, that it is the citizen. */
  saidReached?: true;
  /** What the attempt under way came to, once that is known. `undone`: it was lost with the engine, and counts as none. */
  result?: { readonly is: "reached" | "not-reached" | "cancelled" | "undone" };
}

/** What a call begins with: nothing has been offered, played, asked or recorded, and its caller is there. */
export const untouched = {
  offers: 0,
  playbacks: 0,
  lookups: 0,
  recordings: 0,
  music: false,
  bridged: false,
  callerGone: false,
} satisfies Partial<Call>;

export interface Call {
  readonly id: string;
  readonly number: PhoneNumber;
  /** Who calls, or is rung back; null: withheld, or no longer to be known. */
  from: PhoneNumber | null;
  readonly tag: string | null;
  readonly arrivedAt: number;
  language: Language;
  /** What the call is on the way to, once that is known: for whoever finds the group closed, or is rung back. */
  wanted?: Ask;
  /** Where the caller lives, once that is known, and how it was found out. */
  district?: District;
  /** Groups that were full and have sent it on: whoever comes back to one is let in, for staying on the line is the wish to wait. */
  sentOn?: readonly GroupId[];
  /** It chose something else while waiting, and keeps its place meanwhile. */
  aside?: true;
  stage: Stage;
  path: Text[];
  /** The group whose queue it entered, since when, and its place in the one order of arrival. */
  queued?: Waiting & { toldPlace: number };
  offer?: Offer;
  /** The number outside that rings, talks or joins the talk. */
  outside?: OutsideLeg;
  /** Calls made so far for this one: to agents, and to numbers outside. */
  offers: number;
  /** When it was asked last what it prefers, ms since the epoch, those who speak its language being busy. `due`: it is to be, once all has been spoken. */
  busySpeakers?: { readonly askedAt?: number; readonly due?: true };
  /** The caller wants an interpreter of this language, who is rung when an agent has answered. */
  interpreter?: Language;
  /** The prompt now being spoken; what was said is kept for captions. */
  playback?: { readonly n: number; readonly prompts: readonly string[] };
  playbacks: number;
  /** How many questions were asked outside the core, and recordings made: the newest counts. */
  lookups: number;
  recordings: number;
  /** The officer whose number or extension the caller chose. */
  officer?: Officer;
  /** What the caller is saying, or has said and not sent yet. `since`: when the recording began; `ms`: its length, once it is over. */
  message?: {
    readonly recording: number;
    readonly since: number;
    readonly ms?: number;
    readonly group: GroupId;
    readonly officer?: string;
  };
  /** Announcements it was told. */
  heard?: readonly string[];
  /** The key pressed last, and when it was let go. */
  lastKey?: { readonly key: Key; readonly at: number };
  music: boolean;
  bridged: boolean;
  callerGone: boolean;
  /** Only of a callback, while the citizen is not on the line. `asleep`: it does not wait for an agent now. */
  absent?: "asleep" | "waiting" | "ringing";
  callback?: Callback;
  /** How often a callback has been booked in it. */
  bookings?: number;
  /** When the caller left the talk, if that was first. */
  talkEndedAt?: number;
  outcome?: Outcome;
}

export interface Agent {
  readonly id: string;
  name: string;
  competence: Competence;
  state: AgentStateName;
  reason?: PauseReason;
  since: number;
  phones: Phones;
  /** Chosen beforehand, for when the present call and its wrap-up are over. */
  next?: PauseReason | "offline" | "available";
  /** The call that rings, is talked, or is wrapped up. */
  call?: string;
  wrapUp?: {
    readonly call: string;
    readonly group: GroupId;
    readonly since: number;
    readonly until: number;
    readonly talkMs: number;
    /** Who called, and of a callback the call in which it was booked. */
    readonly from?: PhoneNumber | null;
    readonly of?: string;
    outcome?: Outcome;
    district?: District;
  };
  /** Fetched from casework by rule, and why. */
  calledIn?: { readonly group: GroupId; readonly since: number } & SecondLineReason;
  missedInRow: number;
  /** Longest idle first: rises each time an agent becomes free. */
  idleOrder: number;
  /** No longer in the directory: goes when free. */
  leaving?: boolean;
}

/** A callback that was given up, ms since the epoch. */
export interface FailedCallback {
  readonly call: string;
  readonly group: GroupId;
  readonly number: PhoneNumber;
  readonly attempts: number;
  readonly at: number;
}

/** Everything the engine knows of now. Owned by `step`, which updates it in place; everybody else only reads. */
export interface CoreState {
  plan: Plan | null;
  readonly calls: Map<string, Call>;
  readonly agents: Map<string, Agent>;
  /** Timer → due, ms since the epoch. */
  readonly timers: Map<string, number>;
  nextOrder: number;
  nextIdle: number;
  /** Callbacks that reached nobody, the latest last. */
  readonly failedCallbacks: FailedCallback[];
  /** Calls that were none of the centre's: who called is to go from the log when they are over. */
  readonly toForget: Set<string>;
  /** In which language a caller wanted to be spoken to; the one who rang the longest ago first, as in the next. */
  readonly lastLanguages: Map<PhoneNumber, { readonly language: Language; readonly at: number }>;
  /** In which district a caller lives. */
  readonly lastDistricts: Map<PhoneNumber, { readonly district: string; readonly at: number }>;
  /** Who spoke with a caller last, oldest first. */
  readonly lastAgents: Map<PhoneNumber, { readonly agent: string; readonly at: number }>;
  /** Calls whose survey has been answered on its page, oldest first: should the answers come again, they are counted once. */
  readonly answeredLinks: Map<string, { readonly at: number }>;
  /** In force, the newest first. */
  readonly announcements: InForce[];
  readonly secondLines: Map<GroupId, SecondLine>;
  /** How long calls of a group keep an agent: for estimates of waits. */
  readonly handling: Map<GroupId, Handling>;
  /** How often each group and language is asked for. */
  readonly rates: ArrivalRates;
  /** Derived: the callback to a number, or booked by who calls from it. */
  readonly booked: Map<PhoneNumber, string>;
  /** Derived: all calls in a group's queue, those included that are being offered, in the order in which they came. */
  readonly queues: Map<GroupId, Map<string, Call>>;
  /** Derived, rebuilt on restore and with each new plan: who waits and is not being offered, and who is free. */
  router: Router;
}

/** What one step came to. */
export interface Turn {
  readonly at: number;
  readonly effects: Effect[];
  readonly facts: Fact[];
  /** Asterisk is being read back: nobody is offered anything, and no caller hears anything new, before all is known. */
  settling?: boolean;
}

export function emptyState(): CoreState {
  const rates = arrivalRates(0);
  return {
    plan: null,
    calls: new Map(),
    agents: new Map(),
    timers: new Map(),
    nextOrder: 1,
    nextIdle: 1,
    failedCallbacks: [],
    toForget: new Set(),
    lastLanguages: new Map(),
    lastDistricts: new Map(),
    lastAgents: new Map(),
    answeredLinks: new Map(),
    announcements: [],
    secondLines: new Map(),
    handling: new Map(),
    booked: new Map(),
    queues: new Map(),
    rates,
    router: createRouter([], rates),
  };
}

export function setTimer(core: CoreState, turn: Turn, timer: string, due: number): void {
  core.timers.set(timer, due);
  turn.effects.push({ do: "timer", timer, due });
}

export function clearTimer(core: CoreState, turn: Turn, timer: string): void {
  if (core.timers.delete(timer)) turn.effects.push({ do: "clear-timer", timer });
}
