import { hear, leave, logKey, type NodeRules, placeOf, stand, type Visit } from "./visit.ts";

/** Questions after the talk, a key from 1 to 5 for each. Whoever does not answer is thanked, and not asked again. */
export const survey: NodeRules<"survey"> = {
  enter(visit, node, before) {
    stand(visit, { part: 0 });
    hear(visit, [...before, "survey-start", ...node.questions.slice(0, 1)]);
  },
  key(visit, node, key) {
    const part = placeOf(visit).part ?? 0;
    const question = node.questions[part];
    const answer = answers.find((one) => String(one) === key);
    logKey(visit, key, answer !== undefined);
    if (question === undefined || answer === undefined) return;
    const { turn, call } = visit;
    const group = call.queued?.ask.group ?? "";
    turn.facts.push({ at: turn.at, type: "call.survey", call: call.id, group, question, answer });
    stand(visit, { part: part + 1 });
    const next = node.questions[part + 1];
    if (next === undefined) thank(visit);
    else hear(visit, [next]);
  },
  silence: thank,
  resume: thank,
};

const answers = [1, 2, 3, 4, 5] as const;

function thank(visit: Visit): void {
  leave(visit, { to: "end" }, ["survey-thanks"]);
}
