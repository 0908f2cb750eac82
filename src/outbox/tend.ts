import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";

export interface Tending {
  /** Something has happened that may have left work: it is looked at now, or when the shortest pause since the last look is over. */
  wake(): void;
  /** Resolves when what is being done is done. */
  close(): Promise<void>;
}

/**
 * Between two looks, ms. The first follows whatever happened: what one is told of may reach the log a moment later. Then longer and
 * longer: for what nobody tells, such as a mail server that is back.
 */
const usualPauses = [1_000, 2_000, 4_000, 8_000, 16_000, 30_000] as const;

/**
 * Does all of it, one after another, whenever it is woken and now and then, until it is closed. What fails is told once and tried
 * again at the next look; none keeps the others waiting. `jobs`: by what they do, in words for the log.
 */
export function tend(
  log: Logger,
  jobs: Readonly<Record<string, () => Promise<unknown>>>,
  pauses: readonly number[] = usualPauses,
): Tending {
  const told = new Map<string, string>();
  let closed = false;
  /** Looks since something happened. */
  let looks = 0;
  let lookedAt = 0;
  let next: { readonly timer: NodeJS.Timeout; readonly at: number } | undefined;

  const tryTo = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      if (closed) return;
      await act();
      if (told.delete(what)) log.info(`It works again: ${what}.`);
    } catch (thrown) {
      const error = asKontaktlotsError(thrown);
      if (told.get(what) === error.code) return;
      told.set(what, error.code);
      log.warn({ code: error.code, details: error.details, err: error.cause }, `${what}: ${error.line}`);
    }
  };
  const look = async (): Promise<void> => {
    next = undefined;
    for (const [what, act] of Object.entries(jobs)) await tryTo(what, act);
    lookedAt = performance.now();
    if (!closed) lookAt(lookedAt + pauseAfter(looks++));
  };
  const pauseAfter = (looks: number): number => pauses[Math.min(looks, pauses.length - 1)] ?? 0;
  const lookAt = (at: number): void => {
    clearTimeout(next?.timer);
    next = { at, timer: setTimeout(() => (looking = look()), Math.max(0, at - performance.now())) };
  };
  let looking = look();
  return {
    wake() {
      looks = 0;
      const soonest = lookedAt + pauseAfter(0);
      if (next && next.at > soonest) lookAt(soonest);
    },
    async close() {
      closed = true;
      clearTimeout(next?.timer);
      await looking;
    },
  };
}
