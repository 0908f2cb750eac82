import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";

/**
 * Does all of it, one after another, over and over until it is closed. What fails is told once and tried again the next time; none
 * keeps the others waiting. `jobs`: by what they do, in words for the log.
 */
export function overAndOver(
  log: Logger,
  jobs: Readonly<Record<string, () => Promise<unknown>>>,
  everyMs = 1_000,
): { close(): Promise<void> } {
  const told = new Map<string, string>();
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

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
    for (const [what, act] of Object.entries(jobs)) await tryTo(what, act);
    if (!closed) timer = setTimeout(() => (looking = look()), everyMs);
  };
  let looking = look();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
