import { announced } from "../announcements/hearing.ts";
import type { EventOf } from "../events.ts";
import type { OutsideEnd } from "../facts.ts";
import { entryFor } from "../menu/entry.ts";
import { addLabel } from "../menu/path.ts";
import { lost, type MenuStep, nodeOf, startMenu } from "../menu/walk.ts";
import { rulesOf } from "../nodes/rules.ts";
import { leave, type NodeRules, type Visit } from "../nodes/visit.ts";
import type { NodeKind, Piece, PlanNode } from "../plan/node.ts";
import type { EntryNumber, Plan, Target } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { beyondAdmission } from "./admission.ts";
import { askLanguageAgain, languageNotPressed, languagePressed, questionWaitMs, toQueue } from "./fallback.ts";
import { lastAgentOf } from "./last-agent.ts";
import { quiet, say, startBed } from "./sound.ts";
import { endCaller, over } from "./talk.ts";
import { menuTimer } from "./timers.ts";

/** The first part of a call: answered at once, greeted, and led by keys to a group. */

export function arrive(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): void {
  if (core.calls.has(event.call)) return;
  const call = newCall(core, plan, event, turn);
  turn.effects.push({ do: "answer", call: call.id });
  const entry = entryFor(plan, event.dialled, event.alsoDialled);
  follow(core, plan, turn, call, startMenu(plan, entry, startOf(core, plan, turn, call, entry)), entry);
}

/** Where a call begins: at its number's start, or where the plan leads whoever comes when very many are there. */
function startOf(core: CoreState, plan: Plan, turn: Turn, call: Call, entry: EntryNumber): Target {
  const calls = plan.admission && beyondAdmission(core, plan, entry);
  if (!plan.admission || calls === undefined) return entry.start;
  turn.facts.push({ at: turn.at, type: "call.surge", call: call.id, calls });
  return plan.admission.next;
}

/** A call that is known from now on; nothing is done to it yet. */
export function newCall(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): Call {
  const entry = entryFor(plan, event.dialled, event.alsoDialled);
  const call: Call = {
    id: event.call,
    number: entry.number,
    from: event.from,
    tag: event.tag,
    arrivedAt: event.at,
    language: entry.language,
    stage: { name: "menu", place: { node: "", language: entry.language, tries: 0 } },
    path: [entry.name],
    offers: 0,
    playbacks: 0,
    lookups: 0,
    recordings: 0,
    music: false,
    bridged: false,
    callerGone: false,
  };
  core.calls.set(call.id, call);
  turn.facts.push({ at: turn.at, type: "call.arrived", call: call.id, number: call.number, from: call.from });
  return call;
}

export function keyPressed(core: CoreState, plan: Plan, event: EventOf<"key">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone) return;
  if (call.stage.question) return languagePressed(core, plan, turn, call, call.stage.question, event.key);
  at(core, plan, turn, call, (rules, visit, node) => rules.key?.(visit, node, event.key));
}

/** A key goes down: speech ends at once, not first when the key is let go. Should the key itself never come, the wait goes on. */
export function keyDown(core: CoreState, plan: Plan, event: EventOf<"key.down">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone || !call.playback || !listens(plan, call)) return;
  quiet(turn, call);
  const node = nodeOf(plan, call.stage.place.node);
  const down = node && rulesOf(node).down;
  if (down) down(visitOf(core, plan, turn, call), node);
  else menuSpoken(core, plan, call, turn);
}

/** Whether a key means anything where the call is. */
function listens(plan: Plan, call: Call): boolean {
  if (call.stage.name !== "menu") return false;
  const node = nodeOf(plan, call.stage.place.node);
  return call.stage.question !== undefined || (node !== undefined && rulesOf(node).key !== undefined && node.kind !== "message");
}

/** Everything has been spoken: now the caller has the node's time to press a key. */
export function menuSpoken(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (call.stage.name !== "menu") return;
  if (call.stage.question) return awaitKey(core, turn, call, questionWaitMs);
  at(core, plan, turn, call, (rules, visit, node) => {
    if (rules.spoken) rules.spoken(visit, node);
    else if ("waitMs" in node) awaitKey(core, turn, call, node.waitMs);
  });
}

function awaitKey(core: CoreState, turn: Turn, call: Call, waitMs: number): void {
  startBed(turn, call);
  setTimer(core, turn, menuTimer(call.id), turn.at + waitMs);
}

export function silence(core: CoreState, plan: Plan, id: string, turn: Turn): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "menu" || call.callerGone) return;
  if (call.stage.question) return languageNotPressed(core, plan, turn, call, call.stage.question);
  at(core, plan, turn, call, (rules, visit, node) => {
    if (rules.silence) rules.silence(visit, node);
    else if ("fallback" in node) leave(visit, node.fallback);
  });
}

/** What a look-up of the node's came to. */
export function found(core: CoreState, plan: Plan, event: EventOf<"found">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone || call.lookups !== event.lookup) return;
  at(core, plan, turn, call, (rules, visit, node) => rules.found?.(visit, node, event.result));
}

/** What the caller said has been recorded. */
export function recorded(core: CoreState, plan: Plan, event: EventOf<"recorded">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone || call.recordings !== event.recording) return;
  at(core, plan, turn, call, (rules, visit, node) => rules.recorded?.(visit, node, event.recording, event.ms));
}

/** The number outside that the call's node rang was not reached. */
export function unreached(core: CoreState, plan: Plan, call: Call, turn: Turn, how: OutsideEnd): void {
  at(core, plan, turn, call, (rules, visit, node) => rules.unreached?.(visit, node, how));
}

/** Speaks the node again after the engine was away, with the tries it had. */
export function speakAgain(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (call.stage.name !== "menu") return;
  if (call.stage.question) return askLanguageAgain(core, plan, turn, call, call.stage.question);
  at(core, plan, turn, call, (rules, visit, node) => (rules.resume ?? enterAnew(rules))(visit, node));
}

const enterAnew = (rules: NodeRules<NodeKind>) => (visit: Visit, node: PlanNode) => rules.enter(visit, node, []);

/** Lets the rules of the call's node act. A node that a new plan has no more leads to the last resort. */
function at(
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

/** `entry`: the number just rung, at a call's first step. */
export function follow(core: CoreState, plan: Plan, turn: Turn, call: Call, next: MenuStep, entry?: EntryNumber): void {
  const step = announced(core, call, next, entry);
  clearTimer(core, turn, menuTimer(call.id));
  call.path = addLabel(call.path, step);
  if (step.to === "end") return sayGoodbye(turn, call, step.say);
  if (step.to === "group") {
    call.language = step.language;
    toQueue(core, plan, turn, call, askOf(core, plan, call, step, turn.at), step.say);
    return;
  }
  call.language = step.place.language;
  call.stage = { name: "menu", place: step.place };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: step.place.node, language: call.language });
  if (step.to === "repeat" && step.say.length > 0) return say(turn, call, step.say);
  at(core, plan, turn, call, (rules, visit, node) => rules.enter(visit, node, step.say));
}

/** A last word; when it has been spoken, the call ends. */
function sayGoodbye(turn: Turn, call: Call, before: readonly Piece[]): void {
  call.stage = { name: "goodbye" };
  say(turn, call, [...before, "goodbye"]);
}

/** The goodbye has been spoken. */
export function goodbyeSpoken(core: CoreState, turn: Turn, call: Call): void {
  over(turn, call, "menu", "engine");
  endCaller(core, turn, call);
}

/** What the way through the menu, and the last talk of the same caller, ask of whoever takes the call. */
function askOf(core: CoreState, plan: Plan, call: Call, step: Extract<MenuStep, { to: "group" }>, at: number): Ask {
  const { group, language, priority, district } = step;
  const preferred = plan.groups[group]?.preferMs === 0 ? undefined : lastAgentOf(core, call.from, at);
  return {
    group,
    languages: [language],
    priority: priority ?? "normal",
    ...(district === undefined ? {} : { district }),
    ...(preferred === undefined ? {} : { preferred }),
  };
}
