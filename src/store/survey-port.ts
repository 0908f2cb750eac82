import { createHash } from "node:crypto";
import type { GroupId, Language, PhoneNumber, PromptId } from "../core/plan/plan.ts";

/**
 * Surveys that are answered on a page: text messages that are to be sent, and the links that went out. The port. The front alone
 * writes it, following the log. A database of its own. Of a link its token's hash is kept, and of whom it went to nothing.
 */

export { linkValidMs } from "../core/nodes/survey.ts";

/** What a link asks, and where the answers belong. */
export interface Survey {
  readonly call: string;
  readonly group: GroupId;
  /** The call's. */
  readonly language: Language;
  readonly questions: readonly PromptId[];
}

export interface NewSurvey extends Survey {
  readonly to: PhoneNumber;
  /** ms since the epoch. */
  readonly wantedAt: number;
}

/** A text message that is to be sent, and how often it has failed. */
export interface DueText {
  readonly call: string;
  readonly to: PhoneNumber;
  readonly language: Language;
  readonly failures: number;
}

/** All functions: STORE_FAILED, STORE_FULL. Times: ms since the epoch. */
export interface SurveyStore {
  /** The log's entry up to which everything has been taken over; 0 at first. */
  position(): Promise<number>;
  /** Surveys and the new position, all or nothing. What lies at or before the position already is not taken twice, and no call has two. */
  take(position: number, surveys: readonly NewSurvey[]): Promise<void>;
  /** Text messages whose time has come, the oldest first. */
  due(now: number, most: number): Promise<readonly DueText[]>;
  /**
   * The message is about to go out: from now on it counts as sent, so that whatever breaks meanwhile none goes out twice, and the
   * number is forgotten. Its link can be answered by whoever has the token.
   */
  begin(call: string, tokenHash: string, expiresAt: number): Promise<void>;
  /** It surely did not go out, and is tried again at `again`. */
  failed(text: DueText, again: number): Promise<void>;
  /** There will be no message. */
  drop(call: string): Promise<void>;
  /** The survey whose link can still be answered by. */
  find(tokenHash: string, now: number): Promise<Survey | undefined>;
  /** The same, once: from then on the link is used. */
  use(tokenHash: string, now: number): Promise<Survey | undefined>;
  /** The answers were not taken: the link can be answered by again. */
  reopen(tokenHash: string): Promise<void>;
  /** Links too old to be answered by go. */
  forget(now: number): Promise<void>;
  close(): Promise<void>;
}

export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
