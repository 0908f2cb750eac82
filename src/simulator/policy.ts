import { agentFor, callFor } from "../core/routing/choose.ts";
import { firstRung } from "../core/routing/ladder.ts";
import { add, busy, createRouter, free, nextStepAt, raise, remove, removeAgent, setAgent } from "../core/routing/router.ts";
import type { Ask, Competence, GroupRules, Rung, Waiting } from "../core/routing/types.ts";

/** Who is offered which call. The simulator asks and obeys; it chooses nothing by itself. */
export interface Policy {
  setAgent(id: string, competence: Competence): void;
  removeAgent(id: string): void;
  /** May be offered calls from now on; `order` rises each time anybody becomes free. */
  free(id: string, order: number): void;
  busy(id: string): void;
  /** Where a new call starts on its ladder. */
  firstRung(ask: Ask): Rung;
  /** Waits from now on, or again after a failed offer. */
  add(waiting: Waiting, at: number): void;
  remove(id: string): void;
  agentFor(waiting: Waiting, at: number): Chosen | undefined;
  callFor(agent: string, at: number): Chosen | undefined;
  /** When the call may reach more agents, ms; then `raise` it and ask `agentFor` again. */
  nextStepAt(waiting: Waiting): number | undefined;
  raise(waiting: Waiting, at: number): void;
}

export interface Chosen {
  readonly call: string;
  readonly agent: string;
}

/** The live engine's routing, under these rules. */
export function live(groups: readonly GroupRules[]): Policy {
  const router = createRouter(groups);
  return {
    setAgent: (id, competence) => setAgent(router, id, competence),
    removeAgent: (id) => removeAgent(router, id),
    free: (id, order) => free(router, id, order),
    busy: (id) => busy(router, id),
    firstRung: (ask) => firstRung(ask, ask.preferred !== undefined && router.agents.has(ask.preferred)),
    add: (waiting, at) => add(router, waiting, at),
    remove: (id) => remove(router, id),
    agentFor: (waiting) => agentFor(router, waiting),
    callFor: (agent, at) => callFor(router, agent, at),
    nextStepAt: (waiting) => nextStepAt(router, waiting),
    raise: (waiting, at) => raise(router, waiting, at),
  };
}
