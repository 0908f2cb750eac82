import type { Plan } from "./plan/plan.ts";
import { addWaiting, indexAgent } from "./routing/longest-idle.ts";
import { type Agent, type Call, type CoreState, emptyState } from "./state.ts";

/** The state as plain JSON and back. What is derived (who waits, who is free) is built anew. */

interface Stored {
  readonly format: 1;
  readonly plan: Plan | null;
  readonly calls: readonly Call[];
  readonly agents: readonly Agent[];
  readonly timers: readonly (readonly [string, number])[];
  readonly nextOrder: number;
  readonly nextIdle: number;
}

export function snapshotOf(core: CoreState): string {
  const stored: Stored = {
    format: 1,
    plan: core.plan,
    calls: [...core.calls.values()],
    agents: [...core.agents.values()],
    timers: [...core.timers],
    nextOrder: core.nextOrder,
    nextIdle: core.nextIdle,
  };
  return JSON.stringify(stored);
}

/** Only for what `snapshotOf` made; another format gives undefined, and the log is then replayed from its start. */
export function restore(json: string): CoreState | undefined {
  const stored = JSON.parse(json) as Stored;
  if (stored.format !== 1) return undefined;
  const core = emptyState();
  core.plan = stored.plan;
  core.nextOrder = stored.nextOrder;
  core.nextIdle = stored.nextIdle;
  for (const [timer, due] of stored.timers) core.timers.set(timer, due);
  for (const agent of stored.agents) {
    core.agents.set(agent.id, agent);
    indexAgent(core, agent);
  }
  for (const call of stored.calls) {
    core.calls.set(call.id, call);
    if (call.stage.name === "queue" && !call.offer && !call.callerGone) addWaiting(core, call);
  }
  return core;
}
