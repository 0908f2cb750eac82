/**
 * What is to be sent to people, one at a time: the port. An outbox is part of a store that keeps what its messages are about
 * (`MatterStore.letters`, `SurveyStore.texts`), in the same database: both are taken over from the log in one transaction.
 */

/** One that is to be sent. */
export interface Outgoing {
  /** What it is about: a matter's number, a call. No two have the same. */
  readonly key: string;
  /** An address, or a number. */
  readonly to: string;
  /** How often it has failed. */
  readonly failures: number;
}

/** All functions: STORE_FAILED, STORE_FULL. Times: ms since the epoch. */
export interface Outbox {
  /** Those whose time has come, the oldest first. */
  due(now: number, most: number): Promise<readonly Outgoing[]>;
  /** Nothing more is sent of it, and its receiver is forgotten: it went out, or was given up. */
  done(key: string): Promise<void>;
  /** It did not go out, and is tried again at `again`: one failure more. Also of one that had been taken out before it was tried. */
  again(one: Outgoing, again: number): Promise<void>;
}
