import type { Group } from "../../src/core/plan/plan.ts";
import { plainLadder } from "../../src/core/routing/ladder.ts";
import type { Competence } from "../../src/core/routing/types.ts";

/** Someone who answers these groups, well and in every language of the tests. */
export function generalist(groups: readonly string[]): Competence {
  return {
    skills: groups.map((group) => ({ group, level: 3, line: 1 })),
    languages: { sv: "native", en: "good", fi: "good" },
    districts: [],
    site: "",
  };
}

/** How a group is routed when a test is about something else. */
export const plainRouting: Pick<Group, "ladder" | "preferMs"> = { ladder: plainLadder, preferMs: 0 };
