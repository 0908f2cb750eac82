import type { EventOf } from "../events.ts";
import { lead, nodeOf, pressKey } from "../menu/walk.ts";
import { rulesOf } from "../nodes/rules.ts";
import { leave, type NodeRules, type Visit } from "../nodes/visit.ts";
import type { NodeKind, PlanNode } from "../plan/node.ts";
import type { Key, Plan } from "../plan/plan.ts";
import { type Call, type CoreState, setTimer, type Turn } from "../state.ts";
import { askBooked, begin, bookedPressed, isAsked } from "./arrival.ts";
import { askBusyAgain, busyPressed, busyWaitMs, isBusyQuestion, waitOn } from "./busy-speakers-key.ts";
import { askLanguageAgain, languageNotPressed, languagePressed, questionOf, questionWaitMs } from "./fallback.ts";
import { atNode, follow, visitOf } from "./menu.ts";
import { stepAside, waitingMenuOf } from "./queue.ts";
import { quiet, startBed } from "./sound.ts";
import { menuTimer } from "./timers.ts";

/** What callers key in, and when they do not: at a node of the plan, at a question, while they wait. */

export function keyPressed(core: CoreState, plan: Plan, event: EventOf<"key">, turn: Turn): void {
  const call = core.calls.get(event.call);
  if (!call || call.callerGone) return;
  call.lastKey = { key: event.key, at: event.at };
  if (isAsked(call)) {
    const meant = bookedPressed(core, plan, turn, call, event.key);
    return meant ? undefined : keyPressed(core, plan, event, turn);
  }
  if (isBusyQuestion(call)) return preferenceSaid(core, plan, turn, call, event.key);
  const question = questionOf(call);
  if (question) return languagePressed(core, plan, turn, call, question, event.key);
  if (call.stage.name === "queue") return chosenWhileWaiting(core, plan, turn, call, event.key);
  atNode(core, plan, turn, call, (rules, visit, node) => rules.key?.(visit, node, event.key));
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
  atNode(core, plan, turn, call, (rules, visit, node) => {
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
  atNode(core, plan, turn, call, (rules, visit, node) => {
    if (rules.silence) rules.silence(visit, node);
    else if ("fallback" in node) leave(visit, node.fallback);
  });
}

/** Speaks the node or the question again after the engine was away, with the tries it had. */
export function speakAgain(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  if (isAsked(call)) return askBooked(plan, turn, call);
  if (isBusyQuestion(call)) return askBusyAgain(core, plan, turn, call, 0);
  const question = questionOf(call);
  if (question) return askLanguageAgain(core, plan, turn, call, question);
  atNode(core, plan, turn, call, (rules, visit, node) => (rules.resume ?? enterAnew(rules))(visit, node));
}

const enterAnew = (rules: NodeRules<NodeKind>) => (visit: Visit, node: PlanNode) => rules.enter(visit, node, []);
