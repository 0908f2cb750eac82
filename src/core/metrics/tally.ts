import type { Fact, FactType } from "../facts.ts";
import type { GroupId } from "../plan/plan.ts";
import { addAnswers, pointsOf } from "./answers.ts";
import { type Counts, emptyCounts } from "./counts.ts";

/** The city as a whole, beside its groups. */
export const city = "*";

/** The facts that figures are made of; the rest may be left unread. */
export const talliedFacts = [
  "call.queued",
  "call.answered",
  "call.abandoned",
  "call.left-queue",
  "call.talked",
  "call.outcome",
  "call.wrapped-up",
  "callback.booked",
  "callback.reached",
  "callback.failed",
  "callback.cancelled",
  "call.out-of-scope",
  "call.survey",
] as const satisfies readonly FactType[];

export interface TallyRules {
  /** The period a call belongs to, by when it entered the queue: a week or a day of the city's time. */
  readonly periodOf: (at: number) => string;
  /** Whether a call that entered the queue then is counted at all. Default: every one. */
  readonly counted?: (at: number) => boolean;
  /** T and the short-abandon limit of a group, ms. */
  readonly targetOf: (group: GroupId) => { readonly answerTargetMs: number; readonly shortAbandonMs: number };
}

/** A call's stay in one group's queue, or in any queue (the city's visit). */
interface Visit {
  /** Where it is counted; undefined when it lies outside what is counted. */
  readonly counts: Counts | undefined;
  /** When its wait began, the last time: as it entered, or in a queue that led it on here. */
  queuedAt: number;
  end?: "answered" | "abandoned" | "left" | "overflowed" | "callback";
}

interface CallMemory {
  readonly city: Visit;
  readonly groups: Map<GroupId, Visit>;
  /** Talks whose wrap-up is not over. */
  open: number;
  /** The caller is, or was, to be rung back; and whether that is still to come. */
  callback?: "to come" | "over";
  /** When the last fact about it came. */
  heardAt: number;
}

const hourMs = 3_600_000;
/** A call that is over may come back by transfer; so long it is remembered that it is not a new one. */
const rememberMs = 6 * hourMs;
/** What has not been heard of for so long has been lost, with the engine or the network. */
const lostMs = 24 * hourMs;
/** A callback sleeps over a weekend and the holidays beside it; then it has been lost, too. */
export const callbackMs = 7 * 24 * hourMs;

/** What has been counted so far, and what must be remembered of calls. Owned by `tally`; others only read. */
export interface Tally {
  readonly rules: TallyRules;
  /** period → group (or `city`) → counts */
  readonly periods: Map<string, Map<GroupId, Counts>>;
  readonly calls: Map<string, CallMemory>;
  /** When calls are next looked through for those that may be forgotten. */
  forgetAt: number;
}

export function emptyTally(rules: TallyRules): Tally {
  return { rules, periods: new Map(), calls: new Map(), forgetAt: Number.NEGATIVE_INFINITY };
}

/** Whether more is to come, after `at`, of calls that are counted: they wait, talk, are wrapped up or to be rung back. */
export function hasUnfinished(state: Tally, at = Number.NEGATIVE_INFINITY): boolean {
  return unfinishedCounts(state, at).size > 0;
}

/** What calls that are unfinished at `at` are counted in: it may still change. */
export function unfinishedCounts(state: Tally, at: number): ReadonlySet<Counts> {
  const found = new Set<Counts>();
  for (const call of state.calls.values()) {
    if (!isUnfinished(call) || isLost(call, at)) continue;
    for (const { counts } of [call.city, ...call.groups.values()]) if (counts !== undefined) found.add(counts);
  }
  return found;
}

/**
 * Counts one fact, in place. The one way figures come about: live figures are fed fact by fact, historical ones from the log.
 *
 * *Offered* means that the call entered the group's queue: once per group, however often it comes back, and once for the city.
 * A call belongs to the period in which it entered the queue, also when it is answered after that period's end. A call that
 * leaves for another group and is answered there is *overflowed* for the group it came from. For the city a call that was
 * answered once is answered, whatever becomes of it after a transfer; its wait is counted from the first queue.
 *
 * A call that became a callback is one contact with it: offered once, neither answered nor abandoned, and, when the caller was reached,
 * counted apart as answered by callback.
 *
 * An answer to a survey belongs to the period in which it was given: by a link it may come days after the call.
 *
 * Facts of one call must come in the order in which they happened. Facts of a call whose `call.queued` was not seen, which is
 * one that hung up in the menu or began before what is counted, change nothing.
 */
export function tally(state: Tally, fact: Fact): void {
  switch (fact.type) {
    case "call.queued":
      return queued(state, fact);
    case "call.answered":
    case "call.abandoned":
      return left(state, fact);
    case "call.left-queue":
      return leftByChoice(state, fact);
    case "call.talked":
      return each(state, fact, (counts) => {
        counts.talks += 1;
        counts.handlingMs += fact.talkMs;
      });
    case "call.out-of-scope": {
      const counts = countsAt(state, city, fact.at);
      if (counts !== undefined) counts.ledToDistrict += 1;
      return;
    }
    case "call.survey": {
      const counts = countsAt(state, fact.group, fact.at);
      if (counts !== undefined) addAnswers(counts.surveys, fact.question, { count: 1, points: pointsOf(fact.answer) });
      return;
    }
    case "callback.booked":
      return booked(state, fact);
    case "callback.reached":
      each(state, fact, (counts) => {
        counts.answeredByCallback += 1;
      });
      return rungBack(state, fact);
    case "callback.failed":
    case "callback.cancelled":
      return rungBack(state, fact);
    case "call.outcome":
      return each(state, fact, (counts) => {
        counts.outcomes[fact.outcome] += 1;
      });
    case "call.wrapped-up": {
      const call = state.calls.get(fact.call);
      if (call !== undefined) call.open = Math.max(0, call.open - 1);
      return each(state, fact, (counts) => {
        counts.handlingMs += fact.wrapUpMs;
      });
    }
  }
}

function queued(state: Tally, fact: Extract<Fact, { type: "call.queued" }>): void {
  if (fact.at >= state.forgetAt) forget(state, fact.at);
  const call = remembered(state, fact);
  call.heardAt = fact.at;
  const visit = call.groups.get(fact.group);
  const entered = visit ?? enter(state, fact.group, fact.at);
  entered.queuedAt = fact.since ?? fact.at;
  if (entered.end === "left") delete entered.end;
  if (visit !== undefined) return;
  call.groups.set(fact.group, entered);
  if (call.callback === "to come") toCallback(entered);
}

function remembered(state: Tally, { call, at }: { readonly call: string; readonly at: number }): CallMemory {
  return found(state.calls, call, () => ({
    city: enter(state, city, at),
    groups: new Map<GroupId, Visit>(),
    open: 0,
    heardAt: at,
  }));
}

/** The callback is the same contact as the call in which it was booked. */
function booked(state: Tally, fact: Extract<Fact, { type: "callback.booked" }>): void {
  const call = remembered(state, { call: fact.of, at: fact.at });
  state.calls.set(fact.call, call);
  call.heardAt = fact.at;
  call.callback = "to come";
  toCallback(call.city);
  const visit = call.groups.get(fact.group);
  if (visit !== undefined) toCallback(visit);
}

function toCallback(visit: Visit): void {
  if (visit.end !== undefined) return;
  if (visit.counts !== undefined) visit.counts.callbacks += 1;
  visit.end = "callback";
}

function rungBack(state: Tally, fact: { readonly call: string; readonly at: number }): void {
  const call = state.calls.get(fact.call);
  if (call === undefined) return;
  call.callback = "over";
  call.heardAt = fact.at;
}

function enter(state: Tally, group: GroupId, at: number): Visit {
  const counts = countsAt(state, group, at);
  if (counts !== undefined) counts.offered += 1;
  return { counts, queuedAt: at };
}

/** What is counted then; undefined outside what is counted. */
function countsAt(state: Tally, group: GroupId, at: number): Counts | undefined {
  if (state.rules.counted?.(at) === false) return undefined;
  const groups = found(state.periods, state.rules.periodOf(at), () => new Map<GroupId, Counts>());
  return found(groups, group, emptyCounts);
}

/** The call left the queue: an agent of `fact.group` answered, or the caller hung up. */
function left(state: Tally, fact: Extract<Fact, { type: "call.answered" | "call.abandoned" }>): void {
  const call = state.calls.get(fact.call);
  const visit = call?.groups.get(fact.group);
  if (call === undefined || visit === undefined) return;
  const end = fact.type === "call.answered" ? "answered" : "abandoned";
  const { answerTargetMs, shortAbandonMs } = state.rules.targetOf(fact.group);
  const leftAt = visit.queuedAt + fact.waitedMs;
  const settleAs = (visit: Visit, waitedMs: number) => settle(visit, end, waitedMs, answerTargetMs, shortAbandonMs);
  settleAs(visit, fact.waitedMs);
  settleAs(call.city, leftAt - call.city.queuedAt);
  for (const other of call.groups.values()) if (other.end === undefined) overflow(other);
  if (end === "answered") call.open += 1;
  call.heardAt = fact.at;
}

/** Neither answered nor abandoned: a message was left, or somebody outside helped. */
function leftByChoice(state: Tally, fact: Extract<Fact, { type: "call.left-queue" }>): void {
  const call = state.calls.get(fact.call);
  const visit = call?.groups.get(fact.group);
  if (call === undefined || visit === undefined) return;
  visit.end ??= "left";
  call.heardAt = fact.at;
}

function settle(visit: Visit, end: "answered" | "abandoned", waitedMs: number, targetMs: number, shortMs: number): void {
  const { counts } = visit;
  if (visit.end === "answered" || visit.end === "abandoned") return;
  if (counts !== undefined) {
    if (visit.end === "overflowed") counts.overflowed -= 1;
    if (visit.end === "callback") counts.callbacks -= 1;
    const inTarget = waitedMs <= targetMs ? 1 : 0;
    if (end === "answered") {
      counts.answered += 1;
      counts.answeredInTarget += inTarget;
      counts.waitMs += waitedMs;
    } else {
      counts.abandoned += 1;
      counts.abandonedInTarget += inTarget;
      if (waitedMs <= shortMs) counts.abandonedShort += 1;
    }
  }
  visit.end = end;
}

function overflow(visit: Visit): void {
  if (visit.counts !== undefined) visit.counts.overflowed += 1;
  visit.end = "overflowed";
}

/** What happens after the answer is counted for the group and for the city. */
function each(
  state: Tally,
  fact: { readonly at: number; readonly call: string; readonly group: GroupId },
  count: (counts: Counts) => void,
): void {
  const call = state.calls.get(fact.call);
  const visit = call?.groups.get(fact.group);
  if (call === undefined || visit === undefined) return;
  if (visit.counts !== undefined) count(visit.counts);
  if (call.city.counts !== undefined) count(call.city.counts);
  call.heardAt = fact.at;
}

/** Once an hour, so that what is remembered does not grow with the log. */
function forget(state: Tally, at: number): void {
  state.forgetAt = at + hourMs;
  for (const [id, call] of state.calls) {
    if (call.heardAt >= at - rememberMs) continue;
    if (isLost(call, at) || !isUnfinished(call)) state.calls.delete(id);
  }
}

function isUnfinished(call: CallMemory): boolean {
  return call.callback === "to come" || call.open > 0 || [...call.groups.values()].some((visit) => visit.end === undefined);
}

function isLost(call: CallMemory, at: number): boolean {
  return call.heardAt < at - (call.callback ? callbackMs : lostMs);
}

function found<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
