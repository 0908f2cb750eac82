import { callbackId } from "../call/ids.ts";
import { leaveQueue, takePlace, waitsNoMore } from "../call/waiting.ts";
import type { GroupId, PhoneNumber } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import { type Call, type CoreState, type Turn, untouched } from "../state.ts";
import { takeTurn } from "./rest.ts";

/** Which callbacks there are: one for each number. */

/** The callback to a number, or that whoever calls from it has booked to another. */
export function bookedFor(core: CoreState, number: PhoneNumber | null): Call | undefined {
  return number === null ? undefined : core.calls.get(core.booked.get(number) ?? "");
}

/**
 * The caller will be rung back at `number`. A call that has its place already gives it to the callback in this same turn: the same order,
 * the same wait. Else the callback takes its place now.
 */
export function book(core: CoreState, turn: Turn, call: Call, ask: Ask, number: PhoneNumber): Call {
  call.bookings = (call.bookings ?? 0) + 1;
  const id = callbackId(call.id, call.bookings);
  const { queued } = call;
  const back: Call = {
    id,
    number: call.number,
    from: number,
    tag: null,
    arrivedAt: turn.at,
    language: call.language,
    ...(call.district === undefined ? {} : { district: call.district }),
    ...(call.interpreter === undefined ? {} : { interpreter: call.interpreter }),
    stage: { name: "queue" },
    path: call.path,
    ...untouched,
    absent: "waiting",
    callback: { of: call.id, by: call.from, bookedAt: turn.at, attempts: 0, notBefore: turn.at },
  };
  core.calls.set(id, back);
  remember(core, back);
  const group = queued?.ask.group ?? ask.group;
  turn.facts.push({ at: turn.at, type: "callback.booked", call: id, of: call.id, group, number });
  if (queued) {
    waitsNoMore(core, turn, call);
    leaveQueue(core, turn, call);
    delete call.queued;
    delete call.aside;
    back.queued = { ...queued, id };
  } else takePlace(core, turn, back, ask);
  takeTurn(core, turn, back);
  return back;
}

/** So that it is found by whoever calls from either number. */
export function remember(core: CoreState, back: Call): void {
  for (const number of numbersOf(back)) core.booked.set(number, back.id);
}

/** It is over: the number is free for another. */
export function forget(core: CoreState, back: Call): void {
  for (const number of numbersOf(back)) if (core.booked.get(number) === back.id) core.booked.delete(number);
  core.calls.delete(back.id);
}

function numbersOf({ from, callback }: Call): PhoneNumber[] {
  return [callback?.by ?? null, from].filter((number) => number !== null);
}

/** A callback for this group of the one who calls from `from`. */
export function bookedIn(core: CoreState, from: PhoneNumber | null, group: GroupId): Call | undefined {
  const back = bookedFor(core, from);
  return back?.queued?.ask.group === group ? back : undefined;
}
