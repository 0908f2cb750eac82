import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import type { Language } from "../core/plan/plan.ts";
import { sendDue } from "../outbox/send.ts";
import { hashOfToken, linkValidMs, type SurveyStore } from "../store/survey-port.ts";
import type { TextMessages } from "./text-messages.ts";

export interface SendDeps {
  readonly surveys: SurveyStore;
  readonly texts: TextMessages;
  readonly city: string;
  /** Where people reach the pages; no slash at the end. */
  readonly pagesUrl: string;
  readonly log: Logger;
  /** ms since the epoch. */
  readonly now: () => number;
}

const pauseMs = { first: 30_000, longest: 3_600_000 };
/** About a quarter of an hour; later nobody wants to be asked. */
const mostFailures = 6;
const tokenBytes = 16;

/**
 * Sends text messages whose time has come, at most one for each call: one that may have gone out is not tried again, and can be
 * answered by all the same. Errors: STORE_FAILED, STORE_FULL.
 */
export async function sendTexts({ surveys, texts, pagesUrl, city, log, now }: SendDeps): Promise<void> {
  await surveys.forget(now());
  await sendDue({
    ...{ outbox: surveys.texts, log, now, notSent: "SMS_FAILED", never: "SMS_REFUSED", pauseMs, mostFailures },
    send: async ({ key: call, to }) => {
      const token = randomBytes(tokenBytes).toString("base64url");
      const survey = await surveys.begin(call, hashOfToken(token), now() + linkValidMs);
      // What stands after # no browser sends along: the token is in no server's log of addresses.
      if (survey) await texts.send(to, `${city}: ${wordsIn(survey.language)} ${pagesUrl}/survey#${token}`);
    },
    givenUp: "This one is given up.",
    onGivenUp: ({ key: call }) => surveys.drop(call),
  });
}

const sv = "Tack för ditt samtal. Svara gärna på några korta frågor, inom sju dagar:";
const en = "Thank you for calling. Please answer a few short questions, within seven days:";

const wordsIn = (language: Language): string => (language === "sv" ? sv : language === "en" ? en : `${sv} / ${en}`);
