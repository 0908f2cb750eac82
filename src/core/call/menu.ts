import { cancel } from "../callback/attempt.ts";
import { bookedFor } from "../callback/booking.ts";
import type { EventOf } from "../events.ts";
import { entryFor } from "../menu/entry.ts";
import { addLabel } from "../menu/path.ts";
import { lost, type MenuStep, nodeOf, startMenu } from "../menu/walk.ts";
import { rulesOf } from "../nodes/rules.ts";
import { leave, type NodeRules, type Visit } from "../nodes/visit.ts";
import type { NodeKind, PlanNode } from "../plan/node.ts";
import type { Plan } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { endCaller, over } from "./end.ts";
import { askLanguageAgain, languageNotPressed, languagePressed, questionWaitMs, toQueue } from "./fallback.ts";
import { lastAgentOf } from "./last-agent.ts";
import { quiet, say, startBed } from "./sound.ts";
import { menuTimer } from "./timers.ts";

/** The first part of a call: answered at once, greeted, and led by keys to a group. */

export function arrive(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): void {
  if (core.calls.has(event.call)) return;
  const call = newCall(core, plan, event, turn);
  turn.effects.push({ do: "answer", call: call.id });
  if (bookedFor(core, call.from)) askBooked(plan, turn, call);
  else begin(core, plan, turn, call);
}

/** The way from the number's greeting on; from the greeting's end, when something else was said after it. */
function begin(core: CoreState, plan: Plan, turn: Turn, call: Call, instead?: readonly Said[]): void {
  const entry = entryFor(plan, call.number);
  const step = startMenu(plan, entry);
  follow(core, plan, turn, call, instead ? { ...step, say: [...instead, ...step.say.slice(1)] } : step);
}

/** What stands for the question where the log names a menu. */
const bookedNode = "callback-already";

/** Whoever rings and is to be rung back is asked first whether that still holds, and then goes the way of every call. */
function askBooked(plan: Plan, turn: Turn, call: Call): void {
  const place = { node: bookedNode, language: call.language, tries: 0 };
  call.stage = { name: "menu", place, booked: true };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: bookedNode, language: call.language });
  say(turn, call, [entryFor(plan, call.number).greeting, "callback-already"]);
}

/** 1 takes the callback back; any other key keeps it, and may be meant for the menu already. */
function bookedPressed(core: CoreState, plan: Plan, turn: Turn, call: Call, event: EventOf<"key">): void {
  const { key } = event;
  const meant = key === "1" || key === "2";
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: bookedNode, key, valid: meant });
  const back = bookedFor(core, call.from);
  const off = key === "1" && back !== undefined && cancel(core, turn, back, "caller");
  begin(core, plan, turn, call, off ? ["callback-cancelled"] : []);
  if (!meant) keyPressed(core, plan, event, turn);
}

/** A call that is known from now on; nothing is done to it yet. */
export function newCall(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): Call {
  const entry = entryFor(plan, event.dialled);
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
  if (call.stage.booked) return bookedPressed(core, plan, turn, call, event);
  if (call.stage.question) return languagePressed(core, plan, turn, call, call.stage.question, event.key);
  at(core, plan, turn, call, (rules, visit, node) => rules.key?.(visit, node, event.key));
}

/** A key goes down: speech ends at once, not first when the key is let go. Should the key itself never come, the wait goes on. */
export function keyDown(core: CoreState, plan: Plan, event: EventOf<"key.down">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (call?.stage.name !== "menu" || call.callerGone || !call.playback || !listens(plan, call)) return;
  quiet(turn, call);
  menuSpoken(core, plan, call, turn);
}

/** Whether a key means anything where the call is. */
function listens(plan: Plan, call: Call): boolean {
  if (call.stage.name !== "menu") return false;
  const node = nodeOf(plan, call.stage.place.node);
  return (
    call.stage.booked ||
    call.stage.question !== undefined ||
    (node !== undefined && rulesOf(node).key !== undefined && node.kind !== "message")
  );
}

/** Everything has been spoken: now the caller has the node's time to press a key. */
export function menuSpoken(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (call.stage.name !== "menu") return;
  if (call.stage.question || call.stage.booked) return awaitKey(core, turn, call, questionWaitMs);
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
  if (call.stage.booked) return begin(core, plan, turn, call, []);
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

/** Speaks the node again after the engine was away, with the tries it had. */
export function speakAgain(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (call.stage.name !== "menu") return;
  if (call.stage.booked) return askBooked(plan, turn, call);
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

export function follow(core: CoreState, plan: Plan, turn: Turn, call: Call, step: MenuStep): void {
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
function sayGoodbye(turn: Turn, call: Call, before: readonly Said[]): void {
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
