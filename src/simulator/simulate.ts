import type { GroupId, SecondLineRule } from "../core/plan/plan.ts";
import { Agenda } from "./agenda.ts";
import { type Arrivals, SimCall, stage } from "./call.ts";
import { type Desk, desk, newDesk } from "./desk.ts";
import { samplerOf } from "./distribution.ts";
import type { Policy } from "./policy.ts";
import { drawOf, Random } from "./random.ts";
import { CallRecord, DeskRecord, ends } from "./record.ts";
import type { Ring, ScenarioAgent } from "./scenario.ts";
import { SecondLines } from "./second-lines.ts";

/** What a run needs to know of the scenario. */
export interface World {
  readonly firstDay: number;
  readonly days: number;
  readonly isOpen: (day: number) => boolean;
  readonly groups: readonly WorldGroup[];
  readonly agents: readonly ScenarioAgent[];
  readonly ring: Ring;
}

export interface WorldGroup {
  readonly id: GroupId;
  readonly ringMs: number;
  readonly shortAbandonMs: number;
  readonly rules: { readonly answerTargetMs: number };
  readonly secondLine?: SecondLineRule;
}

export interface Run {
  readonly calls: CallRecord;
  readonly desks: DeskRecord;
  /** Events handled: arrivals, and everything that was planned. */
  readonly events: number;
}

const dayMs = 86_400_000;
/** As live: those who were called in are sent back also when no call comes or goes, ms. */
const reviewEveryMs = 30_000;

/** Kinds of planned events. About an agent: day to back and wrappedUp; about a call: the others. */
const kind = {
  day: 0,
  on: 1,
  off: 2,
  pause: 3,
  back: 4,
  wrappedUp: 5,
  gaveUp: 6,
  step: 7,
  pickedUp: 8,
  missed: 9,
  talked: 10,
  review: 11,
} as const;

/**
 * Plays all calls through one policy, from event to event. Every call ends exactly once; the same world, arrivals and policy give
 * the same run. All randomness comes with the arrivals and from `luck` of each call.
 */
export function simulate(world: World, arrivals: Arrivals, policy: Policy): Run {
  return new Simulation(world, arrivals, policy).run();
}

class Simulation {
  readonly #world: World;
  readonly #arrivals: Arrivals;
  readonly #policy: Policy;
  readonly #agenda = new Agenda();
  readonly #calls = new CallRecord();
  readonly #desksRecord: DeskRecord;
  readonly #desks: readonly Desk[];
  readonly #deskOf: ReadonlyMap<string, Desk>;
  /** Calls on their way by slot, those by id, and slots that may be used again. */
  readonly #slots: SimCall[] = [];
  readonly #callOf = new Map<string, SimCall>();
  readonly #spare: SimCall[] = [];
  readonly #secondLines: SecondLines;
  readonly #answer;
  readonly #answerRandom = new LuckyRandom();
  #now = 0;
  #idleOrder = 0;
  #rings = 0;
  #events = 0;

  constructor(world: World, arrivals: Arrivals, policy: Policy) {
    this.#world = world;
    this.#arrivals = arrivals;
    this.#policy = policy;
    this.#answer = samplerOf(world.ring.answer);
    this.#desksRecord = new DeskRecord(world.agents.length);
    const isRuled = (group: number): boolean => this.#secondLines.isRuled(group);
    this.#secondLines = new SecondLines(
      world.groups.map(({ rules, shortAbandonMs, secondLine }) => ({
        answerTargetMs: rules.answerTargetMs,
        shortAbandonMs,
        ...(secondLine && policy.callIn ? { secondLine } : {}),
      })),
    );
    this.#desks = world.agents.map((agent, index) => newDesk(index, agent, world.groups, isRuled));
    this.#deskOf = new Map(this.#desks.map((one) => [one.id, one]));
    for (const { id, competence } of world.agents) {
      policy.setAgent(id, competence);
      policy.setDuty?.(id, false);
    }
  }

  run(): Run {
    const agenda = this.#agenda;
    const arrivals = this.#arrivals;
    for (let day = 0; day < this.#world.days; day++) agenda.plan(this.#world.firstDay + day * dayMs, kind.day, day, 0);
    for (;;) {
      if (arrivals.due < agenda.due) this.#arrive();
      else if (agenda.next()) this.#handle(agenda.kind, agenda.about, agenda.stamp, agenda.at);
      else if (arrivals.due === Number.POSITIVE_INFINITY) break;
      if (this.#secondLines.isDue) this.#reviewSecondLines();
      this.#events++;
    }
    return { calls: this.#calls, desks: this.#desksRecord, events: this.#events };
  }

  #handle(what: number, about: number, stamp: number, at: number): void {
    this.#now = at;
    if (what === kind.day) return this.#planDay(about);
    if (what === kind.review) return this.#reviewLater(about);
    if (what <= kind.wrappedUp) {
      const one = this.#desks[about];
      if (one) this.#handleDesk(what, one, stamp);
      return;
    }
    const call = this.#slots[about];
    if (!call) return;
    switch (what) {
      case kind.gaveUp:
        if (call.row === stamp) this.#giveUp(call);
        return;
      case kind.step:
        if (call.row === stamp) this.#step(call);
        return;
      case kind.pickedUp:
        if (call.ring === stamp && call.stage === stage.ringing) this.#pickUp(call);
        return;
      case kind.missed:
        if (call.ring === stamp && call.stage === stage.ringing) this.#miss(call);
        return;
      case kind.talked:
        return this.#hangUp(call);
    }
  }

  // ---- calls ----------------------------------------------------------------------------------------------------------------------

  #arrive(): void {
    const call = this.#spare.pop() ?? this.#newCall();
    this.#arrivals.take(call);
    this.#now = call.since;
    const row = this.#calls.begin(call.since, call.group, call.language, call.ask.priority === "urgent");
    call.row = row;
    call.order = row;
    call.offers = 0;
    call.keptUntil = call.since + (call.ask.preferred === undefined ? 0 : this.#policy.keptMs(call.ask));
    call.stage = stage.waiting;
    this.#secondLines.joined(call.group);
    this.#policy.observe?.(call.ask, this.#now);
    const chosen = this.#policy.agentFor(call, this.#now);
    if (chosen) this.#ring(call, chosen.agent);
    else this.#policy.add(call);
    if (call.stage !== stage.waiting && call.stage !== stage.ringing) return;
    if (call.patienceMs < Number.POSITIVE_INFINITY) this.#agenda.plan(call.since + call.patienceMs, kind.gaveUp, call.slot, row);
    if (call.stage === stage.waiting) this.#planStep(call);
  }

  #newCall(): SimCall {
    const call = new SimCall(this.#slots.length);
    this.#slots.push(call);
    this.#callOf.set(call.id, call);
    return call;
  }

  #planStep(call: SimCall): void {
    const next = this.#policy.nextStepAt(call, this.#now);
    if (next !== undefined) this.#agenda.plan(Math.max(next, this.#now), kind.step, call.slot, call.row);
  }

  /** The call has waited long enough for the next step of its ladder. One that is being offered is looked at when it comes back. */
  #step(call: SimCall): void {
    if (call.stage !== stage.waiting) return;
    this.#lookForAgent(call);
    if (call.stage === stage.waiting) this.#planStep(call);
  }

  #lookForAgent(call: SimCall): void {
    const chosen = this.#policy.agentFor(call, this.#now);
    if (!chosen) return;
    this.#policy.remove(call.id);
    this.#ring(call, chosen.agent);
  }

  /** The phone of the chosen agent rings. */
  #ring(call: SimCall, agent: string): void {
    const one = this.#deskOf.get(agent);
    if (one?.state !== desk.free) throw new TypeError(`The policy chose ${agent}, who is not free.`);
    this.#policy.busy(agent);
    this.#desksRecord.freeMs[one.index] = (this.#desksRecord.freeMs[one.index] ?? 0) + this.#now - one.since;
    one.state = desk.ringing;
    call.agent = one.index;
    call.stage = stage.ringing;
    call.ring = ++this.#rings;
    const { missed } = this.#world.ring;
    const ringMs = this.#world.groups[call.group]?.ringMs ?? 0;
    const offer = call.offers++;
    const isMissed = missed > 0 && drawOf(call.luck, 2 * offer) < missed;
    const delay = isMissed ? ringMs : this.#answer(this.#answerRandom.of(call.luck, 2 * offer + 1));
    if (delay <= 0) this.#pickUp(call);
    else if (delay < ringMs) this.#agenda.plan(this.#now + delay, kind.pickedUp, call.slot, call.ring);
    else this.#agenda.plan(this.#now + ringMs, kind.missed, call.slot, call.ring);
  }

  #pickUp(call: SimCall): void {
    const one = this.#desks[call.agent];
    if (!one) return;
    const record = this.#calls;
    one.state = desk.talking;
    one.missed = 0;
    call.stage = stage.talking;
    const waited = this.#now - call.since;
    this.#secondLines.left(call.group, this.#now, waited, true);
    record.waitedMs[call.row] = waited;
    record.handledMs[call.row] = call.talkMs + call.wrapUpMs;
    record.agent[call.row] = one.index;
    record.offers[call.row] = Math.min(255, call.offers);
    record.end[call.row] = one.groups[call.group] === 1 ? ends.answered : ends.helped;
    this.#desksRecord.busyMs[one.index] = (this.#desksRecord.busyMs[one.index] ?? 0) + call.talkMs + call.wrapUpMs;
    this.#agenda.plan(this.#now + call.talkMs, kind.talked, call.slot, 0);
  }

  /** Nobody answered: the caller keeps the place, the agent is asked once more before a pause. */
  #miss(call: SimCall): void {
    const one = this.#desks[call.agent];
    call.stage = stage.waiting;
    this.#policy.add(call);
    if (one && ++one.missed >= 2) {
      one.missed = 0;
      one.breakMs += this.#world.ring.pauseMs;
    }
    // The caller first: another agent may be free, while this one did not answer just now.
    this.#lookForAgent(call);
    if (one) this.#release(one);
    if (call.stage === stage.waiting) this.#planStep(call);
  }

  #giveUp(call: SimCall): void {
    if (call.stage === stage.waiting) this.#policy.remove(call.id);
    else if (call.stage !== stage.ringing) return;
    const one = call.stage === stage.ringing ? this.#desks[call.agent] : undefined;
    this.#secondLines.left(call.group, this.#now, this.#now - call.since, false);
    this.#calls.waitedMs[call.row] = this.#now - call.since;
    this.#calls.offers[call.row] = Math.min(255, call.offers);
    this.#calls.end[call.row] = ends.abandoned;
    this.#end(call);
    if (one) this.#release(one);
  }

  #hangUp(call: SimCall): void {
    const one = this.#desks[call.agent];
    const { wrapUpMs } = call;
    this.#end(call);
    if (!one) return;
    if (wrapUpMs <= 0) return this.#release(one);
    one.state = desk.wrapUp;
    this.#agenda.plan(this.#now + wrapUpMs, kind.wrappedUp, one.index, 0);
  }

  #end(call: SimCall): void {
    call.stage = stage.over;
    call.row = -1;
    this.#spare.push(call);
  }

  // ---- agents ---------------------------------------------------------------------------------------------------------------------

  #planDay(day: number): void {
    if (!this.#world.isOpen(day)) return;
    const midnight = this.#world.firstDay + day * dayMs;
    for (const { index, shift } of this.#desks) {
      this.#agenda.plan(midnight + shift.from, kind.on, index, 0);
      this.#agenda.plan(midnight + shift.to, kind.off, index, 0);
      for (const { at, length } of shift.breaks) this.#agenda.plan(midnight + at, kind.pause, index, length);
    }
  }

  #handleDesk(what: number, one: Desk, stamp: number): void {
    switch (what) {
      case kind.on:
        one.onDuty = true;
        if (one.state === desk.away) this.#release(one);
        return;
      case kind.off:
        one.onDuty = false;
        one.breakMs = 0;
        if (one.state === desk.free) this.#leave(one);
        else if (one.state === desk.casework) one.state = desk.away;
        return;
      case kind.pause:
        if (!one.onDuty) return;
        one.breakMs += stamp;
        if (one.state === desk.free) {
          this.#leave(one);
          this.#release(one);
        } else if (one.state === desk.casework) this.#release(one);
        return;
      case kind.back:
        // A shift that ended meanwhile and began anew has brought the agent back already.
        if (one.state === desk.away && one.breaks === stamp) this.#release(one);
        return;
      case kind.wrappedUp:
        return this.#release(one);
    }
  }

  /** Nothing holds the agent any more: away when the shift is over or a break is due, else free, and offered a call if one waits. */
  #release(one: Desk): void {
    one.breaks++;
    if (!one.onDuty || one.breakMs > 0) {
      const { breakMs } = one;
      one.breakMs = 0;
      one.state = desk.away;
      this.#present(one, false);
      if (one.onDuty) this.#agenda.plan(this.#now + breakMs, kind.back, one.index, one.breaks);
      return;
    }
    if (one.secondLineOf.length > 0 && !one.secondLineOf.some((group) => this.#secondLines.isCalledIn(group))) {
      one.state = desk.casework;
      this.#present(one, false);
      return;
    }
    this.#present(one, true);
    one.state = desk.free;
    one.since = this.#now;
    this.#policy.free(one.id, ++this.#idleOrder);
    const chosen = this.#policy.callFor(one.id, this.#now);
    const call = chosen && this.#callOf.get(chosen.call);
    if (!call) return;
    this.#policy.remove(call.id);
    this.#ring(call, one.id);
  }

  /** A free agent goes. */
  #leave(one: Desk): void {
    this.#policy.busy(one.id);
    this.#desksRecord.freeMs[one.index] = (this.#desksRecord.freeMs[one.index] ?? 0) + this.#now - one.since;
    one.state = desk.away;
    this.#present(one, false);
  }

  #reviewLater(group: number): void {
    if (!this.#secondLines.isCalledIn(group)) return;
    this.#secondLines.touch(group);
    this.#agenda.plan(this.#now + reviewEveryMs, kind.review, group, 0);
  }

  /** Second lines are fetched from casework, or go back to it. */
  #reviewSecondLines(): void {
    for (const group of this.#secondLines.review(this.#now)) {
      const calledIn = this.#secondLines.isCalledIn(group);
      this.#policy.callIn?.(this.#world.groups[group]?.id ?? "", calledIn);
      if (calledIn) this.#agenda.plan(this.#now + reviewEveryMs, kind.review, group, 0);
      for (const one of this.#desks) {
        if (!one.secondLineOf.includes(group)) continue;
        if (calledIn && one.state === desk.casework) this.#release(one);
        else if (!calledIn && one.state === desk.free) {
          this.#leave(one);
          this.#release(one);
        }
      }
    }
  }

  #present(one: Desk, present: boolean): void {
    if (one.present === present) return;
    one.present = present;
    this.#policy.setDuty?.(one.id, present);
    if (present) one.presentSince = this.#now;
    else {
      this.#desksRecord.presentFrom.push(one.presentSince);
      this.#desksRecord.presentTo.push(this.#now);
    }
  }
}

/** The stream of one offer: made of the call's own seed, so that it is the same whoever is rung and whenever. */
class LuckyRandom extends Random {
  #seed = 0;
  #count = 0;

  constructor() {
    super(0);
  }

  of(seed: number, place: number): this {
    this.#seed = (seed ^ Math.imul(place, 0x27d4eb2f)) | 0;
    this.#count = 0;
    return this;
  }

  override next(): number {
    return drawOf(this.#seed, this.#count++);
  }
}
