import { indexAgent } from "./agent/agent.ts";
import { add, createRouter, setAgent } from "./routing/router.ts";
import type { CoreState } from "./state.ts";

/** Builds anew what is derived: who waits and who is free, by the rules of the present plan. */
export function rebuildRouter(core: CoreState): void {
  core.router = createRouter(Object.values(core.plan?.groups ?? {}));
  for (const agent of core.agents.values()) {
    setAgent(core.router, agent.id, agent.competence);
    indexAgent(core, agent);
  }
  for (const call of core.calls.values()) {
    const { queued } = call;
    if (queued && call.stage.name === "queue" && !call.offer && !call.callerGone) add(core.router, queued, queued.since);
  }
}
