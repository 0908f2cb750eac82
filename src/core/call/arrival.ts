import { announced } from "../announcements/hearing.ts";
import { cancel } from "../callback/attempt.ts";
import { bookedFor } from "../callback/booking.ts";
import type { EventOf } from "../events.ts";
import { entryFor } from "../menu/entry.ts";
import { lead, startMenu } from "../menu/walk.ts";
import type { EntryNumber, Key, Plan, Target } from "../plan/plan.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, type Turn, untouched } from "../state.ts";
import { beyondAdmission } from "./admission.ts";
import { recallDistrict } from "./district.ts";
import { forgetCallers } from "./forget.ts";
import { isClosed } from "./gate.ts";
import { recallLanguage } from "./last-language.ts";
import { askOf, follow } from "./menu.ts";
import { say } from "./sound.ts";

/** How a call begins: answered at once, asked about a callback that is booked, greeted, and led to its number's start. */

export function arrive(core: CoreState, plan: Plan, event: EventOf<"call.arrived">, turn: Turn): void {
  if (core.calls.has(event.call)) return;
  const call = newCall(core, plan, event, turn);
  turn.effects.push({ do: "answer", call: call.id });
  if (bookedFor(core, call.from)) askBooked(plan, turn, call);
  else begin(core, plan, turn, call);
}

/** The way from the number's greeting on; from the greeting's end, when something else was said after it. */
export function begin(core: CoreState, plan: Plan, turn: Turn, call: Call, instead?: readonly Said[]): void {
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
export function askBooked(plan: Plan, turn: Turn, call: Call): void {
  const place = { node: bookedNode, language: call.language, tries: 0 };
  call.stage = { name: "menu", place, booked: true };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: bookedNode, language: call.language });
  const { greeting } = entryFor(plan, call.number);
  say(turn, call, [...(greeting === "" ? [] : [greeting]), "callback-already"]);
}

export const isAsked = ({ stage }: Call): boolean => stage.name === "menu" && stage.booked === true;

/** 1 takes the callback back; any other key keeps it. True: the key was meant for the question, and not for the menu already. */
export function bookedPressed(core: CoreState, plan: Plan, turn: Turn, call: Call, key: Key): boolean {
  const meant = key === "1" || key === "2";
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: bookedNode, key, valid: meant });
  const back = bookedFor(core, call.from);
  const off = key === "1" && back !== undefined && cancel(core, turn, back, "caller");
  begin(core, plan, turn, call, off ? ["callback-cancelled"] : []);
  return meant;
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
