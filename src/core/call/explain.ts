import type { GroupId, Language } from "../plan/plan.ts";
import { type Estimate, estimateWait } from "../routing/estimate.ts";
import { roadTo, rungAt, speaks } from "../routing/ladder.ts";
import { type AgentIndex, type GroupIndex, groupOf, nextStepAt } from "../routing/router.ts";
import type { Call, CoreState } from "../state.ts";
import { inQueue, placeOf } from "./waiting.ts";

/** Why a call still waits: as data, for boards and for the log. `why-text.ts` words it. */
export type WhyWaiting = {
  /** Of those who may take the call at its present step. */
  readonly talking: number;
  readonly wrapUp: number;
  readonly ringing: number;
  /** When more agents may take it, ms since the epoch. */
  readonly nextStepAt?: number;
  readonly estimate?: Estimate;
} & (
  | { readonly kind: "asked-for"; readonly agent: string }
  /** Agents who may are at work, and all are on calls. */
  | { readonly kind: "all-busy" }
  /** Those who speak the language are all on calls; others are free. */
  | { readonly kind: "language"; readonly languages: readonly Language[] }
  /** Someone is free who may take it only from a later step. */
  | { readonly kind: "ladder" }
  /** Nobody who may take it is at work. */
  | { readonly kind: "nobody"; readonly languages: readonly Language[] }
);

export function whyWaiting(core: CoreState, call: Call, at: number): WhyWaiting | undefined {
  const { queued } = call;
  if (!queued || !core.router.places.has(call.id)) return undefined;
  const group = groupOf(core.router, queued.ask.group);
  const rung = rungAt(queued, group.rules, at);
  const counts = { talking: 0, wrapUp: 0, ringing: 0 };
  let freeLater = false;
  let freeOthers = false;
  for (const agent of reachable(core, group)) {
    const state = core.agents.get(agent.id)?.state;
    if (roadTo(queued.ask, rung, group.rules, agent, group.calledIn) === undefined) {
      if (!agent.free) continue;
      if (speaks(agent, queued.ask.languages, "basic")) freeLater = true;
      else freeOthers = true;
    } else if (state === "talking") counts.talking++;
    else if (state === "wrap-up") counts.wrapUp++;
    else if (state === "ringing") counts.ringing++;
  }
  const due = nextStepAt(core.router, queued, at);
  const estimate = estimateFor(core, call, at);
  const about = { ...counts, ...(due === undefined ? {} : { nextStepAt: due }), ...(estimate ? { estimate } : {}) };
  const { languages, preferred } = queued.ask;
  if (rung === "asked" && preferred !== undefined) return { kind: "asked-for", agent: preferred, ...about };
  if (freeLater) return { kind: "ladder", ...about };
  if (counts.talking + counts.wrapUp + counts.ringing === 0) return { kind: "nobody", languages, ...about };
  if (freeOthers) return { kind: "language", languages, ...about };
  return { kind: "all-busy", ...about };
}

/** How long the call will probably wait yet; nothing when that would be a guess. */
export function estimateFor(core: CoreState, call: Call, at: number): Estimate | undefined {
  const { queued } = call;
  if (!queued) return undefined;
  const group = groupOf(core.router, queued.ask.group);
  const rung = rungAt(queued, group.rules, at);
  let agents = 0;
  for (const agent of reachable(core, group)) {
    const state = core.agents.get(agent.id)?.state;
    const atWork = state === "available" || state === "ringing" || state === "talking" || state === "wrap-up";
    if (atWork && roadTo(queued.ask, rung, group.rules, agent, group.calledIn) !== undefined)
      agents += shareOf(core, agent, queued.ask.group);
  }
  return estimateWait(placeOf(core, call), agents, core.handling.get(queued.ask.group));
}

/** Everybody with a skill in the group, or in one that helps it. */
function reachable(core: CoreState, group: GroupIndex): Set<AgentIndex> {
  const all = new Set(group.members);
  for (const helper of group.rules.ladder.at(-1)?.neighbours ?? [])
    for (const agent of groupOf(core.router, helper).members) all.add(agent);
  return all;
}

/** An agent with several groups gives each of them a part of their time, in proportion to how many wait there. */
function shareOf(core: CoreState, agent: AgentIndex, group: GroupId): number {
  let all = 0;
  for (const { group: other } of agent.competence.skills) all += inQueue(core, other);
  return all === 0 ? 1 : Math.max(inQueue(core, group), 1) / Math.max(all, 1);
}
