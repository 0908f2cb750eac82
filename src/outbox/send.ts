import type { Logger } from "pino";
import { asKontaktlotsError, type ErrorCode } from "../core/errors.ts";
import type { Outbox, Outgoing } from "../store/outbox-port.ts";

export interface Sender {
  readonly outbox: Outbox;
  /**
   * Sends one; resolves when it is out of our hands. Who may not send twice takes it out of the outbox first. Errors: `notSent` when
   * it did not go out, and may later; `never` when it never will, or nobody knows; any other ends the round.
   */
  readonly send: (one: Outgoing) => Promise<void>;
  readonly notSent: ErrorCode;
  readonly never?: ErrorCode;
  /** Before it is tried again, ms; twice as long after each failure. */
  readonly pauseMs: { readonly first: number; readonly longest: number };
  /** After so many failures it is given up. */
  readonly mostFailures: number;
  /** Said, after the error, of one that is given up. */
  readonly givenUp: string;
  /** It is given up, and out of the outbox. */
  readonly onGivenUp?: (one: Outgoing) => Promise<void>;
  readonly log: Logger;
  /** ms since the epoch. */
  readonly now: () => number;
}

const atOnce = 20;

/** Sends those whose time has come, one after another. Errors: STORE_FAILED, STORE_FULL. */
export async function sendDue(sender: Sender): Promise<void> {
  const { outbox, send, now } = sender;
  for (const one of await outbox.due(now(), atOnce)) {
    try {
      await send(one);
    } catch (thrown) {
      await failed(sender, one, thrown);
      continue;
    }
    await outbox.done(one.key);
  }
}

async function failed(sender: Sender, one: Outgoing, thrown: unknown): Promise<void> {
  const { outbox, notSent, never, pauseMs, mostFailures, givenUp, onGivenUp, log, now } = sender;
  const error = asKontaktlotsError(thrown);
  if (error.code !== notSent && error.code !== never) throw error;
  const failures = one.failures + 1;
  const about = { code: error.code, about: one.key, failures };
  if (error.code === notSent && failures < mostFailures) {
    log.warn(about, error.line);
    return outbox.again(one, now() + Math.min(pauseMs.first * 2 ** one.failures, pauseMs.longest));
  }
  log.error(about, error.code === notSent ? `${error.line} ${givenUp}` : error.line);
  await outbox.done(one.key);
  if (error.code === notSent) await onGivenUp?.(one);
}
