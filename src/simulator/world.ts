import type { GroupId, SecondLineRule } from "../core/plan/plan.ts";
import type { Ring, ScenarioAgent } from "./scenario.ts";

/** What a run needs to know of the scenario. */
export interface World {
  readonly firstDay: number;
  readonly days: number;
  readonly isOpen: (day: number) => boolean;
  readonly groups: readonly WorldGroup[];
  readonly agents: readonly ScenarioAgent[];
  readonly ring: Ring;
}

export interface WorldGroup {
  readonly id: GroupId;
  readonly ringMs: number;
  readonly shortAbandonMs: number;
  readonly rules: { readonly answerTargetMs: number };
  readonly secondLine?: SecondLineRule;
}
