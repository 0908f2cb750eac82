import { announced } from "../announcements/hearing.ts";
import { cancel } from "../callback/attempt.ts";
import { bookedFor } from "../callback/booking.ts";
import type { EventOf } from "../events.ts";
import type { OutsideEnd } from "../facts.ts";
import { entryFor } from "../menu/entry.ts";
import { addLabel } from "../menu/path.ts";
import { lead, lost, type MenuStep, nodeOf, pressKey, startMenu } from "../menu/walk.ts";
import { rulesOf } from "../nodes/rules.ts";
import { hear, leave, type NodeRules, type Visit } from "../nodes/visit.ts";
import type { NodeKind, PlanNode } from "../plan/node.ts";
import type { EntryNumber, Key, Plan, Target } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn, untouched } from "../state.ts";
import { beyondAdmission } from "./admission.ts";
import { askBusyAgain, busyPressed, busyWaitMs, isBusyQuestion, waitOn } from "./busy-speakers-key.ts";
import { mainLanguage } from "./choices.ts";
import { recallDistrict, setDistrict } from "./district.ts";
import { endCaller, over } from "./end.ts";
import {
  askLanguageAgain,
  languageNotPressed,
  languagePressed,
  leadOn,
  questionOf,
  questionWaitMs,
  toQueue,
} from "./fallback.ts";
import { forgetCallers } from "./forget.ts";
import { isClosed, turnedAway } from "./gate.ts";
import { lastAgentOf } from "./last-agent.ts";
import { recallLanguage, rememberLanguage } from "./last-language.ts";
import { saidOf } from "./pieces.ts";
import { comeBack, helpedElsewhere, stepAside, waitingMenuOf } from "./queue.ts";
import { quiet, say, startBed } from "./sound.ts";
import { menuTimer } from "./timers.ts";
import { movePlace } from "./waiting.ts";

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
  const start = startMenu(plan, { ...entry, language: call.language }, startOf(core, plan, turn, call, entry));
  const step = announced(core, call, start, entry);
  if (!instead) return follow(core, plan, turn, call, step);
  const greeted = entry.greeting !== "" && step.say[0] === entry.greeting ? 1 : 0;
  follow(core, plan, turn, call, { ...step, say: [...instead, ...step.say.slice(greeted)] });
}

/** What stands for the question where the log names a menu. */
const bookedNode = "callback-already";

/** Whoever rings and is to be rung back is asked first whether that still holds, and then goes the way of every call. */
function askBooked(plan: Plan, turn: Turn, call: Call): void {
  const place = { node: bookedNode, language: call.language, tries: 0 };
  call.stage = { name: "menu", place, booked: true };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: bookedNode, language: call.language });
  const { greeting } = entryFor(plan, call.number);
  say(turn, call, [...(greeting === "" ? [] : [greeting]), "callback-already"]);
}

const isAsked = ({ stage }: Call): boolean => stage.name === "menu" && stage.booked === true;

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

/** Where a call begins: at its number's start, or where the plan leads who comes when it is closed, or when very many are there. */
function startOf(core: CoreState, plan: Plan, turn: Turn, call: Call, entry: EntryNumber): Target {
  if (entry.closed && isClosed(plan, entry.hours, turn.at)) return entry.closed;
  const calls = plan.admission && beyondAdmission(core, plan, entry);
  if (!plan.admission || calls === undefined) return entry.start;
  turn.facts.push({ at: turn.at, type: "call.surge", call: call.id, calls });
  // Whoever rang a group's own number is rung back by that group.
  const wanted = lead(plan, entry.start, call.language, "start");
  if (wanted.to === "group") call.wanted = askOf(core, plan, call, wanted, turn.at);
  return plan.admission.next;
}

/** A call that is known from now on; nothing is done to it yet. */
export function newCall(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): Call {
  forgetCallers(core, plan, event.at);
  const entry = entryFor(plan, event.dialled, event.alsoDialled);
  const language = recallLanguage(core, plan, event.from, event.at) ?? entry.language;
  const call: Call = {
    id: event.call,
    number: entry.number,
    from: event.from,
    tag: event.tag,
    arrivedAt: event.at,
    language,
    stage: { name: "menu", place: { node: "", language, tries: 0 } },
    path: [entry.name],
    ...untouched,
  };
  core.calls.set(call.id, call);
  turn.facts.push({ at: turn.at, type: "call.arrived", call: call.id, number: call.number, from: call.from });
  recallDistrict(core, plan, turn, call);
  return call;
}

export function keyPressed(core: CoreState, plan: Plan, event: EventOf<"key">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (!call || call.callerGone) return;
  call.lastKey = { key: event.key, at: event.at };
  if (isAsked(call)) return bookedPressed(core, plan, turn, call, event);
  if (isBusyQuestion(call)) return preferenceSaid(core, plan, turn, call, event.key);
  const question = questionOf(call);
  if (question) return languagePressed(core, plan, turn, call, question, event.key);
  if (call.stage.name === "queue") return chosenWhileWaiting(core, plan, turn, call, event.key);
  at(core, plan, turn, call, (rules, visit, node) => rules.key?.(visit, node, event.key));
}

/**
 * Who waits may choose something else from the group's waiting menu, and keeps the place meanwhile. A key that means nothing is no
 * mistake here, and whoever is just being put through has no need of one.
 */
function chosenWhileWaiting(core: CoreState, plan: Plan, turn: Turn, call: Call, key: Key): void {
  const node = nodeOf(plan, waitingMenuOf(plan, call) ?? "");
  if (node?.kind !== "menu" || call.offer || call.callback) return;
  const step = pressKey(plan, { node: node.id, language: call.language, tries: 0 }, key);
  const valid = step.because === "key";
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: node.id, key, valid });
  if (!valid) return;
  stepAside(core, turn, call);
  follow(core, plan, turn, call, step);
}

/** Asked what they prefer while those who speak their language are busy; a callback is booked as from the waiting menu. */
function preferenceSaid(core: CoreState, plan: Plan, turn: Turn, call: Call, key: Key): void {
  const node = busyPressed(core, plan, turn, call, key);
  if (node === undefined) return;
  stepAside(core, turn, call);
  follow(core, plan, turn, call, lead(plan, { to: "node", node }, call.language, "key"));
}

/** That a key went down may be told this much later than that it was let go, on a machine that is very busy, ms. */
const lateDownMs = 500;

/**
 * A key goes down: speech ends at once, not first when the key is let go. Should the key itself never come, the wait goes on. One told
 * of late would end the answer to that very key; whoever presses the same key again so soon is heard when it is let go.
 */
export function keyDown(core: CoreState, plan: Plan, event: EventOf<"key.down">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (!call || call.callerGone || !call.playback || !listens(plan, call)) return;
  if (call.lastKey?.key === event.key && event.at - call.lastKey.at < lateDownMs) return;
  quiet(turn, call);
  const node = call.stage.name === "menu" && !questionOf(call) ? nodeOf(plan, call.stage.place.node) : undefined;
  const down = node && rulesOf(node).down;
  if (down) down(visitOf(core, plan, turn, call), node);
  else menuSpoken(core, plan, call, turn);
}

/** Whether a key means anything where the call is. */
function listens(plan: Plan, call: Call): boolean {
  if (questionOf(call) || isAsked(call)) return true;
  if (call.stage.name !== "menu") return false;
  const node = nodeOf(plan, call.stage.place.node);
  return node !== undefined && rulesOf(node).key !== undefined && node.kind !== "message";
}

/** Whether the caller hears a node of the plan or a question, which a key answers. */
export const awaitsKey = (call: Call): boolean => call.stage.name === "menu" || questionOf(call) !== undefined;

/** Whether digits that the caller keys now are a PIN or a code: whoever takes keys in hides them from the core and the log. */
export function takesSecret(core: CoreState, id: string): boolean {
  const call = core.calls.get(id);
  if (!core.plan || call?.stage.name !== "menu" || questionOf(call) || isAsked(call)) return false;
  const node = nodeOf(core.plan, call.stage.place.node);
  return (node && rulesOf(node).secret?.(call.stage.place)) ?? false;
}

/** Everything has been spoken: now the caller has the node's time to press a key. */
export function menuSpoken(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (isBusyQuestion(call)) return awaitKey(core, turn, call, busyWaitMs);
  if (questionOf(call) || isAsked(call)) return awaitKey(core, turn, call, questionWaitMs);
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
  if (!call || call.callerGone) return;
  if (isAsked(call)) return begin(core, plan, turn, call, []);
  if (isBusyQuestion(call)) return waitOn(core, turn, call);
  const question = questionOf(call);
  if (question) return languageNotPressed(core, plan, turn, call, question);
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

/** The caller's line is gone. */
export function left(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  const node = call.stage.name === "menu" ? nodeOf(plan, call.stage.place.node) : undefined;
  if (node) rulesOf(node).gone?.(visitOf(core, plan, turn, call), node);
}

/** Speaks the node or the question again after the engine was away, with the tries it had. */
export function speakAgain(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (isAsked(call)) return askBooked(plan, turn, call);
  if (isBusyQuestion(call)) return askBusyAgain(core, plan, turn, call, 0);
  const question = questionOf(call);
  if (question) return askLanguageAgain(core, plan, turn, call, question);
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
  at(core, plan, turn, call, (rules, visit, node) => rules.enter(visit, node, step.say));
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
function askOf(core: CoreState, plan: Plan, call: Call, step: Extract<MenuStep, { to: "group" }>, at: number): Ask {
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
