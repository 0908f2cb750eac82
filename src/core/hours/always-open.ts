import type { Plan } from "../plan/plan.ts";

/** The same plan with nobody ever closed: a demo is tried out at any hour. */
export function alwaysOpen(plan: Plan): Plan {
  const groups = Object.entries(plan.groups).map(([id, { hours: _, ...group }]) => [id, group] as const);
  const [first, ...others] = plan.numbers.map(({ hours: _, ...entry }) => entry);
  return { ...plan, groups: Object.fromEntries(groups), numbers: first ? [first, ...others] : plan.numbers };
}
