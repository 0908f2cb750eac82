import type { EventOf } from "../events.ts";
import type { DistrictSource } from "../facts.ts";
import type { PhoneNumber, Plan } from "../plan/plan.ts";
import { remember } from "../remembered.ts";
import type { Call, CoreState, Turn } from "../state.ts";

/** Where a caller lives: by what is known of them, by the postal code they key in, or asked by the agent. The last word counts. */

/** The oldest are forgotten beyond this many. */
const most = 100_000;

/** The call's district from now on. What a caller or an agent has said holds for the caller's next call too, unless it is withheld who calls. */
export function setDistrict(
  core: CoreState,
  turn: Turn,
  call: Call,
  district: string,
  source: DistrictSource,
  agent?: string,
): void {
  call.district = { name: district, source };
  tell(turn, call.id, district, source, agent);
  if (source !== "known") keep(core, call.from, district, turn.at);
}

/** What is known of a caller who rings again, which is as good as new then. */
export function recallDistrict(core: CoreState, plan: Plan, turn: Turn, call: Call): void {
  const district = call.from === null ? undefined : core.lastDistricts.get(call.from)?.district;
  if (district === undefined) return;
  keep(core, call.from, district, turn.at);
  if (plan.districts.includes(district)) setDistrict(core, turn, call, district, "known");
}

/** The agent has asked: while talking, or in wrap-up. A name the plan has not changes nothing. */
export function agentSaysDistrict(core: CoreState, turn: Turn, { call: id, agent, district }: EventOf<"agent.district">): void {
  if (!core.plan?.districts.includes(district)) return;
  const call = core.calls.get(id);
  const wrap = core.agents.get(agent)?.wrapUp;
  const talks = call?.offer?.agent === agent && call.offer.state === "talking";
  const wraps = wrap?.call === id;
  if (wraps) wrap.district = { name: district, source: "agent" };
  if (call && (talks || wraps)) setDistrict(core, turn, call, district, "agent", agent);
  else if (wraps) {
    tell(turn, id, district, "agent", agent);
    keep(core, wrap.from ?? null, district, turn.at);
  }
}

/** Whether it matters in the group who knows which district: some step of its ladder asks for it. */
export function caresForDistrict({ groups, districts }: Plan, group: string): boolean {
  return districts.length > 0 && (groups[group]?.ladder.some(({ local }) => local) ?? false);
}

function tell(turn: Turn, call: string, district: string, source: DistrictSource, agent?: string): void {
  turn.facts.push({ at: turn.at, type: "call.district", call, district, source, ...(agent === undefined ? {} : { agent }) });
}

function keep({ lastDistricts }: CoreState, from: PhoneNumber | null, district: string, at: number): void {
  if (from !== null) remember(lastDistricts, from, { district, at }, most);
}
