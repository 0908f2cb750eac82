import type { Logger } from "pino";
import { clockOf, dayOf } from "../core/time/civil.ts";
import { sendDue } from "../outbox/send.ts";
import type { Matter, MatterStore } from "../store/matter-port.ts";
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

const pauseMs = { first: 60_000, longest: 3_600_000 };
/** About a week; the matter itself stays. */
const mostFailures = 170;

/**
 * Sends letters whose time has come. One that is not taken is tried again later, for a week. After a crash one may go out twice, with
 * the same id. Errors: STORE_FAILED, STORE_FULL.
 */
export async function sendLetters(deps: LetterDeps): Promise<void> {
  const { store, post, log, now } = deps;
  await sendDue({
    ...{ outbox: store.letters, log, now, notSent: "MAIL_FAILED", pauseMs, mostFailures },
    send: async ({ key, to }) => {
      const matter = await store.find(key);
      if (matter) await post.send(mailOf(to, matter, deps));
    },
    givenUp: "It was tried for a week, and is given up; the matter stands.",
  });
}

/** Says that there is something, and where; what it is stays behind the sign-in. */
function mailOf(to: string, { number, kind, createdAt }: Matter, { timezone, pagesUrl }: LetterDeps): Mail {
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
