import type { Where } from "../core/announcements/announcement.ts";
import type { Answered } from "../core/events.ts";
import type { Outcome, PauseReason } from "../core/facts.ts";
import type { GroupId, Language } from "../core/plan/plan.ts";
import type { AgentView, BoardView, CaptionView, LineView } from "./views.ts";

/**
 * What the front (pages, sessions, statistics) and the engine say to each other over the engine's local socket:
 * one JSON object a line, both ways. On connect the engine sends its whole state (`line`, `board`, each `agent`),
 * afterwards what changed.
 */

/** What an agent asks of the engine. Everything about sound (answer, mute, hold, keypad) goes by SIP from the phone itself. */
export type AgentCommand =
  | { readonly type: "available"; readonly agent: string }
  | {
      readonly type: "pause";
      readonly agent: string;
      readonly reason: Extract<PauseReason, "lunch" | "break" | "meeting" | "casework" | "away">;
    }
  | { readonly type: "sign-out"; readonly agent: string }
  /** The person pressed "answer" in the page: an answer that then crosses with a cancel is not a miss. */
  | { readonly type: "answering"; readonly agent: string; readonly call: string }
  | { readonly type: "refuse"; readonly agent: string; readonly call: string }
  | { readonly type: "hang-up"; readonly agent: string; readonly call: string }
  /** Of a callback: whether it was the citizen who answered. */
  | { readonly type: "reached"; readonly agent: string; readonly call: string }
  | { readonly type: "not-reached"; readonly agent: string; readonly call: string }
  /** An interpreter of that language joins the talk; null: leaves it. */
  | { readonly type: "interpreter"; readonly agent: string; readonly call: string; readonly language: Language | null }
  /** Where the caller lives, as they told the agent. */
  | { readonly type: "district"; readonly agent: string; readonly call: string; readonly district: string }
  | { readonly type: "outcome"; readonly agent: string; readonly call: string; readonly outcome: Outcome }
  /** Ends wrap-up. */
  | { readonly type: "done"; readonly agent: string; readonly call: string };

/** What a lead or administrator asks of the engine; `by`: their user name. Announcing takes as long as the sound takes to make. */
export type AnnouncementCommand =
  | {
      readonly type: "announce";
      readonly by: string;
      readonly where: Where;
      readonly texts: Readonly<Record<Language, string>>;
      /** Recordings by language, as the front has put them into the folder of uploads: names without ending. */
      readonly recordings: Readonly<Record<Language, string>>;
      readonly minutes: number;
      readonly alsoWaiting: boolean;
    }
  | { readonly type: "clear-announcement"; readonly by: string; readonly announcement: string };

/** Answers on the page that a text message led to. The front has made sure that this call's link asks these questions, once. */
export interface SurveyCommand {
  readonly type: "survey-answers";
  readonly call: string;
  readonly group: GroupId;
  readonly answers: readonly Answered[];
}

/**
 * What the front asks of the engine. `agents-changed`: the directory on disk is another than before; read it anew, and route by it
 * at once. `cancel-callback`: a team lead takes it off the list.
 */
export type EngineCommand =
  | AgentCommand
  | AnnouncementCommand
  | SurveyCommand
  | { readonly type: "agents-changed" }
  | { readonly type: "cancel-callback"; readonly call: string };

export type ToEngine = { readonly id: number; readonly command: EngineCommand };

export type FromEngine =
  | { readonly type: "reply"; readonly id: number; readonly ok: true }
  | {
      readonly type: "reply";
      readonly id: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly mend: string;
    }
  | { readonly type: "line"; readonly line: LineView }
  | { readonly type: "board"; readonly board: BoardView }
  | { readonly type: "agent"; readonly agent: AgentView }
  | { readonly type: "caption"; readonly caption: CaptionView };
