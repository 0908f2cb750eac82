import type { GroupId } from "../core/plan/plan.ts";
import type { ScenarioAgent, Shift } from "./scenario.ts";

/**
 * What a simulated agent is doing:
 *
 *   away ◀──▶ free ──offer──▶ ringing ──▶ talking ──▶ wrapUp ──▶ free, or away when the shift is over or a break is due,
 *               ▲               │                                or at casework when the second line is not called in
 *                               └── missed, caller gone ──▶ the same
 */
export const desk = { away: 0, free: 1, ringing: 2, talking: 3, wrapUp: 4, casework: 5 } as const;

export interface Desk {
  readonly index: number;
  readonly id: string;
  readonly shift: Shift;
  /** 1 where the agent has the group. */
  readonly groups: Uint8Array;
  /** Groups, by index, whose rule fetches the agent from casework; none for agents who have a first line. */
  readonly secondLineOf: readonly number[];
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

/** `isRuled`: whether the second line of a group, by its index, is called in by rule. */
export function newDesk(
  index: number,
  agent: ScenarioAgent,
  groups: readonly { readonly id: GroupId }[],
  isRuled: (group: number) => boolean,
): Desk {
  const { skills } = agent.competence;
  const has = new Set(skills.map(({ group }) => group));
  const onlySecond = skills.every(({ line }) => line === 2);
  return {
    index,
    id: agent.id,
    shift: agent.shift,
    groups: Uint8Array.from(groups, ({ id }) => (has.has(id) ? 1 : 0)),
    secondLineOf: onlySecond ? groups.flatMap(({ id }, group) => (has.has(id) && isRuled(group) ? [group] : [])) : [],
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
