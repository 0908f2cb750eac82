import { noKey, pressKey } from "../menu/walk.ts";
import { hear, logKey, type NodeRules, placeOf } from "./visit.ts";

/** A menu: keys lead on, also while it is being spoken. */
export const menu: NodeRules<"menu"> = {
  enter: (visit, node, before) => hear(visit, before.length > 0 ? before : [...(node.says ?? []), node.prompt]),
  key(visit, _, key) {
    const step = pressKey(visit.plan, placeOf(visit), key);
    logKey(visit, key, step.because === "key");
    visit.take(step);
  },
  silence: (visit) => visit.take(noKey(visit.plan, placeOf(visit))),
  resume: (visit, node) => hear(visit, [...(node.says ?? []), node.prompt]),
};
