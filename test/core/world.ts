import { legId, parseLegId } from "../../src/core/call/ids.ts";
import type { Effect } from "../../src/core/effects.ts";
import type { AgentProfile, CoreEvent, LegCause, LiveChannel } from "../../src/core/events.ts";
import type { Fact } from "../../src/core/facts.ts";
import type { NodeOf } from "../../src/core/plan/node.ts";
import type { Group, LadderStep, Level, PhoneNumber, Plan } from "../../src/core/plan/plan.ts";
import { plainLadder } from "../../src/core/routing/ladder.ts";
import type { Competence, Waiting } from "../../src/core/routing/types.ts";
import { type CoreState, emptyState, type Turn } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { BridgePool } from "../../src/telephony/ari/bridge-pool.ts";
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
  spoken: ["sv"],
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
      kind: "menu",
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
  hours: {},
  calendar: { timezone: "Europe/Stockholm", holidays: {} },
  lastResort: "a",
};

const rung = (afterMs: number, more: Partial<LadderStep>): LadderStep => ({ ...plainLadder[0], afterMs, ...more });

/** The same city with everything routing knows: ladders, neighbours, districts, languages, a second line, urgent calls. */
export const richPlan: Plan = {
  ...plan,
  languages: ["sv", "fi"],
  spoken: ["sv", "fi"],
  districts: ["Bromma"],
  numbers: [
    plan.numbers[0],
    { ...anEntry("+46846500401"), start: { to: "group", group: "b" } },
    { ...anEntry("+46846500402"), start: { to: "group", group: "a", language: "fi" } },
    { ...anEntry("+46846500403"), start: { to: "group", group: "a", priority: "urgent", district: "Bromma" } },
  ],
  nodes: {
    ...plan.nodes,
    // What who waits for group a may choose: something to hear and back, the other group, the end, or to wait on.
    waiting: {
      kind: "menu",
      id: "waiting",
      label: text("I kö"),
      prompt: "waiting",
      keys: { "1": { to: "node", node: "news" }, "2": { to: "group", group: "b" }, "9": { to: "end" }, "*": { to: "back" } },
      waitMs: 5_000,
      tries: 1,
      fallback: { to: "back" },
    },
    news: { kind: "message", id: "news", label: text("Nytt"), says: ["news"], next: { to: "back" } },
    asked: { kind: "survey", id: "asked", label: text("Frågor"), questions: ["solved", "kind"], waitMs: 5_000 },
  },
  groups: {
    a: {
      ...group("a", 30_000),
      waitingMenu: "waiting",
      full: { waiting: 3, next: { to: "group", group: "b" } },
      preferMs: 15_000,
      ladder: [
        rung(0, { minLevel: 3, minLanguage: "good", local: true }),
        rung(10_000, {}),
        rung(30_000, { secondLine: true }),
        rung(60_000, { secondLine: true, neighbours: ["b"] }),
      ],
      secondLine: {
        callIn: { waiting: 3, serviceLevelBelowPercent: 50 },
        sendBack: { waitingAtMost: 0, serviceLevelAbovePercent: 80 },
        windowMs: 600_000,
      },
    },
    b: { ...group("b", 0), survey: "asked", ladder: [rung(0, {}), rung(20_000, { neighbours: ["a"] })] },
  },
};

export const richStaff: readonly AgentProfile[] = [
  someone("x", { sv: "native" }, ["Bromma"], { a: [5, 1], b: [2, 1] }),
  someone("y", { sv: "good", fi: "basic" }, [], { a: [2, 1] }),
  someone("z", { sv: "native", fi: "native" }, [], { b: [4, 1], a: [5, 2] }),
];

const daily = (...intervals: readonly (readonly [from: number, to: number])[]) => {
  const day = intervals.map(([from, to]) => ({ from, to }));
  return { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
};

/** The same city where citizens are rung back: key 3 leads there for group a, 4 for b; a is open at times, from 01:00 local time. */
export const callbackPlan: Plan = {
  ...richPlan,
  nodes: {
    ...richPlan.nodes,
    // Who waits for group a may give the place to a callback.
    waiting: {
      ...menuOf(richPlan, "waiting"),
      keys: { ...menuOf(richPlan, "waiting").keys, "3": { to: "node", node: "back-a" } },
    },
    top: {
      ...menuOf(plan, "top"),
      keys: {
        "1": { to: "group", group: "a" },
        "2": { to: "group", group: "b" },
        "3": { to: "node", node: "back-a" },
        "4": { to: "node", node: "back-b" },
      },
    },
    "back-a": aCallback("a"),
    "back-b": aCallback("b"),
  },
  groups: {
    a: { ...groupIn(richPlan, "a"), hours: "office" },
    b: groupIn(richPlan, "b"),
  },
  hours: { office: { id: "office", week: daily([60, 90], [100, 300], [600, 700]), exceptions: {} } },
  callbacks: { attempts: 3, retryMs: 60_000, ringMs: 25_000, nordicMobiles: true },
};

function menuOf({ nodes }: Plan, id: string): NodeOf<"menu"> {
  const found = nodes[id];
  if (found?.kind !== "menu") throw new Error(id);
  return found;
}

function groupIn({ groups }: Plan, id: string): Group {
  const found = groups[id];
  if (!found) throw new Error(id);
  return found;
}

function aCallback(group: string): NodeOf<"callback"> {
  const node = { kind: "callback", id: `back-${group}`, label: text("Återuppringning"), group } as const;
  return { ...node, waitMs: 5_000, tries: 3, fallback: { to: "group", group }, next: { to: "end" } };
}

function someone(
  id: string,
  languages: Competence["languages"],
  districts: readonly string[],
  skills: Readonly<Record<string, readonly [Level, 1 | 2]>>,
): AgentProfile {
  const all = Object.entries(skills).map(([group, [level, line]]) => ({ group, level, line }));
  return { id, name: id, competence: { skills: all, languages, districts, site: "x" } };
}

function anEntry(number: string) {
  return { ...plan.numbers[0], number };
}

interface Channel {
  up: boolean;
  bridge: string | null;
  agent: string | null;
  music: boolean;
  /** The citizen of a callback, and what is rung. */
  outside?: PhoneNumber;
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
  #places = new Map<string, { readonly order: number; readonly since: number; readonly group: string }>();
  readonly channels = new Map<string, Channel>();
  pending: { readonly channel: string; readonly event: Unstamped }[] = [];
  at = 1_000_000;
  #calls = 0;
  #lives = 0;
  #pool = new BridgePool("life0", 2);
  /** Bridges that were made and not ended. */
  readonly bridges = new Set<string>();

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

  get facts(): Fact[] {
    return this.factsFrom(0);
  }

  /** What the events from the n-th on came to. */
  factsFrom(event: number): Fact[] {
    return this.#turns.slice(event).flatMap((turn) => turn.facts);
  }

  /** A new caller; returns the call's id. */
  arrive(dialled = "+46846500400", from: PhoneNumber | null = "+46701740605"): string {
    const call = `c${++this.#calls}`;
    this.channels.set(call, { up: false, bridge: null, agent: null, music: false });
    this.take({ type: "call.arrived", call, dialled, from, tag: null });
    return call;
  }

  /** A caller who waits in a group. */
  waiting(key: "1" | "2" = "1"): string {
    const call = this.arrive();
    this.take({ type: "key", call, key });
    return call;
  }

  /** The phone picks up, if it still rings: an agent's, or that of a citizen who is rung back. */
  pickUp(id: string): void {
    const channel = this.channels.get(id);
    if (!channel || channel.up) return;
    channel.up = true;
    this.#tell(id, id.includes("-o") ? { type: "leg.answered", ...legOf(id) } : { type: "caller.answered", call: id });
  }

  /** Citizens whose telephones ring, or who have answered. */
  get citizens(): string[] {
    return [...this.channels].flatMap(([id, { outside }]) => (outside === undefined ? [] : [id]));
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
    this.#pool = this.#newPool();
    const standing = [...this.bridges].map((id) => ({ id, channels: this.#inBridge(id) }));
    for (const id of this.#pool.takeOver(standing)) this.#endBridge(id);
    const channels: LiveChannel[] = [...this.channels].map(([id, { up, bridge, agent, outside }]) => {
      if (outside !== undefined) return { id, up, bridge, agent, outside };
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
    const late = wire === "rings later" ? this.#wire.filter(({ do: what }) => what === "offer" || what === "dial-caller") : [];
    this.#wire = wire === "gone" ? [] : this.#wire.filter((effect) => !late.includes(effect));
    this.flow();
    const kept = Math.max(this.#begun, this.events.length - lost);
    this.events.length = kept;
    this.#turns.length = kept;
    this.core = emptyState();
    this.#places.clear(); // a place that is not in the log is given anew
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
      case "dial-caller": {
        const { call, number } = effect;
        // Asterisk refuses a channel whose id another's begins with.
        if ([...this.channels.keys()].some((id) => id.startsWith(call)))
          return this.#tell(call, { type: "caller.gone", call, cause: "failed" });
        const rings = [...this.channels.values()].some(({ outside }) => outside === number);
        if (rings) throw new Error(`${number} is rung twice at a time`);
        this.channels.set(call, { up: false, bridge: null, agent: null, music: false, outside: number });
        return;
      }
      case "ringback": {
        const leg = this.channels.get(legId(effect.call, effect.offer));
        if (leg) leg.music = effect.on;
        return;
      }
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
        const { id } = this.#pool.take(call);
        caller.bridge = leg.bridge = id;
        this.bridges.add(id);
        const foreign = this.#inBridge(id).filter((one) => one !== call && legOf(one).call !== call);
        if (foreign.length > 0) throw new Error(`${call} hears ${foreign}`);
        this.#pool.joined(call, id);
        return this.#tell(call, { type: "bridged", call, offer });
      }
      case "unbridge": {
        const id = this.#pool.drop(effect.call);
        if (id !== undefined) this.#endBridge(id);
        return;
      }
      case "free-bridge": {
        const released = this.#pool.release(effect.call);
        if (!released) return;
        const { id, maybeFree } = released;
        const left = this.#inBridge(id);
        if (left.length > 0) throw new Error(`the bridge of ${effect.call} was given back with ${left} in it`);
        if (!maybeFree || !this.#pool.looked(id, true)) this.#endBridge(id);
        return;
      }
      case "music": {
        const caller = this.channels.get(effect.call);
        if (caller) caller.music = effect.on;
      }
    }
  }

  #newPool(): BridgePool {
    return new BridgePool(`life${++this.#lives}`, 2);
  }

  #inBridge(bridge: string): string[] {
    return [...this.channels].flatMap(([id, channel]) => (channel.bridge === bridge ? [id] : []));
  }

  #endBridge(id: string): void {
    this.bridges.delete(id);
    for (const channel of this.channels.values()) if (channel.bridge === id) channel.bridge = null;
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
  return parseLegId(id) ?? { call: id, offer: 0 };
}
