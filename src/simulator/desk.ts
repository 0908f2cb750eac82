import type { GroupId } from "../core/plan/plan.ts";
import type { ScenarioAgent, Shift } from "./scenario.ts";

/**
 * What a simulated agent is doing:
 *
 *   away ◀──▶ free ──offer──▶ ringing ──▶ talking ──▶ wrapUp ──▶ free, or away when the shift is over or a break is due
 *                               └── missed, caller gone ──▶ the same
 */
export const desk = { away: 0, free: 1, ringing: 2, talking: 3, wrapUp: 4 } as const;

export interface Desk {
  readonly index: number;
  readonly id: string;
  readonly shift: Shift;
  /** 1 where the agent has the group. */
  readonly groups: Uint8Array;
  state: (typeof desk)[keyof typeof desk];
  /** Free since, ms. */
  since: number;
  onDuty: boolean;
  /** A break that is due as soon as nothing holds the agent, ms. */
  breakMs: number;
  /** Rises with each release: tells the end of this break from that of an earlier one. */
  breaks: number;
  /** Offers missed in a row. */
  missed: number;
  present: boolean;
  presentSince: number;
}

export function newDesk(index: number, agent: ScenarioAgent, groups: readonly { readonly id: GroupId }[]): Desk {
  const has = new Set(agent.competence.skills.map(({ group }) => group));
  return {
    index,
    id: agent.id,
    shift: agent.shift,
    groups: Uint8Array.from(groups, ({ id }) => (has.has(id) ? 1 : 0)),
    state: desk.away,
    since: 0,
    onDuty: false,
    breakMs: 0,
    breaks: 0,
    missed: 0,
    present: false,
    presentSince: 0,
  };
}
