/**
 * A plan: everything a city has decided about its numbers, menus, groups and what is said.
 * It is read from `dialplans/`, validated there, and is plain JSON here: the core never sees a file.
 */

/** ISO 639-1, "sv", "en" … */
export type Language = string;
export type NodeId = string;
export type GroupId = string;
export type PromptId = string;
/** E.164 with "+". */
export type PhoneNumber = string;

export const keys = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"] as const;
/** One DTMF key. */
export type Key = (typeof keys)[number];

/** A text people see, in the two languages of every page. */
export interface Text {
  readonly sv: string;
  readonly en: string;
}

/** Where a key, or the lack of one, leads. `language` is what the caller hears from there on. */
export type Target =
  | { readonly to: "node"; readonly node: NodeId; readonly language?: Language }
  | {
      readonly to: "group";
      readonly group: GroupId;
      readonly language?: Language;
      /** What the call asks of the agent besides: see `core/routing`. */
      readonly priority?: Priority;
      readonly district?: string;
    }
  | { readonly to: "repeat" };

/** A menu: one prompt, then keys. Silence and wrong keys repeat the prompt `tries` times in all and then lead to `fallback`. */
export interface MenuNode {
  readonly id: NodeId;
  /** What the agent sees of the path: "Bygglov". */
  readonly label: Text;
  readonly prompt: PromptId;
  readonly keys: Readonly<Partial<Record<Key, Target>>>;
  /** How long to wait for a key after the prompt has been spoken, ms. */
  readonly waitMs: number;
  /** How many times silence or a wrong key may happen before `fallback`. */
  readonly tries: number;
  readonly fallback: Target;
}

export interface EntryNumber {
  readonly number: PhoneNumber;
  /** Older numbers, and other forms, that ring the same entry. */
  readonly aliases: readonly PhoneNumber[];
  readonly name: Text;
  readonly greeting: PromptId;
  readonly start: Target;
  readonly language: Language;
}

/** How well an agent knows a subject: 1 (can help) to 5 (knows it best). */
export type Level = 1 | 2 | 3 | 4 | 5;
export const languageLevels = ["basic", "good", "native"] as const;
export type LanguageLevel = (typeof languageLevels)[number];
export type Priority = "urgent" | "normal";

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
}

/** Prompts every plan has, whatever its menus say. */
export const requiredPrompts = [
  "wrong-key",
  "no-key",
  "to-agent",
  "place-first",
  "place-many",
  "goodbye",
  // Nobody can take the call as it asks: see `core/call/fallback.ts`.
  "other-group",
  "no-speaker",
  "press-main",
  "press-english",
] as const;

/** Places up to this are spoken as a number by the prompt `place-N`; later ones by `place-many`. */
export const spokenPlaces = 20;

/** Text per language. Prompts `place-2` … `place-20` are made from the text of `place-n` by the loader. */
export type Prompt = Readonly<Record<Language, string>>;

export interface Plan {
  readonly id: string;
  readonly city: string;
  /** IANA name, for weeks and days. */
  readonly timezone: string;
  /** Spoken to callers, the main one first. */
  readonly languages: readonly Language[];
  /** In which the city helps its callers: those an agent may set in the profile. */
  readonly agentLanguages: readonly Language[];
  /** The first is the common number: it answers for a dialled number nobody knows. */
  readonly numbers: readonly [EntryNumber, ...EntryNumber[]];
  readonly nodes: Readonly<Record<NodeId, MenuNode>>;
  readonly groups: Readonly<Record<GroupId, Group>>;
  readonly prompts: Readonly<Record<PromptId, Prompt>>;
  /** The city's districts, by name: what agents know and calls ask. */
  readonly districts: readonly string[];
  /** Where a call goes that has no other way: an unknown number, a broken path. */
  readonly lastResort: GroupId;
}
