import { nextOpening } from "../hours/open.ts";
import { entryFor } from "../menu/entry.ts";
import type { Said } from "../speech/said.ts";
import type { Call, CoreState } from "../state.ts";
import { dayOf, minuteOf } from "../time/civil.ts";
import { estimateFor } from "./explain.ts";
import { placeOf } from "./waiting.ts";

/** What is said for a piece of a plan (`Piece` in `plan/node.ts`) at this moment of the call; nothing when there is nothing to say. */
export function saidOf(core: CoreState, call: Call, piece: Said, at: number): readonly Said[] {
  if (piece === "$opens") return opens(core, call, at);
  if (piece === "$place") return call.queued ? [{ place: placeOf(core, call) }] : [];
  if (piece === "$wait") return wait(core, call, at);
  return [piece];
}

/** When the group the call wants opens, or else the number it rang. */
function opens({ plan }: CoreState, call: Call, at: number): Said[] {
  if (!plan) return [];
  const id = plan.groups[call.wanted?.group ?? ""]?.hours ?? entryFor(plan, call.number).hours;
  const hours = id === undefined ? undefined : plan.hours[id];
  const next = hours && nextOpening(hours, plan.calendar, at);
  if (next === undefined) return [];
  const { timezone } = plan.calendar;
  return ["opens-at", { day: dayOf(next, timezone), today: dayOf(at, timezone) }, { clock: minuteOf(next, timezone) }];
}

const minuteMs = 60_000;

/** How long the wait will be, in words that promise no more than is known. */
function wait(core: CoreState, call: Call, at: number): Said[] {
  const estimate = estimateFor(core, call, at);
  if (!estimate) return [];
  return [{ waitMinutes: { from: Math.floor(estimate.fromMs / minuteMs), to: Math.ceil(estimate.toMs / minuteMs) } }];
}
