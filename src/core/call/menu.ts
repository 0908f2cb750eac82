import type { EventOf } from "../events.ts";
import { entryFor } from "../menu/entry.ts";
import { addLabel } from "../menu/path.ts";
import { type MenuStep, noKey, pressKey, resumeMenu, startMenu } from "../menu/walk.ts";
import type { Plan } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { askLanguageAgain, languageNotPressed, languagePressed, questionOf, questionWaitMs, toQueue } from "./fallback.ts";
import { lastAgentOf } from "./last-agent.ts";
import { say } from "./sound.ts";
import { menuTimer } from "./timers.ts";

/** The first part of a call: answered at once, greeted, and led by keys to a group. */

export function arrive(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): void {
  if (core.calls.has(event.call)) return;
  const call = newCall(core, plan, event, turn);
  turn.effects.push({ do: "answer", call: call.id });
  follow(core, plan, turn, call, startMenu(plan, entryFor(plan, event.dialled)));
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
  if (!call || call.callerGone) return;
  const question = questionOf(call);
  if (question) return languagePressed(core, plan, turn, call, question, event.key);
  if (call.stage.name !== "menu") return;
  const { place } = call.stage;
  const step = pressKey(plan, place, event.key);
  const valid = step.because === "key";
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: place.node, key: event.key, valid });
  follow(core, plan, turn, call, step);
}

/** Whether the caller hears a menu or a question, which a key answers. */
export const awaitsKey = (call: Call): boolean => call.stage.name === "menu" || questionOf(call) !== undefined;

/** The menu or the question has been spoken: now the caller has its time to press a key. */
export function menuSpoken(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  const node = call.stage.name === "menu" ? call.stage.place.node : "";
  const waitMs = questionOf(call) ? questionWaitMs : (plan.nodes[node]?.waitMs ?? 0);
  setTimer(core, turn, menuTimer(call.id), turn.at + waitMs);
}

export function silence(core: CoreState, plan: Plan, id: string, turn: Turn): void {
  const call = core.calls.get(id);
  if (!call || call.callerGone) return;
  const question = questionOf(call);
  if (question) languageNotPressed(core, plan, turn, call, question);
  else if (call.stage.name === "menu") follow(core, plan, turn, call, noKey(plan, call.stage.place));
}

/** Speaks the node or the question again after the engine was away, with the tries it had. */
export function speakAgain(core: CoreState, plan: Plan, call: Call, turn: Turn): void {
  const question = questionOf(call);
  if (question) askLanguageAgain(core, plan, turn, call, question);
  else if (call.stage.name === "menu") follow(core, plan, turn, call, resumeMenu(plan, call.stage.place));
}

function follow(core: CoreState, plan: Plan, turn: Turn, call: Call, step: MenuStep): void {
  clearTimer(core, turn, menuTimer(call.id));
  call.path = addLabel(call.path, step);
  if (step.to === "group") {
    call.language = step.language;
    toQueue(core, plan, turn, call, askOf(core, plan, call, step, turn.at), step.say);
    return;
  }
  call.language = step.place.language;
  call.stage = { name: "menu", place: step.place };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: step.place.node, language: call.language });
  say(turn, call, step.say);
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
