import { createHash } from "node:crypto";
import type { GroupId, Language, PhoneNumber, PromptId } from "../core/plan/plan.ts";
import type { Outbox } from "./outbox-port.ts";

/**
 * Surveys that are answered on a page: text messages that are to be sent, and the links that went out. The port. The front alone
 * writes it, following the log. A database of its own. Of a link its token's hash is kept, and of whom it went to nothing.
 * One adapter is enough: it is written by one process, some hundred times a day. What another would have to do is told by
 * `test/store/surveys-conformance.ts`.
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

/** All functions: STORE_FAILED, STORE_FULL. Times: ms since the epoch. */
export interface SurveyStore {
  /** Text messages that are to be sent, by call. */
  readonly texts: Outbox;
  /** The log's entry up to which everything has been taken over; 0 at first. */
  position(): Promise<number>;
  /** Surveys and the new position, all or nothing. What lies at or before the position already is not taken twice, and no call has two. */
  take(position: number, surveys: readonly NewSurvey[]): Promise<void>;
  /**
   * The message is about to go out: it leaves `texts`, so that whatever breaks meanwhile none goes out twice, and the number is
   * forgotten. Its link, and none from before, can be answered by whoever has the token. undefined: there is no such survey.
   */
  begin(call: string, tokenHash: string, expiresAt: number): Promise<Survey | undefined>;
  /** There will be no message. */
  drop(call: string): Promise<void>;
  /** The survey whose link can still be answered by. */
  find(tokenHash: string, now: number): Promise<Survey | undefined>;
  /** The same, once: from then on the link is used. */
  use(tokenHash: string, now: number): Promise<Survey | undefined>;
  /** The answers were not taken: the link can be answered by again. */
  reopen(tokenHash: string): Promise<void>;
  /** Links too old to be answered by go, and what was never sent. */
  forget(now: number): Promise<void>;
  close(): Promise<void>;
}

export function hashOfToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
