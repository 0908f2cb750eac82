import type { GroupId, LadderStep, Level, SecondLineRule } from "../core/plan/plan.ts";
import { plainLadder } from "../core/routing/ladder.ts";
import type { SecondLineDocument, StepDocument } from "./schema-routing.ts";

/**
 * A ladder as the core walks it. A step that does not speak of local knowledge or of levels asks for neither; the second line and
 * neighbours, once let in, stay. The defaults may name as a neighbour the very group they are used in: nobody is their own.
 */
export function ladderOf(group: GroupId, documents: readonly StepDocument[]): readonly [LadderStep, ...LadderStep[]] {
  const steps: LadderStep[] = [];
  for (const document of documents) {
    const before = steps.at(-1);
    const step: LadderStep = {
      afterMs: (document["after-seconds"] ?? 0) * 1000,
      minLevel: levelOf(document.level ?? 1),
      minLanguage: document.language ?? "basic",
      local: document.local ?? false,
      secondLine: document["second-line"] ?? before?.secondLine ?? false,
      neighbours: [...new Set([...(before?.neighbours ?? []), ...(document.neighbours ?? [])])].filter((id) => id !== group),
    };
    if (!before || !same(before, step)) steps.push(step);
  }
  const [first, ...later] = steps;
  return first ? [first, ...later] : plainLadder;
}

/** The schema lets in whole numbers from 1 to 5 only. */
const levelOf = (level: number): Level => level as Level;

/** The later of two that let in the same agents is no step. */
function same(a: LadderStep, b: LadderStep): boolean {
  return JSON.stringify({ ...a, afterMs: 0 }) === JSON.stringify({ ...b, afterMs: 0 });
}

export function secondLineOf(document: SecondLineDocument): SecondLineRule {
  const { "call-in": callIn, "send-back": sendBack } = document;
  return {
    callIn: { waiting: callIn.waiting, serviceLevelBelowPercent: callIn["service-level-below-percent"] },
    sendBack: { waitingAtMost: sendBack["waiting-at-most"], serviceLevelAbovePercent: sendBack["service-level-above-percent"] },
    windowMs: document["window-minutes"] * 60_000,
  };
}
