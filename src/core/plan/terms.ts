/** The words of a plan that its parts share. */

export type { Text } from "./text.ts";

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
  | { readonly to: "repeat" }
  /** The node before this one. */
  | { readonly to: "back" }
  /** A goodbye, and the end of the call. */
  | { readonly to: "end" };
export type Priority = "urgent" | "normal";
