import { Agenda } from "./agenda.ts";
import { type Arrivals, SimCall, stage } from "./call.ts";
import { type Desk, desk } from "./desk.ts";
import { samplerOf } from "./distribution.ts";
import { kind } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { drawOf, LuckyRandom } from "./random.ts";
import { CallRecord, type DeskRecord, ends } from "./record.ts";
import { SecondLines } from "./second-lines.ts";
import { Staff } from "./staff.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;

export interface Run {
  readonly calls: CallRecord;
  readonly desks: DeskRecord;
  /** Events handled: arrivals, and everything that was planned. */
  readonly events: number;
}

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
  readonly #staff: Staff;
  /** Calls on their way by slot, those by id, and slots that may be used again. */
  readonly #slots: SimCall[] = [];
  readonly #callOf = new Map<string, SimCall>();
  readonly #spare: SimCall[] = [];
  readonly #secondLines: SecondLines;
  readonly #answer;
  readonly #answerRandom = new LuckyRandom();
  readonly #clock = { now: 0 };
  #rings = 0;
  #events = 0;

  constructor(world: World, arrivals: Arrivals, policy: Policy) {
    this.#world = world;
    this.#arrivals = arrivals;
    this.#policy = policy;
    this.#answer = samplerOf(world.ring.answer);
    this.#secondLines = new SecondLines(
      world.groups.map(({ rules, shortAbandonMs, secondLine }) => ({
        answerTargetMs: rules.answerTargetMs,
        shortAbandonMs,
        ...(secondLine && policy.callIn ? { secondLine } : {}),
      })),
    );
    this.#staff = new Staff({
      ...{ world, policy, agenda: this.#agenda, secondLines: this.#secondLines, clock: this.#clock },
      freed: (one) => this.#serve(one),
    });
  }

  run(): Run {
    const agenda = this.#agenda;
    const arrivals = this.#arrivals;
    for (let day = 0; day < this.#world.days; day++) agenda.plan(this.#world.firstDay + day * dayMs, kind.day, day, 0);
    for (;;) {
      if (arrivals.due < agenda.due) this.#arrive();
      else if (agenda.next()) this.#handle(agenda.kind, agenda.about, agenda.stamp, agenda.at);
      else if (arrivals.due === Number.POSITIVE_INFINITY) break;
      if (this.#secondLines.isDue) this.#staff.reviewSecondLines();
      this.#events++;
    }
    return { calls: this.#calls, desks: this.#staff.record, events: this.#events };
  }

  #handle(what: number, about: number, stamp: number, at: number): void {
    this.#clock.now = at;
    if (what === kind.day) return this.#staff.planDay(about);
    if (what === kind.review) return this.#staff.reviewLater(about);
    if (what <= kind.wrappedUp) return this.#staff.handle(what, about, stamp);
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

  #arrive(): void {
    const call = this.#spare.pop() ?? this.#newCall();
    this.#arrivals.take(call);
    this.#clock.now = call.since;
    const row = this.#calls.begin(call.since, call.group, call.language, call.ask.priority === "urgent");
    call.row = row;
    call.order = row;
    call.offers = 0;
    call.keptUntil = call.since + (call.ask.preferred === undefined ? 0 : this.#policy.keptMs(call.ask));
    call.stage = stage.waiting;
    this.#secondLines.joined(call.group);
    this.#policy.observe?.(call.ask, this.#clock.now);
    const chosen = this.#policy.agentFor(call, this.#clock.now);
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
    const next = this.#policy.nextStepAt(call, this.#clock.now);
    if (next !== undefined) this.#agenda.plan(Math.max(next, this.#clock.now), kind.step, call.slot, call.row);
  }

  /** The call has waited long enough for the next step of its ladder. One that is being offered is looked at when it comes back. */
  #step(call: SimCall): void {
    if (call.stage !== stage.waiting) return;
    this.#lookForAgent(call);
    if (call.stage === stage.waiting) this.#planStep(call);
  }

  #lookForAgent(call: SimCall): void {
    const chosen = this.#policy.agentFor(call, this.#clock.now);
    if (!chosen) return;
    this.#policy.remove(call.id);
    this.#ring(call, chosen.agent);
  }

  /** An agent became free: the call they are to take is theirs. */
  #serve(one: Desk): void {
    const chosen = this.#policy.callFor(one.id, this.#clock.now);
    const call = chosen && this.#callOf.get(chosen.call);
    if (!call) return;
    this.#policy.remove(call.id);
    this.#ring(call, one.id);
  }

  /** The phone of the chosen agent rings. */
  #ring(call: SimCall, agent: string): void {
    const one = this.#staff.of(agent);
    if (one?.state !== desk.free) throw new TypeError(`The policy chose ${agent}, who is not free.`);
    this.#staff.rings(one);
    call.agent = one.index;
    call.stage = stage.ringing;
    call.ring = ++this.#rings;
    const { missed } = this.#world.ring;
    const ringMs = this.#world.groups[call.group]?.ringMs ?? 0;
    const offer = call.offers++;
    const isMissed = missed > 0 && drawOf(call.luck, 2 * offer) < missed;
    const delay = isMissed ? ringMs : this.#answer(this.#answerRandom.of(call.luck, 2 * offer + 1));
    if (delay <= 0) this.#pickUp(call);
    else if (delay < ringMs) this.#agenda.plan(this.#clock.now + delay, kind.pickedUp, call.slot, call.ring);
    else this.#agenda.plan(this.#clock.now + ringMs, kind.missed, call.slot, call.ring);
  }

  #pickUp(call: SimCall): void {
    const one = this.#staff.desks[call.agent];
    if (!one) return;
    const record = this.#calls;
    this.#staff.talks(one, call.talkMs + call.wrapUpMs);
    call.stage = stage.talking;
    const waited = this.#clock.now - call.since;
    this.#secondLines.left(call.group, this.#clock.now, waited, true);
    record.waitedMs[call.row] = waited;
    record.handledMs[call.row] = call.talkMs + call.wrapUpMs;
    record.agent[call.row] = one.index;
    record.offers[call.row] = Math.min(255, call.offers);
    record.end[call.row] = one.groups[call.group] === 1 ? ends.answered : ends.helped;
    this.#agenda.plan(this.#clock.now + call.talkMs, kind.talked, call.slot, 0);
  }

  /** Nobody answered: the caller keeps the place, the agent is asked once more before a pause. */
  #miss(call: SimCall): void {
    const one = this.#staff.desks[call.agent];
    call.stage = stage.waiting;
    this.#policy.add(call);
    if (one) this.#staff.misses(one);
    // The caller first: another agent may be free, while this one did not answer just now.
    this.#lookForAgent(call);
    if (one) this.#staff.release(one);
    if (call.stage === stage.waiting) this.#planStep(call);
  }

  #giveUp(call: SimCall): void {
    if (call.stage === stage.waiting) this.#policy.remove(call.id);
    else if (call.stage !== stage.ringing) return;
    const one = call.stage === stage.ringing ? this.#staff.desks[call.agent] : undefined;
    this.#secondLines.left(call.group, this.#clock.now, this.#clock.now - call.since, false);
    this.#calls.waitedMs[call.row] = this.#clock.now - call.since;
    this.#calls.offers[call.row] = Math.min(255, call.offers);
    this.#calls.end[call.row] = ends.abandoned;
    this.#end(call);
    if (one) this.#staff.release(one);
  }

  #hangUp(call: SimCall): void {
    const one = this.#staff.desks[call.agent];
    const { wrapUpMs } = call;
    this.#end(call);
    if (one) this.#staff.hangsUp(one, wrapUpMs);
  }

  #end(call: SimCall): void {
    call.stage = stage.over;
    call.row = -1;
    this.#spare.push(call);
  }
}
