import { type Key, keys, type Language, type Plan } from "../plan/plan.ts";
import { askAgain, hear, leave, logKey, type NodeRules } from "./visit.ts";

/**
 * The choice of a language: each says its own key in itself. A language keeps its key (its place in the plan's list, after the main
 * one) also while another is not offered because its prompts are not complete.
 */
export const languages: NodeRules<"languages"> = {
  enter: (visit, _, before) => hear(visit, [...before, ...spoken(visit.plan)]),
  key(visit, node, key) {
    const chosen = choices(visit.plan).find((choice) => choice.key === key);
    logKey(visit, key, chosen !== undefined || key === "0" || key === "*");
    const { next } = node;
    if (chosen)
      leave(
        visit,
        "language" in next || next.to === "node" || next.to === "group" ? { ...next, language: chosen.language } : next,
      );
    else if (key === "0") leave(visit, node.fallback);
    else if (key === "*") hear(visit, spoken(visit.plan));
    else askAgain(visit, node, "wrong-key", spoken(visit.plan));
  },
  silence: (visit, node) => askAgain(visit, node, "no-key", spoken(visit.plan)),
};

interface Choice {
  readonly key: Key;
  readonly language: Language;
}

function choices(plan: Plan): Choice[] {
  return plan.languages.flatMap((language, index) => {
    const key = index === 0 || index > 9 ? undefined : keys[index];
    return key !== undefined && plan.spoken.includes(language) ? [{ key, language }] : [];
  });
}

const spoken = (plan: Plan) => choices(plan).map(({ key, language }) => ({ prompt: `language-choice-${key}`, language }));
