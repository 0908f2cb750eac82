import { announced } from "../announcements/hearing.ts";
import type { EventOf } from "../events.ts";
import type { OutsideEnd } from "../facts.ts";
import { addLabel } from "../menu/path.ts";
import { lead, lost, type MenuStep, nodeOf } from "../menu/walk.ts";
import { rulesOf } from "../nodes/rules.ts";
import { hear, type NodeRules, type Visit } from "../nodes/visit.ts";
import type { NodeKind, PlanNode } from "../plan/node.ts";
import type { Plan } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, type Turn } from "../state.ts";
import { mainLanguage } from "./choices.ts";
import { setDistrict } from "./district.ts";
import { endCaller, over } from "./end.ts";
import { leadOn, toQueue } from "./fallback.ts";
import { turnedAway } from "./gate.ts";
import { lastAgentOf } from "./last-agent.ts";
import { rememberLanguage } from "./last-language.ts";
import { saidOf } from "./pieces.ts";
import { comeBack, helpedElsewhere, waitingMenuOf } from "./queue.ts";
import { say } from "./sound.ts";
import { menuTimer } from "./timers.ts";
import { movePlace } from "./waiting.ts";

/** The way through the nodes of the plan, until a group or a goodbye. */

/** Lets the rules of the call's node act. A node that a new plan has no more leads to the last resort. */
export function atNode(
  core: CoreState,
  plan: Plan,
  turn: Turn,
  call: Call,
  act: (rules: NodeRules<NodeKind>, visit: Visit, node: PlanNode) => void,
): void {
  if (call.stage.name !== "menu") return;
  const visit = visitOf(core, plan, turn, call);
  const node = nodeOf(plan, call.stage.place.node);
  if (node) act(rulesOf(node), visit, node);
  else visit.take(lost(plan, call.language));
}

export function visitOf(core: CoreState, plan: Plan, turn: Turn, call: Call): Visit {
  return { core, plan, turn, call, take: (step) => follow(core, plan, turn, call, step) };
}

export function follow(core: CoreState, plan: Plan, turn: Turn, call: Call, next: MenuStep, hops = 0): void {
  clearTimer(core, turn, menuTimer(call.id));
  if (call.aside && comesBack(plan, call, next)) {
    if (next.to === "group") askMore(core, turn, call, next);
    comeBack(core, turn, call, next.to === "group" ? next.say : []);
    // Whoever could have taken it may have gone meanwhile.
    return leadOn(core, plan, turn, call);
  }
  const step = announced(core, call, next);
  call.path = addLabel(call.path, step);
  if (step.because === "key") rememberLanguage(core, plan, call, "place" in step ? step.place.language : step.language, turn.at);
  if (step.to === "end") return sayGoodbye(core, turn, call, step.say);
  if (step.to === "group") return toGroup(core, plan, turn, call, step, hops);
  call.language = step.place.language;
  call.stage = { name: "menu", place: step.place };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: step.place.node, language: call.language });
  if (step.to === "repeat" && step.say.length > 0) return hear(visitOf(core, plan, turn, call), step.say);
  atNode(core, plan, turn, call, (rules, visit, node) => rules.enter(visit, node, step.say));
}

/** Groups that send on to each other when they are closed let a caller in after so many times. */
const mostHops = 5;

/** The way into a group: where it leads while it is closed or full, else its queue. */
function toGroup(
  core: CoreState,
  plan: Plan,
  turn: Turn,
  call: Call,
  step: Extract<MenuStep, { to: "group" }>,
  hops: number,
): void {
  call.language = step.language;
  if (step.language !== call.interpreter) delete call.interpreter;
  const ask = askOf(core, plan, call, step, turn.at);
  call.wanted = ask;
  if (ask.district !== undefined && ask.district !== call.district?.name) setDistrict(core, turn, call, ask.district, "known");
  const because = hops < mostHops ? turnedAway(core, plan, call, ask, turn.at) : undefined;
  const group = plan.groups[ask.group];
  const next = because === "closed" ? group?.closed : because === "full" ? group?.full?.next : undefined;
  if (because !== undefined && next !== undefined) {
    if (because === "full") call.sentOn = [...(call.sentOn ?? []), ask.group];
    turn.facts.push({ at: turn.at, type: "call.turned-away", call: call.id, group: ask.group, because });
    const other = lead(plan, next, call.language, "start");
    return follow(core, plan, turn, call, { ...other, say: [...step.say, ...other.say] }, hops + 1);
  }
  toQueue(core, plan, turn, call, ask, step.say);
}

/** Back to the place kept: to the waiting menu it came from, or to the group it waits for. */
function comesBack(plan: Plan, call: Call, step: MenuStep): boolean {
  if (step.to === "group") return step.group === call.queued?.ask.group;
  return (step.to === "node" || step.to === "repeat") && step.place.node === waitingMenuOf(plan, call);
}

/** The way back to the group waited for may ask more than before: to be urgent, say. The place is the old one. */
function askMore(core: CoreState, turn: Turn, call: Call, step: Extract<MenuStep, { to: "group" }>): void {
  const before = call.queued?.ask;
  if (!before) return;
  const ask: Ask = {
    ...before,
    ...(step.priority === "urgent" ? { priority: "urgent" } : {}),
    ...(step.district === undefined ? {} : { district: step.district }),
    ...(step.language === call.language ? {} : { languages: [step.language] }),
  };
  call.language = step.language;
  const keys = ["priority", "district", "languages"] as const;
  if (keys.some((key) => ask[key] !== before[key])) movePlace(core, turn, call, ask);
}

/** A last word; when it has been spoken, the call ends. */
function sayGoodbye(core: CoreState, turn: Turn, call: Call, before: readonly Said[]): void {
  if (call.aside) helpedElsewhere(core, turn, call);
  call.stage = { name: "goodbye" };
  say(turn, call, [...before.flatMap((piece) => saidOf(core, call, piece, turn.at)), "goodbye"]);
}

/** The goodbye has been spoken. */
export function goodbyeSpoken(core: CoreState, turn: Turn, call: Call): void {
  over(turn, call, call.talkEndedAt === undefined ? "menu" : "talk", "engine");
  endCaller(core, turn, call);
}

/** What the way through the menu, and the last talk of the same caller, ask of whoever takes the call. */
export function askOf(core: CoreState, plan: Plan, call: Call, step: Extract<MenuStep, { to: "group" }>, at: number): Ask {
  const { group, language, priority, district = call.district?.name } = step;
  const preferred = plan.groups[group]?.preferMs === 0 ? undefined : lastAgentOf(core, call.from, at);
  return {
    group,
    // Who agreed to an interpreter did so for the whole call.
    languages: [language === call.interpreter ? mainLanguage(plan) : language],
    priority: priority ?? "normal",
    ...(district === undefined ? {} : { district }),
    ...(preferred === undefined ? {} : { preferred }),
  };
}

/** What a look-up of the node's came to. */
export function found(core: CoreState, plan: Plan, event: EventOf<"found">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone || call.lookups !== event.lookup) return;
  atNode(core, plan, turn, call, (rules, visit, node) => rules.found?.(visit, node, event.result));
}

/** What the caller said has been recorded. */
export function recorded(core: CoreState, plan: Plan, event: EventOf<"recorded">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone || call.recordings !== event.recording) return;
  atNode(core, plan, turn, call, (rules, visit, node) => rules.recorded?.(visit, node, event.recording, event.ms));
}

/** The number outside that the call's node rang was not reached. */
export function unreached(core: CoreState, plan: Plan, call: Call, turn: Turn, how: OutsideEnd): void {
  atNode(core, plan, turn, call, (rules, visit, node) => rules.unreached?.(visit, node, how));
}

/** The caller's line is gone. */
export function left(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  const node = call.stage.name === "menu" ? nodeOf(plan, call.stage.place.node) : undefined;
  if (node) rulesOf(node).gone?.(visitOf(core, plan, turn, call), node);
}
