import type { Effect } from "../../src/core/effects.ts";
import type { CoreEvent } from "../../src/core/events.ts";
import type { Outcome } from "../../src/core/facts.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import type { LogEntry } from "../../src/store/event-log.ts";
import { generalist } from "../support/competence.ts";

/** A caller as planned: how long they talk, or when they give up unanswered. */
export interface Caller {
  readonly call: string;
  /** When the call arrives, ms since the epoch. */
  readonly at: number;
  readonly dialled: string;
  readonly course:
    | { readonly answered: true; readonly talkMs: number; readonly outcome: Outcome }
    | { readonly answered: false; readonly patienceMs: number };
}

type Unstamped = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, "at"> : never) : never;

const pickUpMs = 3_000;
const networkMs = 50;

/**
 * An office with its telephones, played through the real core: whatever the core wants done is done as Asterisk and people
 * would, on a clock that jumps from event to event. Gives the log as the engine would have written it: each input, and
 * after it the facts that the core concluded.
 */
export class Office {
  readonly entries: LogEntry[] = [];
  readonly #core = emptyState();
  readonly #callers = new Map<string, Caller>();
  /** What is to come, the next one last. */
  readonly #agenda: { readonly at: number; readonly event: Unstamped }[] = [];
  readonly #timers = new Map<string, number>();
  #agents: readonly string[] = [];

  constructor(plan: Plan, agents: readonly string[], at: number) {
    this.#agents = agents;
    const groups = Object.keys(plan.groups);
    this.#take(at, { type: "plan.set", plan });
    this.#take(at, { type: "agents.set", agents: agents.map((id) => ({ id, name: id, competence: generalist(groups) })) });
    for (const agent of agents) this.#take(at, { type: "phones", agent, phones: { browser: true, desk: false } });
  }

  /** All agents sign in at `from` and out at `to`. */
  shift(from: number, to: number): void {
    for (const agent of this.#agents) {
      this.#later(from, { type: "agent.available", agent });
      this.#later(to, { type: "agent.sign-out", agent });
    }
  }

  arrive(caller: Caller): void {
    const { call, at, dialled, course } = caller;
    this.#callers.set(call, caller);
    this.#later(at, { type: "call.arrived", call, dialled, from: "+46701740605", tag: null });
    if (!course.answered) this.#later(at + course.patienceMs, { type: "caller.gone", call, cause: "normal" });
  }

  /** Plays everything to its end. */
  run(): readonly LogEntry[] {
    for (let next = this.#agenda.pop(); next !== undefined; next = this.#agenda.pop()) {
      const { at, event } = next;
      if (event.type === "timer" && this.#timers.get(event.timer) !== at) continue;
      this.#take(at, event);
    }
    return this.entries;
  }

  #take(at: number, event: Unstamped): void {
    const stamped = { at, ...event } as CoreEvent;
    this.#log("input", stamped);
    const turn = step(this.#core, stamped);
    for (const fact of turn.facts) this.#log("fact", fact);
    for (const effect of turn.effects) this.#do(at, effect);
  }

  #do(at: number, effect: Effect): void {
    if (effect.do === "timer") {
      this.#timers.set(effect.timer, effect.due);
      this.#later(effect.due, { type: "timer", timer: effect.timer });
    } else if (effect.do === "clear-timer") this.#timers.delete(effect.timer);
    else if (effect.do === "offer") this.#ring(at, effect.call, effect.offer);
    else if (effect.do === "bridge") this.#talk(at, effect);
    else if (effect.do === "end-leg") {
      this.#later(at + networkMs, { type: "leg.ended", call: effect.call, offer: effect.offer, cause: "normal" });
    } else if (effect.do === "end-caller") {
      this.#later(at + networkMs, { type: "caller.gone", call: effect.call, cause: "normal" });
    }
  }

  #ring(at: number, call: string, offer: number): void {
    if (this.#callers.get(call)?.course.answered) this.#later(at + pickUpMs, { type: "leg.answered", call, offer });
  }

  #talk(at: number, { call, offer }: { readonly call: string; readonly offer: number }): void {
    const course = this.#callers.get(call)?.course;
    const agent = this.#core.calls.get(call)?.offer?.agent;
    if (!course?.answered || agent === undefined) return;
    const over = at + networkMs + course.talkMs;
    this.#later(at + networkMs, { type: "bridged", call, offer });
    this.#later(over, { type: "caller.gone", call, cause: "normal" });
    this.#later(over + 5_000, { type: "agent.outcome", agent, call, outcome: course.outcome });
    this.#later(over + 20_000, { type: "agent.done", agent, call });
  }

  /** Behind everything that is due no later. */
  #later(at: number, event: Unstamped): void {
    let low = 0;
    let high = this.#agenda.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#agenda[middle]?.at ?? 0) > at) low = middle + 1;
      else high = middle;
    }
    this.#agenda.splice(low, 0, { at, event });
  }

  #log(sort: LogEntry["sort"], event: { readonly at: number; readonly type: string; readonly call?: string }): void {
    const { at, type, call = null } = event;
    this.entries.push({ seq: this.entries.length + 1, at, sort, type, call, json: JSON.stringify(event) });
  }
}
