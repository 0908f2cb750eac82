import type { GroupId, Key, NodeId, PhoneNumber, PromptId, Target, Text } from "./terms.ts";

/**
 * The nodes a plan leads callers through before a group answers. Each kind has its rules in `core/nodes`, its schema in
 * `plans/steps`, and what it says in every language in `dialplans/languages`.
 */

/**
 * What a node says: a prompt, or what is known only at that moment. `$opens`: when the group or number opens; `$place`: the place
 * in the queue; `$wait`: how long the wait will be, nothing when that would be a guess.
 */
export type Piece = PromptId | "$opens" | "$place" | "$wait";

interface AnyNode {
  readonly id: NodeId;
  /** What the agent sees of the path: "Bygglov". */
  readonly label: Text;
}

/** How long a node waits for a key after it has spoken (ms), and how often silence or wrong keys may happen before `fallback`. */
interface Asking {
  readonly waitMs: number;
  readonly tries: number;
  readonly fallback: Target;
}

/** A menu: what it says, then keys. */
export interface MenuNode extends AnyNode, Asking {
  readonly kind: "menu";
  /** Spoken before the prompt. */
  readonly says?: readonly Piece[];
  readonly prompt: PromptId;
  /** Whether `Plan.admission` holds for numbers that start here and say nothing of it themselves. */
  readonly admission?: boolean;
  readonly keys: Readonly<Partial<Record<Key, Target>>>;
}

/** Something is said, and the call goes on. Any key goes on at once. */
export interface MessageNode extends AnyNode {
  readonly kind: "message";
  readonly says: readonly Piece[];
  readonly next: Target;
}

/** Each language that can be heard says its own key. The call goes on in the one chosen. */
export interface LanguagesNode extends AnyNode, Asking {
  readonly kind: "languages";
  readonly next: Target;
}

/** Connects to numbers outside, one after the other, `rounds` times; when nobody answers, `fallback`. */
export interface DialNode extends AnyNode {
  readonly kind: "dial";
  readonly says: readonly Piece[];
  /** A list of numbers, or the name of a list of those on duty. */
  readonly numbers: readonly PhoneNumber[] | string;
  readonly ringMs: number;
  readonly rounds: number;
  readonly fallback: Target;
}

/** The caller is rung back, in the place they have. `next`: once it is settled. */
export interface CallbackNode extends AnyNode, Asking {
  readonly kind: "callback";
  /** Left out: the group the caller was on the way to, or waits for. */
  readonly group?: GroupId;
  readonly next: Target;
}

/** The caller leaves a message, which becomes a matter of the group's. */
export interface VoicemailNode extends AnyNode, Asking {
  readonly kind: "voicemail";
  /** Left out: the group the caller was on the way to, or waits for. */
  readonly group?: GroupId;
  /** The longest message, ms. */
  readonly maxMs: number;
  readonly next: Target;
}

/** The caller keys an officer's extension. */
export interface ExtensionNode extends AnyNode, Asking {
  readonly kind: "extension";
  /** How many digits an extension has. */
  readonly digits: number;
}

/** Asks for the district by postal code when it is not known. `next`: with it; "own-number": the district's own telephone. */
export interface DistrictNode extends AnyNode, Asking {
  readonly kind: "district";
  readonly next: Target | "own-number";
}

/** How far the caller's own matter has come, by its number and code. */
export interface MatterStatusNode extends AnyNode, Asking {
  readonly kind: "matter-status";
  readonly next: Target;
}

/** Questions after the talk, each answered from 1 to 5. */
export interface SurveyNode extends AnyNode {
  readonly kind: "survey";
  /** Answered on a page, to which a text message leads whoever rings from a mobile and agrees to it. Left out: by keys, in the call. */
  readonly by?: "sms";
  readonly questions: readonly PromptId[];
  readonly waitMs: number;
}

/** Where staff record and clear announcements by telephone, with a PIN. */
export interface AnnounceNode extends AnyNode, Asking {
  readonly kind: "announce";
}

export type PlanNode =
  | MenuNode
  | MessageNode
  | LanguagesNode
  | DialNode
  | CallbackNode
  | VoicemailNode
  | ExtensionNode
  | DistrictNode
  | MatterStatusNode
  | SurveyNode
  | AnnounceNode;
export type NodeKind = PlanNode["kind"];
export type NodeOf<K extends NodeKind> = Extract<PlanNode, { kind: K }>;
