import type { Calendar, Hours, HoursId } from "../hours/hours.ts";
import type { PlanNode } from "./node.ts";
import type { GroupId, Language, NodeId, PhoneNumber, PromptId, Target } from "./terms.ts";
import type { Text } from "./text.ts";

/**
 * A plan: everything a city has decided about its numbers, menus, groups and what is said.
 * It is read from `dialplans/`, validated there, and is plain JSON here: the core never sees a file.
 */

export * from "./terms.ts";

export interface EntryNumber {
  readonly number: PhoneNumber;
  /** Older numbers, and other forms, that ring the same entry. */
  readonly aliases: readonly PhoneNumber[];
  readonly name: Text;
  readonly greeting: PromptId;
  readonly start: Target;
  readonly language: Language;
  /** Where a call goes while the number's hours are closed; without one it goes on as if open, and the groups' hours decide. */
  readonly closed?: Target;
  /** Left out: always open. */
  readonly hours?: HoursId;
  /** Whether `Plan.admission` holds for whoever rings here. Left out: as its menu says, or else unless it is urgent. */
  readonly admission?: boolean;
  /** An officer's own number, made from a row of `Plan.direct`: nobody is greeted, and this extension is sought at `start`. */
  readonly extension?: string;
}

/** A row of officers' own numbers. An extension is a number's last digits, as many as the node asks for. */
export interface DirectNumbers {
  readonly first: PhoneNumber;
  readonly last: PhoneNumber;
  /** An extension node. */
  readonly node: NodeId;
}

/** How well an agent knows a subject: 1 (can help) to 5 (knows it best). */
export type Level = 1 | 2 | 3 | 4 | 5;
export const languageLevels = ["basic", "good", "native"] as const;
export type LanguageLevel = (typeof languageLevels)[number];

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

/**
 * When a group's second line leaves its casework for the telephone, and when it goes back. Called in when as many wait or the
 * service level of the last `windowMs` is as low; sent back only when fewer wait and it has recovered, so that nobody is called
 * back and forth.
 */
export interface SecondLineRule {
  readonly callIn: { readonly waiting: number; readonly serviceLevelBelowPercent: number };
  readonly sendBack: { readonly waitingAtMost: number; readonly serviceLevelAbovePercent: number };
  readonly windowMs: number;
}

/** An answer group (svarsgrupp). All times in ms. */
export interface Group {
  readonly id: GroupId;
  readonly name: Text;
  readonly board: string;
  /** Who is written to of the group's matters. */
  readonly email?: string;
  /** How long one agent's phone rings before the call goes to the next. */
  readonly ringMs: number;
  /** Longest wrap-up; 0 makes the agent free at once. */
  readonly wrapUpMs: number;
  /** T of service-level/1–3. */
  readonly answerTargetMs: number;
  /** Short-abandon limit of service-level/1 and abandon/1. */
  readonly shortAbandonMs: number;
  /** Target of fcr/1, percent. */
  readonly fcrTargetPercent: number;
  /** How often a waiting caller is told the place again; 0: only at the start. */
  readonly placeEveryMs: number;
  /** Whom a call may reach, and after how long a wait. */
  readonly ladder: readonly [LadderStep, ...LadderStep[]];
  /** How long a call waits for the agent it asks for before others may take it. */
  readonly preferMs: number;
  /** Without one nobody is called in by rule. */
  readonly secondLine?: SecondLineRule;
  /** Where a call goes while the group's hours are closed. */
  readonly closed?: Target;
  /** Where a call goes while so many wait already; one of priority "urgent" is let in all the same. */
  readonly full?: { readonly waiting: number; readonly next: Target };
  /** What a waiting caller is offered now and then: the keys of this menu work while they wait. */
  readonly waitingMenu?: NodeId;
  /** Asked of a caller whom the agent let go first. */
  readonly survey?: NodeId;
  /** Left out: always open. */
  readonly hours?: HoursId;
}

/** Places up to this are spoken as a number by the prompt `place-N`; later ones by `place-many`. */
export const spokenPlaces = 20;

/** Text per language. Of a numbered one (`place-n`: `core/speech/sentences.ts`) the loader makes one for each number. */
export type Prompt = Readonly<Record<Language, string>>;

export interface Plan {
  readonly id: string;
  readonly city: string;
  /** IANA name, for weeks and days. */
  readonly timezone: string;
  /** Spoken to callers, the main one first. */
  readonly languages: readonly Language[];
  /** Those of `languages`, in that order, in which every prompt can be heard now: what callers may be offered. Always has the first. */
  readonly spoken: readonly Language[];
  /** In which the city helps its callers: those an agent may set in the profile. */
  readonly agentLanguages: readonly Language[];
  /** The first is the common number: it answers for a dialled number nobody knows. */
  readonly numbers: readonly [EntryNumber, ...EntryNumber[]];
  readonly nodes: Readonly<Record<NodeId, PlanNode>>;
  readonly groups: Readonly<Record<GroupId, Group>>;
  readonly prompts: Readonly<Record<PromptId, Prompt>>;
  /** The city's districts, by name: what agents know and calls ask. */
  readonly districts: readonly string[];
  /** Opening hours, by what numbers and groups call them. */
  readonly hours: Readonly<Record<HoursId, Hours>>;
  readonly calendar: Calendar;
  /** Where a call goes that has no other way: an unknown number, a broken path. */
  readonly lastResort: GroupId;
  /** Lists of those on duty, the next in line after each other: numbers outside. */
  readonly onDuty?: Readonly<Record<string, { readonly name: Text; readonly numbers: readonly PhoneNumber[] }>>;
  /** District by postal code: five digits, or the first three or four of them. */
  readonly postcodes?: Readonly<Record<string, string>>;
  /** Where a district answers what the centre does not: by its name. */
  readonly districtNumbers?: Readonly<Record<string, PhoneNumber>>;
  /** Interpreters by the language they speak. */
  readonly interpreters?: Readonly<Record<Language, PhoneNumber>>;
  readonly callbacks?: CallbackRules;
  /** How long after their last call it is known which language a caller chose and where they live, ms. Left out: 90 days. */
  readonly rememberCallersMs?: number;
  /** Left out: whoever waits for a speaker of their language is asked nothing. */
  readonly busySpeakers?: BusySpeakers;
  readonly direct?: readonly DirectNumbers[];
  /** Calls in menus and queues together; whoever comes beyond that is led to `next`. */
  readonly admission?: { readonly calls: number; readonly next: Target };
}

/** When a caller, while nobody who speaks their language is free, is asked whether they would rather be helped in another way. */
export interface BusySpeakers {
  /** So long after they began to wait, ms. */
  readonly askAfterMs: number;
  /** And again so long after that, ms; 0: not again. */
  readonly askAgainMs: number;
}

/** How citizens are rung back. */
export interface CallbackRules {
  /** How often a citizen who is not reached is rung in all. */
  readonly attempts: number;
  /** Between two attempts, ms. */
  readonly retryMs: number;
  /** How long the citizen's telephone rings, ms. */
  readonly ringMs: number;
  /** Besides Swedish numbers also mobiles of the Nordic countries. */
  readonly nordicMobiles: boolean;
}
