import type { Text } from "../plan/plan.ts";
import type { MenuStep } from "./walk.ts";

/**
 * The path the agent sees, with one more step: the number's name, then each choice of subject, "Stadens nummer → Bygga och bo → Bygglov". The
 * same array when the step adds nothing.
 */
export function addLabel(path: Text[], step: MenuStep): Text[] {
  return step.to === "repeat" || step.to === "end" || step.label === null ? path : [...path, step.label];
}
