import type { CoreEvent } from "../core/events.ts";
import { plainLadder } from "../core/routing/ladder.ts";
import { newcomer } from "../store/competence.ts";

/** An input as an earlier version may have written it: before agents had a competence, groups a ladder, and plans hours and spoken languages. */
type OldInput = {
  readonly type: string;
  readonly agents?: readonly { readonly groups?: readonly string[]; readonly competence?: unknown }[];
  readonly plan?: {
    readonly timezone: string;
    readonly groups: Readonly<Record<string, object>>;
    readonly districts?: readonly string[];
    readonly languages: readonly string[];
  };
};

/**
 * An input of the log as today's core reads it: agents of whom only the groups stand there are newcomers, groups are
 * routed plainly and always open.
 */
export function readInput(json: string): CoreEvent {
  const input = JSON.parse(json) as OldInput;
  if (input.type === "agents.set" && input.agents) {
    const agents = input.agents.map((agent) => ({ competence: newcomer(agent.groups ?? []), ...agent }));
    return { ...input, agents } as unknown as CoreEvent;
  }
  if (input.type === "plan.set" && input.plan) {
    const groups = Object.entries(input.plan.groups).map(([id, group]) => [id, { ladder: plainLadder, preferMs: 0, ...group }]);
    const calendar = { timezone: input.plan.timezone, holidays: {} };
    const now = { districts: [], spoken: input.plan.languages, hours: {}, calendar, agentLanguages: [] };
    const plan = { ...now, ...input.plan, groups: Object.fromEntries(groups) };
    return { ...input, plan } as unknown as CoreEvent;
  }
  return input as unknown as CoreEvent;
}
