import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";
import { clockOf, dayOf } from "../core/time/civil.ts";
import type { Letter, MatterStore } from "../store/matter-port.ts";
import type { Mail, Post } from "./post.ts";

export interface LetterDeps {
  readonly store: MatterStore;
  readonly post: Post;
  readonly timezone: string;
  readonly pagesUrl: string | undefined;
  readonly log: Logger;
  /** ms since the epoch. */
  readonly now: () => number;
}

const atOnce = 20;
const firstPauseMs = 60_000;
const longestPauseMs = 3_600_000;
/** About a week; the matter itself stays. */
const mostFailures = 170;

/**
 * Sends letters whose time has come. One that is not taken is tried again later, for a week; the others wait meanwhile when
 * none was taken. Errors: STORE_FAILED, STORE_FULL.
 */
export async function sendLetters(deps: LetterDeps): Promise<void> {
  const { store, post, log, now } = deps;
  for (const letter of await store.dueLetters(now(), atOnce)) {
    try {
      await post.send(mailOf(letter, deps));
      await store.letterSent(letter.id);
    } catch (thrown) {
      const error = asKontaktlotsError(thrown);
      if (error.code !== "MAIL_FAILED") throw error;
      const about = { code: error.code, matter: letter.matter.number, failures: letter.failures + 1 };
      if (letter.failures + 1 >= mostFailures) {
        log.error(about, `${error.line} It was tried for a week, and is given up; the matter stands.`);
        await store.letterSent(letter.id);
      } else {
        log.warn(about, error.line);
        await store.letterFailed(letter.id, now() + Math.min(firstPauseMs * 2 ** letter.failures, longestPauseMs));
      }
    }
  }
}

/** Says that there is something, and where; what it is stays behind the sign-in. */
function mailOf({ to, matter }: Letter, { timezone, pagesUrl }: LetterDeps): Mail {
  const { number, kind, createdAt } = matter;
  const when = `${dayOf(createdAt, timezone)} ${clockOf(createdAt, timezone)}`;
  const where = pagesUrl === undefined ? "" : `${pagesUrl}/matters?matter=${number}`;
  const [sv, en] =
    kind === "message"
      ? ["Någon har ringt och lämnat ett meddelande.", "A caller has left a message."]
      : ["Någon bad att bli uppringd, och har inte gått att nå.", "A caller asked to be rung back, and was not reached."];
  return {
    to,
    id: `matter-${number}`,
    subject: `Ärende ${number}`,
    text: [
      `${sv}\nÄrende ${number}, ${when}.`,
      ...(where === "" ? [] : [`Öppna det här: ${where}`]),
      `${en}\nMatter ${number}, ${when}.`,
      ...(where === "" ? [] : [`Open it here: ${where}`]),
      "",
    ].join("\n\n"),
  };
}
