import { indexAgent } from "./agent/agent.ts";
import { joinQueue } from "./call/waiting.ts";
import { add, callIn, createRouter, setAgent } from "./routing/router.ts";
import type { CoreState } from "./state.ts";

/** Builds anew what is derived: who waits and who is free, by the rules of the present plan. */
export function rebuildRouter(core: CoreState): void {
  core.router = createRouter(Object.values(core.plan?.groups ?? {}), core.rates);
  for (const agent of core.agents.values()) {
    if (agent.leaving) continue;
    setAgent(core.router, agent.id, agent.competence);
    indexAgent(core, agent);
  }
  for (const [group, line] of core.secondLines) {
    // A plan that has no rule any more has nobody who would send the second line back.
    if (core.plan?.groups[group]?.secondLine) callIn(core.router, group, line.calledIn);
    else core.secondLines.delete(group);
  }
  core.queues.clear();
  const queued = [...core.calls.values()].filter(({ stage, aside, callerGone, callback, absent }) =>
    callback ? absent === "waiting" : (stage.name === "queue" || aside) && !callerGone,
  );
  for (const call of queued.sort((a, b) => (a.queued?.order ?? 0) - (b.queued?.order ?? 0))) {
    joinQueue(core, call);
    if (call.queued && !call.offer && !call.aside) add(core.router, call.queued);
  }
}
