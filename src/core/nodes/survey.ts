import { rulesOf } from "../callback/hours.ts";
import type { EventOf } from "../events.ts";
import { surveyAnswers } from "../facts.ts";
import { mobile } from "../numbers/allowed.ts";
import type { NodeOf } from "../plan/node.ts";
import { forgetBefore, remember } from "../remembered.ts";
import type { CoreState, Turn } from "../state.ts";
import { hear, leave, logKey, type NodeRules, placeOf, stand, type Visit } from "./visit.ts";

/**
 * Questions after the talk, a key from 1 to 5 for each. Whoever does not answer is thanked, and not asked again.
 *
 * `by` "sms": who rings from a mobile is asked instead whether the questions may come by text message, and only key 1 is a yes. Who
 * could get none (another telephone, number withheld) is asked by key.
 */
export const survey: NodeRules<"survey"> = {
  enter(visit, node, before) {
    if (node.by === "sms" && mayText(visit)) {
      stand(visit, { step: offer });
      return hear(visit, [...before, "survey-sms-offer"]);
    }
    stand(visit, { part: 0 });
    hear(visit, [...before, "survey-start", ...node.questions.slice(0, 1)]);
  },
  key(visit, node, key) {
    if (isOffer(visit)) {
      logKey(visit, key, key === "1");
      return key === "1" ? sendLink(visit, node) : leave(visit, { to: "end" });
    }
    const part = placeOf(visit).part ?? 0;
    const question = node.questions[part];
    const answer = surveyAnswers.find((one) => String(one) === key);
    logKey(visit, key, answer !== undefined);
    if (question === undefined || answer === undefined) return;
    const { turn, call } = visit;
    turn.facts.push({ at: turn.at, type: "call.survey", call: call.id, group: groupOf(visit), question, answer });
    stand(visit, { part: part + 1 });
    const next = node.questions[part + 1];
    if (next === undefined) end(visit);
    else hear(visit, [next]);
  },
  silence: end,
  resume: end,
};

/** How long a link to the page can be answered by, ms: so long its answers may come again, when their sender was not told in time that they came. */
export const linkValidMs = 7 * 24 * 3_600_000;
/** More links than are ever answered within that time. */
const mostLinks = 100_000;

/**
 * What was answered on the page counts as what is answered by key; once for each call, which has one link. Whoever hears nothing
 * sends the answers again, and the first ones stand.
 */
export function linkAnswered(core: CoreState, turn: Turn, { call, group, answers }: EventOf<"survey.answered">): void {
  forgetBefore(core.answeredLinks, turn.at - linkValidMs);
  if (core.answeredLinks.has(call)) return;
  remember(core.answeredLinks, call, { at: turn.at }, mostLinks);
  for (const answered of answers) turn.facts.push({ at: turn.at, type: "call.survey", call, group, ...answered });
}

const offer = "offer";
const isOffer = (visit: Visit): boolean => placeOf(visit).step === offer;
const groupOf = ({ call }: Visit): string => call.queued?.ask.group ?? "";

const mayText = ({ call, plan }: Visit): boolean => call.from !== null && mobile(call.from, rulesOf(plan)) !== undefined;

function sendLink(visit: Visit, { questions }: NodeOf<"survey">): void {
  const { turn, call } = visit;
  const about = { call: call.id, group: groupOf(visit), language: call.language, questions };
  turn.facts.push({ at: turn.at, type: "survey.link-wanted", ...about });
  leave(visit, { to: "end" }, ["survey-sms-coming"]);
}

/** Who said nothing to the offer has not agreed, and has nothing to be thanked for but the call. */
function end(visit: Visit): void {
  leave(visit, { to: "end" }, isOffer(visit) ? [] : ["survey-thanks"]);
}
