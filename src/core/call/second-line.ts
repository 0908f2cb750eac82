import { setAgent } from "../agent/agent.ts";
import type { GroupId } from "../plan/plan.ts";
import { callIn } from "../routing/router.ts";
import { atCasework, decide, type SecondLineReason, sawCall } from "../routing/second-line.ts";
import { type Agent, type CoreState, setTimer, type Turn } from "../state.ts";
import { offerCall, serve } from "./offer.ts";
import { secondLineTimer } from "./timers.ts";
import { inQueue } from "./waiting.ts";

/**
 * The second line of a group, in the life of calls and agents. Those who chose casework and have the group as a second-line skill
 * are made available when it is called in, and go back to casework when it is sent back, after the call they are in. Whoever made
 * themselves available stays so.
 */

/** When no call comes or goes, those who were called in must be sent back all the same, ms. */
const reviewEveryMs = 30_000;

/** A call left the group's queue: answered, or given up. `inTime`: within the group's answer target. */
export function leftQueue(core: CoreState, turn: Turn, group: GroupId, inTime: boolean): void {
  if (!core.plan?.groups[group]?.secondLine) return;
  sawCall(lineOf(core, group), turn.at, inTime);
  reviewSecondLine(core, turn, group);
}

/** Looks at the group's thresholds: after each call that joins or leaves its queue. */
export function reviewSecondLine(core: CoreState, turn: Turn, group: GroupId): void {
  const rule = core.plan?.groups[group]?.secondLine;
  if (!rule || turn.settling) return;
  const line = lineOf(core, group);
  if (line.calledIn && !core.timers.has(secondLineTimer(group)))
    setTimer(core, turn, secondLineTimer(group), turn.at + reviewEveryMs);
  const reason = decide(line, rule, inQueue(core, group), turn.at);
  if (!reason) return;
  callIn(core.router, group, line.calledIn);
  turn.facts.push({ at: turn.at, type: "group.second-line", group, calledIn: line.calledIn, ...reason });
  const those = [...core.agents.values()].filter((agent) => isSecondLine(agent, group));
  if (!line.calledIn) {
    for (const agent of those) sendBack(core, turn, agent, group);
    return;
  }
  setTimer(core, turn, secondLineTimer(group), turn.at + reviewEveryMs);
  for (const agent of those) fetch(core, turn, agent, group, reason);
  // Second-line agents who were available anyway may take these calls now.
  for (const call of core.queues.get(group)?.values() ?? []) if (core.router.places.has(call.id)) offerCall(core, turn, call);
}

/** The plan has changed: who was called in for a group that has no rule any more goes back, for nobody else would send them. */
export function sendBackUnruled(core: CoreState, turn: Turn): void {
  for (const agent of core.agents.values()) {
    const group = agent.calledIn?.group;
    if (group !== undefined && !core.plan?.groups[group]?.secondLine) sendBack(core, turn, agent, group);
  }
}

function fetch(core: CoreState, turn: Turn, agent: Agent, group: GroupId, reason: SecondLineReason): void {
  if (agent.calledIn || agent.state !== "paused" || agent.reason !== "casework") return;
  agent.calledIn = { group, since: turn.at, ...reason };
  setAgent(core, turn, agent, "available");
  serve(core, turn, agent);
}

function sendBack(core: CoreState, turn: Turn, agent: Agent, group: GroupId): void {
  if (agent.calledIn?.group !== group) return;
  delete agent.calledIn;
  if (agent.state === "available") setAgent(core, turn, agent, "paused", "casework");
  else if (agent.state !== "offline" && agent.state !== "paused") agent.next ??= "casework";
}

const isSecondLine = (agent: Agent, group: GroupId): boolean =>
  agent.competence.skills.some((skill) => skill.group === group && skill.line === 2);

function lineOf(core: CoreState, group: GroupId) {
  const known = core.secondLines.get(group) ?? atCasework();
  core.secondLines.set(group, known);
  return known;
}
