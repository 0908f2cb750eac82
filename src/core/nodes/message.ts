import { hear, leave, logKey, type NodeRules } from "./visit.ts";

/** Something is said, and the call goes on; who has heard enough presses any key. */
export const message: NodeRules<"message"> = {
  enter: (visit, node, before) => hear(visit, [...before, ...node.says]),
  spoken: (visit, node) => leave(visit, node.next),
  key(visit, node, key) {
    logKey(visit, key, true);
    leave(visit, node.next);
  },
};
