import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";
import type { Language } from "../core/plan/plan.ts";
import { type DueText, hashOfToken, linkValidMs, type SurveyStore } from "../store/survey-port.ts";
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

const atOnce = 20;
const firstPauseMs = 30_000;
/** About a quarter of an hour; later nobody wants to be asked. */
const mostFailures = 6;
const tokenBytes = 16;

/**
 * Sends text messages whose time has come, at most one for each call: one that may have gone out is not tried again. Errors:
 * STORE_FAILED, STORE_FULL.
 */
export async function sendTexts(deps: SendDeps): Promise<void> {
  const { surveys, texts, pagesUrl, city, now } = deps;
  await surveys.forget(now());
  for (const text of await surveys.due(now(), atOnce)) {
    const token = randomBytes(tokenBytes).toString("base64url");
    await surveys.begin(text.call, hashOfToken(token), now() + linkValidMs);
    try {
      // What stands after # no browser sends along: the token is in no server's log of addresses.
      await texts.send(text.to, `${city}: ${wordsIn(text.language)} ${pagesUrl}/survey#${token}`);
    } catch (thrown) {
      await notSent(deps, text, thrown);
    }
  }
}

async function notSent({ surveys, log, now }: SendDeps, text: DueText, thrown: unknown): Promise<void> {
  const error = asKontaktlotsError(thrown);
  if (error.code !== "SMS_FAILED" && error.code !== "SMS_REFUSED") throw error;
  const failures = text.failures + 1;
  const about = { code: error.code, call: text.call, failures };
  if (error.code === "SMS_FAILED" && failures < mostFailures) {
    log.warn(about, error.line);
    return surveys.failed(text, now() + firstPauseMs * 2 ** text.failures);
  }
  // A link that may have arrived all the same can be answered by.
  log.error(about, error.code === "SMS_REFUSED" ? error.line : `${error.line} This one is given up.`);
  if (error.code === "SMS_FAILED") await surveys.drop(text.call);
}

const sv = "Tack för ditt samtal. Svara gärna på några korta frågor, inom sju dagar:";
const en = "Thank you for calling. Please answer a few short questions, within seven days:";

const wordsIn = (language: Language): string => (language === "sv" ? sv : language === "en" ? en : `${sv} / ${en}`);
