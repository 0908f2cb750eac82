import type { GroupId } from "../plan/plan.ts";
import { add, nextStepAt, observeAsk, remove } from "../routing/router.ts";
import type { Ask } from "../routing/types.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";
import { startMusic } from "./sound.ts";
import { menuTimer, placeTimer, rungTimer, speakersTimer } from "./timers.ts";

/** A call's place among those that wait: taken once, kept through every failed offer. */

/** Gives a call its place. It does not wait yet: see `waits`. */
export function takePlace(core: CoreState, turn: Turn, call: Call, ask: Ask): void {
  const keptMs = isHere(core, ask.preferred) ? (core.plan?.groups[ask.group]?.preferMs ?? 0) : 0;
  const order = core.nextOrder++;
  call.queued = { id: call.id, ask, since: turn.at, order, keptUntil: turn.at + keptMs, toldPlace: 0 };
  joinQueue(core, call);
  tellQueued(core, turn, call, ask);
}

/** It asks something else from now on, perhaps in another queue, with the waiting time it has: before whoever came after it. */
export function movePlace(core: CoreState, turn: Turn, call: Call, ask: Ask): void {
  if (!call.queued) return;
  const { since } = call.queued;
  call.queued = { ...call.queued, ask, keptUntil: since };
  joinQueue(core, call);
  const orderOf = ([, { queued }]: [string, Call]): number => queued?.order ?? 0;
  const sorted = [...(core.queues.get(ask.group) ?? [])].sort((a, b) => orderOf(a) - orderOf(b));
  core.queues.set(ask.group, new Map(sorted));
  tellQueued(core, turn, call, ask, since);
}

function tellQueued(core: CoreState, turn: Turn, call: Call, ask: Ask, since?: number): void {
  observeAsk(core.router, ask, turn.at);
  const { group, languages, priority, district, preferred } = ask;
  turn.facts.push({
    at: turn.at,
    type: "call.queued",
    call: call.id,
    group,
    language: call.language,
    ...(since === undefined ? {} : { since }),
    ...(languages.length === 1 && languages[0] === call.language ? {} : { languages }),
    ...(priority === "normal" ? {} : { priority }),
    ...(district === undefined ? {} : { district }),
    ...(preferred === undefined ? {} : { preferred }),
  });
}

export function joinQueue(core: CoreState, call: Call): void {
  const group = call.queued?.ask.group ?? "";
  const queue = core.queues.get(group) ?? new Map<string, Call>();
  core.queues.set(group, queue);
  queue.set(call.id, call);
  if (call.callback) putInOrder(queue, call);
}

/** Every other call is the last when it comes; a callback comes to the place it had. */
function putInOrder(queue: Map<string, Call>, call: Call): void {
  const order = call.queued?.order ?? 0;
  for (const other of [...queue.values()]) {
    if ((other.queued?.order ?? 0) <= order) continue;
    queue.delete(other.id);
    queue.set(other.id, other);
  }
}

/** Answered, or given up. */
export function leaveQueue(core: CoreState, turn: Turn, call: Call): void {
  core.queues.get(call.queued?.ask.group ?? "")?.delete(call.id);
  clearTimer(core, turn, placeTimer(call.id));
  clearTimer(core, turn, speakersTimer(call.id));
}

export const inQueue = (core: CoreState, group: GroupId): number => core.queues.get(group)?.size ?? 0;

/** Nobody waits for an agent who is not at work. */
function isHere(core: CoreState, id: string | undefined): boolean {
  const agent = id === undefined ? undefined : core.agents.get(id);
  return agent !== undefined && agent.state !== "offline" && !agent.leaving;
}

/** The call waits from now on, or again. */
export function waits(core: CoreState, turn: Turn, call: Call): void {
  if (!call.queued) return;
  add(core.router, call.queued);
  armRung(core, turn, call);
}

/** It is being offered, or over. */
export function waitsNoMore(core: CoreState, turn: Turn, call: Call): void {
  remove(core.router, call.id);
  clearTimer(core, turn, rungTimer(call.id));
}

/** What was asked of the waiting caller need not be answered any more. */
export function dropQuestion(core: CoreState, turn: Turn, call: Call): void {
  if (call.stage.name !== "queue" || !call.stage.question) return;
  call.stage = { name: "queue" };
  clearTimer(core, turn, menuTimer(call.id));
  startMusic(turn, call);
}

/** The call will be looked at again when it rises on its ladder. */
export function armRung(core: CoreState, turn: Turn, call: Call): void {
  const due = call.queued && nextStepAt(core.router, call.queued, turn.at);
  if (due !== undefined) setTimer(core, turn, rungTimer(call.id), due);
}

/** The caller's place in the group's queue, 1 = next. Calls being offered now count as before it when they came before. */
export function placeOf(core: CoreState, call: Call): number {
  let place = 0;
  for (const id of core.queues.get(call.queued?.ask.group ?? "")?.keys() ?? []) {
    place++;
    if (id === call.id) return place;
  }
  return 0;
}
