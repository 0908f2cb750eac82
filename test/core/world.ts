import { bridgeId, legId } from "../../src/core/call/ids.ts";
import type { Effect } from "../../src/core/effects.ts";
import type { CoreEvent, LegCause, LiveChannel } from "../../src/core/events.ts";
import type { Fact } from "../../src/core/facts.ts";
import type { Group, Plan } from "../../src/core/plan/plan.ts";
import { type CoreState, emptyState, type Turn } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { generalist, plainRouting } from "../support/competence.ts";

type Unstamped = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, "at"> : never) : never;

const text = (sv: string) => ({ sv, en: sv });
const group = (id: string, wrapUpMs: number): Group => ({
  id,
  name: text(id),
  board: "Nämnden",
  ringMs: 20_000,
  wrapUpMs,
  answerTargetMs: 60_000,
  shortAbandonMs: 5_000,
  fcrTargetPercent: 70,
  placeEveryMs: 45_000,
  ...plainRouting,
});

/** A small plan: key 1 leads to group a (with wrap-up), 2 to b (none), silence to a. */
export const plan: Plan = {
  id: "test",
  city: "Teststad",
  timezone: "Europe/Stockholm",
  languages: ["sv"],
  numbers: [
    {
      number: "+46846500400",
      aliases: [],
      name: text("Staden"),
      greeting: "greeting",
      start: { to: "node", node: "top" },
      language: "sv",
    },
    {
      number: "+46846500401",
      aliases: [],
      name: text("Äldre"),
      greeting: "greeting",
      start: { to: "group", group: "b" },
      language: "sv",
    },
  ],
  nodes: {
    top: {
      id: "top",
      label: text("Meny"),
      prompt: "top",
      keys: { "1": { to: "group", group: "a" }, "2": { to: "group", group: "b" }, "*": { to: "repeat" } },
      waitMs: 5_000,
      tries: 3,
      fallback: { to: "group", group: "a" },
    },
  },
  groups: { a: group("a", 30_000), b: group("b", 0) },
  prompts: {},
  districts: [],
  lastResort: "a",
};

interface Channel {
  up: boolean;
  bridge: string | null;
  agent: string | null;
  music: boolean;
}

/**
 * A core with a pretended Asterisk around it: effects change channels there, and what Asterisk would tell lies in `pending`
 * until the test lets it happen, in any order between channels but in order within one.
 */
export class World {
  core: CoreState;
  readonly events: CoreEvent[] = [];
  readonly effects: Effect[] = [];
  /** What each event came to, beside `events`. */
  readonly #turns: Turn[] = [];
  /** Effects on their way to Asterisk; while `stalled` nothing of it arrives. */
  #wire: Effect[] = [];
  stalled = false;
  #begun = 0;
  readonly channels = new Map<string, Channel>();
  pending: { readonly channel: string; readonly event: Unstamped }[] = [];
  at = 1_000_000;
  #calls = 0;

  constructor(core: CoreState = emptyState()) {
    this.core = core;
  }

  static withAgents(...agents: readonly (readonly [id: string, groups: readonly string[]])[]): World {
    const world = new World();
    world.take({ type: "plan.set", plan });
    world.take({ type: "agents.set", agents: agents.map(([id, groups]) => ({ id, name: id, competence: generalist(groups) })) });
    for (const [id] of agents) {
      world.take({ type: "phones", agent: id, phones: { browser: false, desk: true } });
      world.take({ type: "agent.available", agent: id });
    }
    world.#begun = world.events.length;
    return world;
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

  get facts(): Fact[] {
    return this.#turns.flatMap((turn) => turn.facts);
  }

  /** A new caller; returns the call's id. */
  arrive(dialled = "+46846500400"): string {
    const call = `c${++this.#calls}`;
    this.channels.set(call, { up: false, bridge: null, agent: null, music: false });
    this.take({ type: "call.arrived", call, dialled, from: "+46701740605", tag: null });
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
    const channel = this.channels.get(leg);
    if (!channel || channel.up) return;
    channel.up = true;
    this.#tell(leg, { type: "leg.answered", ...legOf(leg) });
  }

  /** A channel goes away: hung up at its phone, or refused. */
  hangUp(id: string, cause: LegCause = "normal"): void {
    if (!this.channels.delete(id)) return;
    this.#tell(id, id.includes("-o") ? { type: "leg.ended", ...legOf(id), cause } : { type: "caller.gone", call: id, cause });
  }

  /** Lets the n-th thing that waits to be told happen, or the first of its channel. */
  deliver(n = 0): void {
    const chosen = this.pending[n % Math.max(1, this.pending.length)];
    if (!chosen) return;
    const first = this.pending.findIndex((one) => one.channel === chosen.channel);
    const [told] = this.pending.splice(first, 1);
    if (told) this.take(told.event);
  }

  deliverAll(): void {
    while (this.pending.length > 0) this.deliver();
  }

  /** Time goes on to the n-th timer's instant, which fires. */
  fire(timer: string): void {
    const due = this.core.timers.get(timer);
    if (due === undefined) return;
    this.at = Math.max(this.at, due);
    this.take({ type: "timer", timer });
  }

  /** The engine was away: what was to be told is lost, and Asterisk is read back. */
  readBack(): void {
    this.pending = [];
    const channels: LiveChannel[] = [...this.channels].map(([id, { up, bridge, agent }]) => {
      const arrival = { dialled: "+46846500400", from: "+46701740605", tag: null };
      return { id, up, bridge, agent, ...(id.includes("-o") ? {} : { arrival }) };
    });
    this.take({ type: "read-back", channels });
  }

  /** What is on its way to Asterisk arrives. */
  flow(): void {
    this.stalled = false;
    for (const effect of this.#wire.splice(0)) this.#do(effect);
  }

  /**
   * The engine is killed: its log lacks the last `lost` events. What was on its way to Asterisk is gone, or arrives still, rings
   * perhaps even after the next engine has read Asterisk back.
   */
  kill(lost: number, wire: "gone" | "arrives" | "rings later"): void {
    const late = wire === "rings later" ? this.#wire.filter(({ do: what }) => what === "offer") : [];
    this.#wire = wire === "gone" ? [] : this.#wire.filter((effect) => !late.includes(effect));
    this.flow();
    const kept = Math.max(this.#begun, this.events.length - lost);
    this.events.length = kept;
    this.#turns.length = kept;
    this.core = emptyState();
    for (const event of this.events) step(this.core, structuredClone(event));
    this.readBack();
    for (const effect of late) this.#do(effect);
  }

  #tell(channel: string, event: Unstamped): void {
    this.pending.push({ channel, event });
  }

  #do(effect: Effect): void {
    switch (effect.do) {
      case "answer": {
        const channel = this.channels.get(effect.call);
        if (channel) channel.up = true;
        return;
      }
      case "play":
      case "stop-play":
        return this.#tell(effect.call, { type: "playback.ended", call: effect.call, playback: effect.playback });
      case "offer":
        this.channels.set(legId(effect.call, effect.offer), { up: false, bridge: null, agent: effect.agent, music: false });
        return;
      case "end-leg":
        return this.#end(legId(effect.call, effect.offer));
      case "end-stray":
        this.channels.delete(effect.channel);
        return;
      case "end-caller":
        return this.#end(effect.call);
      case "look": {
        const id = legId(effect.call, effect.offer);
        if (!this.channels.has(id)) this.#end(id);
        return;
      }
      case "bridge": {
        const caller = this.channels.get(effect.call);
        const leg = this.channels.get(legId(effect.call, effect.offer));
        const { call, offer } = effect;
        if (!caller || !leg) return this.#tell(call, { type: "bridge.failed", call, offer });
        caller.bridge = leg.bridge = bridgeId(call);
        return this.#tell(call, { type: "bridged", call, offer });
      }
      case "unbridge": {
        for (const channel of this.channels.values()) if (channel.bridge === bridgeId(effect.call)) channel.bridge = null;
        return;
      }
      case "music": {
        const caller = this.channels.get(effect.call);
        if (caller) caller.music = effect.on;
      }
    }
  }

  /** Ending what is already gone is told as its end once more, as Asterisk's 404 is. */
  #end(id: string): void {
    this.channels.delete(id);
    this.#tell(
      id,
      id.includes("-o")
        ? { type: "leg.ended", ...legOf(id), cause: "normal" }
        : { type: "caller.gone", call: id, cause: "normal" },
    );
  }
}

export function legOf(id: string): { call: string; offer: number } {
  const [call = "", offer = "0"] = id.split("-o");
  return { call, offer: Number(offer) };
}
