import { type Tending, tend } from "../outbox/tend.ts";
import { type FollowDeps, followSurveys } from "./follow.ts";
import { type SendDeps, sendTexts } from "./send.ts";

/** Looks after surveys that are answered on a page, until it is closed: who wants one, from the log, and the text messages. */
export function tendSurveys(deps: FollowDeps & SendDeps): Tending {
  return tend(deps.log, {
    "Surveys are made from the log": () => followSurveys(deps),
    "Callers are sent text messages": () => sendTexts(deps),
  });
}
