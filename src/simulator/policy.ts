import { agentFor, callFor } from "../core/routing/choose.ts";
import {
  add,
  busy,
  callIn,
  createRouter,
  free,
  nextStepAt,
  observeAsk,
  remove,
  removeAgent,
  setAgent,
  setDuty,
} from "../core/routing/router.ts";
import { arrivalRates } from "../core/routing/scarcity.ts";
import type { Ask, Competence, GroupRules, Waiting } from "../core/routing/types.ts";

/** Who is offered which call. The simulator asks and obeys; it chooses nothing by itself. */
export interface Policy {
  setAgent(id: string, competence: Competence): void;
  removeAgent(id: string): void;
  /** May be offered calls from now on; `order` rises each time anybody becomes free. */
  free(id: string, order: number): void;
  busy(id: string): void;
  /** At work, or away from the telephone. */
  setDuty?(id: string, onDuty: boolean): void;
  /** A call came that asks this. */
  observe?(ask: Ask, at: number): void;
  /** How long a new call is kept for the agent it asks for, ms. */
  keptMs(ask: Ask): number;
  /** Waits from now on, or again after a failed offer. */
  add(waiting: Waiting): void;
  remove(id: string): void;
  agentFor(waiting: Waiting, at: number): Chosen | undefined;
  callFor(agent: string, at: number): Chosen | undefined;
  /** When the call may reach more agents, ms; then ask `agentFor` again. */
  nextStepAt(waiting: Waiting, at: number): number | undefined;
  /** A group's second line is called in, or sent back. Without it the second line answers like the first, and has no casework. */
  callIn?(group: string, calledIn: boolean): void;
}

export interface Chosen {
  readonly call: string;
  readonly agent: string;
}

/** The live engine's routing, under these rules. */
export function live(groups: readonly GroupRules[]): Policy {
  const router = createRouter(groups, arrivalRates(0));
  return {
    setAgent: (id, competence) => setAgent(router, id, competence),
    removeAgent: (id) => removeAgent(router, id),
    free: (id, order) => free(router, id, order),
    busy: (id) => busy(router, id),
    setDuty: (id, onDuty) => setDuty(router, id, onDuty),
    observe: (ask, at) => observeAsk(router, ask, at),
    keptMs: ({ group, preferred }) =>
      preferred !== undefined && router.agents.has(preferred) ? (groups.find(({ id }) => id === group)?.preferMs ?? 0) : 0,
    add: (waiting) => add(router, waiting),
    remove: (id) => remove(router, id),
    agentFor: (waiting, at) => agentFor(router, waiting, at),
    callFor: (agent, at) => callFor(router, agent, at),
    callIn: (group, calledIn) => callIn(router, group, calledIn),
    nextStepAt: (waiting, at) => nextStepAt(router, waiting, at),
  };
}
