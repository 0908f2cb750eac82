import type { EntryNumber, Text } from "../plan/plan.ts";
import type { MenuStep } from "./walk.ts";

/** The path the agent sees: the number's name, then each choice of subject, "Stadens nummer → Bygga och bo → Bygglov". */
export function pathLabels(entry: EntryNumber, steps: readonly MenuStep[]): Text[] {
  return steps.reduce(addLabel, [entry.name]);
}

/** A path with one more step; the same array when the step adds nothing. */
export function addLabel(path: Text[], step: MenuStep): Text[] {
  return step.to === "repeat" || step.to === "end" || step.label === null ? path : [...path, step.label];
}
