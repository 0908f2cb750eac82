import type { Effect } from "../../src/core/effects.ts";
import type { AgentProfile, CoreEvent, LegCause } from "../../src/core/events.ts";
import type { Fact } from "../../src/core/facts.ts";
import type { PhoneNumber, Plan } from "../../src/core/plan/plan.ts";
import type { Waiting } from "../../src/core/routing/types.ts";
import { type CoreState, emptyState, type Turn } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { generalist } from "../support/competence.ts";
import { plan } from "./cities.ts";
import { PretendedAsterisk, type Unstamped } from "./pretended-asterisk.ts";

/** A core with a pretended Asterisk around it: time passes, and Asterisk tells, when the test says so. */
export class World {
  core: CoreState;
  readonly events: CoreEvent[] = [];
  readonly effects: Effect[] = [];
  readonly #asterisk = new PretendedAsterisk();
  /** What each event came to, beside `events`. */
  readonly #turns: Turn[] = [];
  /** Effects on their way to Asterisk; while `stalled` nothing of it arrives. */
  #wire: Effect[] = [];
  stalled = false;
  #begun = 0;
  #places = new Map<string, { readonly order: number; readonly since: number; readonly group: string }>();
  at = 1_000_000;
  #calls = 0;

  constructor(core: CoreState = emptyState()) {
    this.core = core;
  }

  static withAgents(...agents: readonly (readonly [id: string, groups: readonly string[]])[]): World {
    return World.of(
      plan,
      agents.map(([id, groups]) => ({ id, name: id, competence: generalist(groups) })),
    );
  }

  static of(plan: Plan, agents: readonly AgentProfile[]): World {
    const world = new World();
    world.take({ type: "plan.set", plan });
    world.take({ type: "agents.set", agents });
    for (const { id } of agents) {
      world.take({ type: "phones", agent: id, phones: { browser: false, desk: true } });
      world.take({ type: "agent.available", agent: id });
    }
    world.#begun = world.events.length;
    return world;
  }

  get channels(): PretendedAsterisk["channels"] {
    return this.#asterisk.channels;
  }

  get bridges(): PretendedAsterisk["bridges"] {
    return this.#asterisk.bridges;
  }

  get pending(): PretendedAsterisk["pending"] {
    return this.#asterisk.pending;
  }

  get facts(): Fact[] {
    return this.factsFrom(0);
  }

  /** What the events from the n-th on came to. */
  factsFrom(event: number): Fact[] {
    return this.#turns.slice(event).flatMap((turn) => turn.facts);
  }

  /** Citizens of callbacks whose telephones ring, or who have answered. */
  get citizens(): string[] {
    return [...this.channels].flatMap(([id, { outside }]) => (outside === undefined || id.includes("-o") ? [] : [id]));
  }

  take(event: Unstamped): Effect[] {
    const stamped = { ...event, at: this.at } as CoreEvent;
    this.events.push(stamped);
    const turn = step(this.core, stamped);
    this.#turns.push(turn);
    this.effects.push(...turn.effects);
    this.#wire.push(...turn.effects);
    if (!this.stalled) this.flow();
    return turn.effects;
  }

  /** Whether a call still has the place and the waiting time it was seen with first. */
  placeOnce({ id, order, since, ask: { group } }: Waiting): "kept" | "moved" {
    const seen = this.#places.get(id);
    this.#places.set(id, { order, since, group });
    // Who chooses another group while waiting takes a place there.
    return seen === undefined || seen.group !== group || (seen.order === order && seen.since === since) ? "kept" : "moved";
  }

  /** A new caller; returns the call's id. */
  arrive(dialled = "+46846500400", from: PhoneNumber | null = "+46701740605"): string {
    const call = `c${++this.#calls}`;
    this.#asterisk.arrive(call);
    this.take({ type: "call.arrived", call, dialled, from, tag: null });
    return call;
  }

  /** A caller who waits in a group. */
  waiting(key: "1" | "2" = "1"): string {
    const call = this.arrive();
    this.take({ type: "key", call, key });
    return call;
  }

  /** The phone picks up, if it still rings. */
  pickUp(leg: string): void {
    this.#asterisk.pickUp(leg);
  }

  /** A channel goes away: hung up at its phone, or refused. */
  hangUp(id: string, cause?: LegCause): void {
    this.#asterisk.hangUp(id, cause);
  }

  /** Lets the n-th thing that waits to be told happen, or the first of its channel. */
  deliver(n = 0): void {
    const told = this.#asterisk.take(n);
    if (told) this.take(told);
  }

  deliverAll(): void {
    while (this.pending.length > 0) this.deliver();
  }

  /** Time goes on, and each timer fires at its instant. */
  pass(ms: number): void {
    const until = this.at + Math.max(0, ms);
    for (;;) {
      const next = [...this.core.timers].filter(([, due]) => due <= until).sort(([, a], [, b]) => a - b)[0];
      if (!next) break;
      this.fire(next[0]);
    }
    this.at = until;
  }

  /** Time goes on to the timer's instant, and it fires. */
  fire(timer: string): void {
    const due = this.core.timers.get(timer);
    if (due === undefined) return;
    this.at = Math.max(this.at, due);
    this.take({ type: "timer", timer });
  }

  /** The engine was away: what was to be told is lost, and Asterisk is read back. */
  readBack(): void {
    this.take({ type: "read-back", channels: this.#asterisk.readBack() });
  }

  /** What is on its way to Asterisk arrives. */
  flow(): void {
    this.stalled = false;
    for (const effect of this.#wire.splice(0)) this.#asterisk.perform(effect);
  }

  /**
   * The engine is killed: its log lacks the last `lost` events. What was on its way to Asterisk is gone, or arrives still, rings
   * perhaps even after the next engine has read Asterisk back, before or after that one's own first requests.
   */
  kill(lost: number, wire: "gone" | "arrives" | "rings between" | "rings later"): void {
    const rings = this.#wire.filter((effect) => effect.do === "offer" || effect.do === "dial" || effect.do === "dial-caller");
    const late = wire === "rings between" || wire === "rings later" ? rings : [];
    this.#wire = wire === "gone" ? [] : this.#wire.filter((effect) => !late.some((one) => one === effect));
    this.flow();
    const directory = this.events.findLast((event) => event.type === "agents.set");
    const kept = Math.max(this.#begun, this.events.length - lost);
    this.events.length = kept;
    this.#turns.length = kept;
    this.core = emptyState();
    this.#places.clear(); // a place that is not in the log is given anew
    for (const event of this.events) step(this.core, structuredClone(event));
    // The directory is not kept in the log: each start reads it, before there is an Asterisk to ask anything of.
    this.stalled = true;
    if (directory) this.take(directory);
    this.#wire = [];
    this.stalled = wire === "rings between";
    this.readBack();
    for (const effect of late) this.#asterisk.performLate(effect);
    this.flow();
  }
}
