import { ringOutside } from "../call/outside.ts";
import { startMusic } from "../call/sound.ts";
import type { NodeOf } from "../plan/node.ts";
import type { PhoneNumber, Plan } from "../plan/plan.ts";
import { hear, leave, type NodeRules, placeOf, stand, type Visit } from "./visit.ts";

/**
 * Connects to numbers outside: one after the other, round after round, with music or a word between, until one is answered.
 *
 *   says, "connecting" ──▶ first rings ──not reached──▶ "trying the next", which rings ──▶ … ──none──▶ "nobody answers", fallback
 *
 * Whoever asks for those on duty is in a hurry: the next one rings while the caller is told so. `part`: how many were rung so far.
 */
export const dial: NodeRules<"dial"> = {
  enter(visit, node, before) {
    stand(visit, { part: 0 });
    hear(visit, [...before, ...node.says, "connecting"]);
  },
  spoken(visit, node) {
    if (visit.call.outside) startMusic(visit.turn, visit.call);
    else ringNext(visit, node, []);
  },
  unreached(visit, node, how) {
    // One that a restart undid was not really tried.
    if (how === "withdrawn") tryAgain(visit);
    ringNext(visit, node, ["on-duty-trying-next"]);
  },
  resume(visit) {
    if (visit.call.outside) return startMusic(visit.turn, visit.call);
    tryAgain(visit);
    hear(visit, ["connecting"]);
  },
};

function ringNext(visit: Visit, node: NodeOf<"dial">, say: readonly string[]): void {
  const { core, turn, call, plan } = visit;
  const numbers = numbersOf(plan, node);
  for (let n = placeOf(visit).part ?? 0; n < numbers.length * node.rounds; n++) {
    if (!ringOutside(core, turn, call, numbers[n % numbers.length] ?? "", node.ringMs)) continue;
    stand(visit, { part: n + 1 });
    if (say.length > 0) hear(visit, say);
    if (!call.playback) startMusic(turn, call);
    return;
  }
  leave(visit, node.fallback, ["nobody-answered"]);
}

function tryAgain(visit: Visit): void {
  stand(visit, { part: Math.max(0, (placeOf(visit).part ?? 0) - 1) });
}

function numbersOf(plan: Plan, { numbers }: NodeOf<"dial">): readonly PhoneNumber[] {
  return typeof numbers === "string" ? (plan.onDuty?.[numbers]?.numbers ?? []) : numbers;
}
