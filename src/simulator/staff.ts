import type { Agenda } from "./agenda.ts";
import { type Desk, desk, newDesk } from "./desk.ts";
import { kind } from "./kinds.ts";
import type { Policy } from "./policy.ts";
import { DeskRecord } from "./record.ts";
import type { SecondLines } from "./second-lines.ts";
import type { World } from "./world.ts";

const dayMs = 86_400_000;
/** As live: those who were called in are sent back also when no call comes or goes, ms. */
const reviewEveryMs = 30_000;

export interface StaffOptions {
  readonly world: World;
  readonly policy: Policy;
  readonly agenda: Agenda;
  readonly secondLines: SecondLines;
  /** ms since the epoch. */
  readonly clock: { readonly now: number };
  /** Told of each agent who becomes free, to whom a waiting call may be offered. */
  readonly freed: (one: Desk) => void;
}

/** The simulated agents: who is there, at casework, on a break, free or taken. */
export class Staff {
  readonly desks: readonly Desk[];
  readonly record: DeskRecord;
  readonly #deskOf: ReadonlyMap<string, Desk>;
  readonly #world: World;
  readonly #policy: Policy;
  readonly #agenda: Agenda;
  readonly #secondLines: SecondLines;
  readonly #clock: { readonly now: number };
  readonly #freed: (one: Desk) => void;
  #idleOrder = 0;

  constructor({ world, policy, agenda, secondLines, clock, freed }: StaffOptions) {
    this.#world = world;
    this.#policy = policy;
    this.#agenda = agenda;
    this.#secondLines = secondLines;
    this.#clock = clock;
    this.#freed = freed;
    this.record = new DeskRecord(world.agents.length);
    const isRuled = (group: number): boolean => secondLines.isRuled(group);
    this.desks = world.agents.map((agent, index) => newDesk(index, agent, world.groups, isRuled));
    this.#deskOf = new Map(this.desks.map((one) => [one.id, one]));
    for (const { id, competence } of world.agents) {
      policy.setAgent(id, competence);
      policy.setDuty?.(id, false);
    }
  }

  /** The desk of an agent by id. */
  of(agent: string): Desk | undefined {
    return this.#deskOf.get(agent);
  }

  /** The shifts and breaks of a day that is open. */
  planDay(day: number): void {
    if (!this.#world.isOpen(day)) return;
    const midnight = this.#world.firstDay + day * dayMs;
    for (const { index, shift } of this.desks) {
      this.#agenda.plan(midnight + shift.from, kind.on, index, 0);
      this.#agenda.plan(midnight + shift.to, kind.off, index, 0);
      for (const { at, length } of shift.breaks) this.#agenda.plan(midnight + at, kind.pause, index, length);
    }
  }

  /** What was planned for an agent: shift, break, the end of a wrap-up. */
  handle(what: number, about: number, stamp: number): void {
    const one = this.desks[about];
    if (!one) return;
    switch (what) {
      case kind.on:
        one.onDuty = true;
        if (one.state === desk.away) this.release(one);
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
          this.release(one);
        } else if (one.state === desk.casework) this.release(one);
        return;
      case kind.back:
        // A shift that ended meanwhile and began anew has brought the agent back already.
        if (one.state === desk.away && one.breaks === stamp) this.release(one);
        return;
      case kind.wrappedUp:
        return this.release(one);
    }
  }

  /** The agent's phone rings. */
  rings(one: Desk): void {
    this.#busy(one);
    one.state = desk.ringing;
  }

  /** The agent answers, and is taken for so long, ms. */
  talks(one: Desk, takenMs: number): void {
    one.state = desk.talking;
    one.missed = 0;
    this.record.busyMs[one.index] = (this.record.busyMs[one.index] ?? 0) + takenMs;
  }

  /** The talk is over. */
  hangsUp(one: Desk, wrapUpMs: number): void {
    if (wrapUpMs <= 0) return this.release(one);
    one.state = desk.wrapUp;
    this.#agenda.plan(this.#clock.now + wrapUpMs, kind.wrappedUp, one.index, 0);
  }

  /** The agent did not answer: the second time in a row is followed by a pause. */
  misses(one: Desk): void {
    if (++one.missed < 2) return;
    one.missed = 0;
    one.breakMs += this.#world.ring.pauseMs;
  }

  /** Nothing holds the agent any more: away when the shift is over or a break is due, else free, and offered a call if one waits. */
  release(one: Desk): void {
    one.breaks++;
    if (!one.onDuty || one.breakMs > 0) {
      const { breakMs } = one;
      one.breakMs = 0;
      one.state = desk.away;
      this.#present(one, false);
      if (one.onDuty) this.#agenda.plan(this.#clock.now + breakMs, kind.back, one.index, one.breaks);
      return;
    }
    if (one.secondLineOf.length > 0 && !one.secondLineOf.some((group) => this.#secondLines.isCalledIn(group))) {
      one.state = desk.casework;
      this.#present(one, false);
      return;
    }
    this.#present(one, true);
    one.state = desk.free;
    one.since = this.#clock.now;
    this.#policy.free(one.id, ++this.#idleOrder);
    this.#freed(one);
  }

  #busy(one: Desk): void {
    this.#policy.busy(one.id);
    this.record.freeMs[one.index] = (this.record.freeMs[one.index] ?? 0) + this.#clock.now - one.since;
  }

  /** A free agent goes. */
  #leave(one: Desk): void {
    this.#busy(one);
    one.state = desk.away;
    this.#present(one, false);
  }

  /** Time has passed since the group's second line was called in. */
  reviewLater(group: number): void {
    if (!this.#secondLines.isCalledIn(group)) return;
    this.#secondLines.touch(group);
    this.#agenda.plan(this.#clock.now + reviewEveryMs, kind.review, group, 0);
  }

  /** Second lines are fetched from casework, or go back to it. */
  reviewSecondLines(): void {
    for (const group of this.#secondLines.review(this.#clock.now)) {
      const calledIn = this.#secondLines.isCalledIn(group);
      this.#policy.callIn?.(this.#world.groups[group]?.id ?? "", calledIn);
      if (calledIn) this.#agenda.plan(this.#clock.now + reviewEveryMs, kind.review, group, 0);
      for (const one of this.desks) {
        if (!one.secondLineOf.includes(group)) continue;
        if (calledIn && one.state === desk.casework) this.release(one);
        else if (!calledIn && one.state === desk.free) {
          this.#leave(one);
          this.release(one);
        }
      }
    }
  }

  #present(one: Desk, present: boolean): void {
    if (one.present === present) return;
    one.present = present;
    this.#policy.setDuty?.(one.id, present);
    if (present) one.presentSince = this.#clock.now;
    else {
      this.record.presentFrom.push(one.presentSince);
      this.record.presentTo.push(this.#clock.now);
    }
  }
}
