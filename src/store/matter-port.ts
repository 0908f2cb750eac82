import type { MatterStatus } from "../core/events.ts";
import type { GroupId, PhoneNumber } from "../core/plan/plan.ts";
import type { Outbox } from "./outbox-port.ts";

/**
 * Matters that calls leave behind: messages, and callbacks that reached nobody. The port. The front writes it, following the log;
 * the engine asks it what a caller keys. A database of its own. One adapter is enough: it is written by one process, some hundred
 * times a day. What another would have to do is told by `test/store/matters-conformance.ts`.
 */

export const matterKinds = ["message", "callback-failed"] as const;
export type MatterKind = (typeof matterKinds)[number];

/** A message's recording: still with Asterisk, kept in the state folder, or without anything to be heard. */
export type MatterSound = "awaited" | "kept" | "none";

export interface NewMatter {
  readonly kind: MatterKind;
  /** ms since the epoch. */
  readonly createdAt: number;
  readonly group: GroupId;
  /** Whose it is, when it is one person's. */
  readonly officer?: string;
  /** null: withheld, and kept nowhere. */
  readonly from: PhoneNumber | null;
  readonly call: string;
  /** Of a message: the number of the recording within its call, and its length in ms. */
  readonly recording?: { readonly n: number; readonly ms: number };
  /** Whom to write to. */
  readonly mailTo?: string;
}

export interface Matter extends Omit<NewMatter, "mailTo"> {
  /** As people read it: "2026-000123". Counted anew each year. */
  readonly number: string;
  /** Four digits, for the caller: with the number it tells the status. */
  readonly code: string;
  readonly status: MatterStatus;
  /** Of a message. */
  readonly sound?: MatterSound;
}

/** All functions: STORE_FAILED, STORE_FULL. Times: ms since the epoch. */
export interface MatterStore {
  /** Letters to owners that are to be sent, by the number of the matter. */
  readonly letters: Outbox;
  /** The log's entry up to which everything has been taken over; 0 at first. */
  position(): Promise<number>;
  /**
   * Matters, their letters and the new position, all or nothing. What lies at or before the position already is not taken twice:
   * then nothing is, and the answer is empty. `year`: the one at the city, for the number.
   */
  take(position: number, matters: readonly { readonly year: number; readonly matter: NewMatter }[]): Promise<readonly Matter[]>;
  /**
   * Number and code of the matter that a call's recording is, or is going to be: the same whenever it is asked for. `year`: the one at
   * the city.
   */
  reserve(call: string, recording: number, year: number): Promise<{ readonly number: string; readonly code: string }>;
  find(number: string): Promise<Matter | undefined>;
  /** The newest first, at most `most`; those before `before`, a matter's number, when given. */
  list(query: { readonly most: number; readonly before?: string; readonly open?: boolean }): Promise<readonly Matter[]>;
  /** Errors: NOT_FOUND. */
  setStatus(number: string, status: MatterStatus): Promise<Matter>;
  /** Messages whose sound is not here yet, the oldest first. */
  awaitedSounds(): Promise<readonly Matter[]>;
  /** `ms`: as it turned out. Errors: NOT_FOUND. */
  setSound(number: string, sound: MatterSound, ms?: number): Promise<void>;
  /**
   * The status, when number ("2026-000123", hyphen or not) and code are right. After five wrong codes a number tells nothing for
   * an hour, whatever the code.
   */
  statusFor(number: string, code: string, now: number): Promise<MatterStatus | undefined>;
  close(): Promise<void>;
}

export const wrongCodes = { most: 5, lockedMs: 3_600_000 } as const;

/** "2026000123" and "2026-000123" as the latter; undefined for what is no number. */
export function matterNumber(text: string): string | undefined {
  const [, year, count] = /^(\d{4})-?(\d{6})$/.exec(text) ?? [];
  return year === undefined ? undefined : `${year}-${count}`;
}
