import fc from "fast-check";
import t from "tap";
import { callbackId } from "../../src/core/call/ids.ts";
import { isOpen } from "../../src/core/hours/open.ts";
import { allowed } from "../../src/core/numbers/allowed.ts";
import type { Key, PhoneNumber } from "../../src/core/plan/plan.ts";
import { callbackPlan, richStaff } from "./cities.ts";
import { World } from "./world.ts";

/**
 * Days with many callbacks: each keeps its place among all calls of its group, none is doubled, none is rung outside the group's
 * hours or at a number that may not be, and each ends in exactly one way.
 */

/** From whom, into which group, after waiting or at once, what is keyed, and what becomes of each ring. */
const callerOf = fc.record({
  from: fc.oneof(
    fc.constantFrom<PhoneNumber | null>(null, "+46900123456", "+4930123456"),
    fc.nat(30).map((n) => `+4670174${String(1000 + n)}`),
  ),
  group: fc.constantFrom("a" as const, "b" as const),
  waits: fc.boolean(),
  keys: fc.constantFrom(
    "1",
    "20701741001#1",
    "09001234567#0701741002#1",
    "112#0#*0701741003#1",
    "0701741004#1",
    "9",
    "20046701741005#1",
  ),
  afterMs: fc.nat(400_000),
});
const ringOf = fc.constantFrom(
  "talk" as const,
  "machine" as const,
  "unsaid" as const,
  "busy" as const,
  "silence" as const,
  "agent-gone" as const,
);
const dayOf = fc.record({
  callers: fc.array(callerOf, { minLength: 1, maxLength: 6 }),
  rings: fc.array(ringOf, { minLength: 1, maxLength: 10 }),
  cancelled: fc.array(fc.nat(20), { maxLength: 2 }),
});
const office = callbackPlan.hours.office;
let booked = 0;

/** Until something is due, ms. */
function untilNext({ core, at }: World): number {
  return Math.max(1_000, Math.min(...core.timers.values()) - at);
}

function answerCitizen(world: World, id: string, how: "talk" | "machine" | "unsaid" | "busy" | "silence" | "agent-gone"): void {
  const call = world.core.calls.get(id);
  const agent = call?.offer?.agent ?? "";
  if (how === "busy") world.hangUp(id, "busy");
  else if (how === "silence") world.pass(26_000);
  else if (how === "agent-gone") world.take({ type: "agent.hang-up", agent, call: id });
  else {
    world.pickUp(id);
    world.deliverAll();
    if (how === "machine") world.take({ type: "agent.not-reached", agent, call: id });
    else if (how === "talk") world.take({ type: "agent.reached", agent, call: id });
    world.hangUp(id);
  }
  if (how === "silence") world.hangUp(id, "no-answer");
  world.deliverAll();
  world.take({ type: "agent.done", agent, call: id });
}

/** Looks at every fact once. */
class Watch {
  readonly #world: World;
  #seen = 0;
  /** By callback: its order and wait, and those of the call whose place it has. */
  readonly #places = new Map<string, { readonly order: number; readonly since: number }>();
  readonly #open = new Set<string>();
  readonly #rung = new Set<string>();

  constructor(world: World) {
    this.#world = world;
  }

  look(): void {
    const { core } = this.#world;
    const numbers = new Set<PhoneNumber>();
    for (const { id, queued, callback, from } of core.calls.values()) {
      if (!queued) continue;
      const place = this.#places.get(callback && !this.#places.has(id) ? callback.of : id);
      if (place && (place.order !== queued.order || place.since !== queued.since)) throw new Error(`${id} has lost its place`);
      this.#places.set(id, { order: queued.order, since: queued.since });
      if (!callback || from === null) continue;
      if (numbers.has(from)) throw new Error(`${from} has two callbacks`);
      numbers.add(from);
      if (allowed(from, { nordicMobiles: true }) !== from) throw new Error(`${from} may not be rung`);
    }
    for (const queue of core.queues.values()) {
      const orders = [...queue.values()].map(({ queued }) => queued?.order ?? 0);
      if (orders.some((order, i) => i > 0 && order < (orders[i - 1] ?? 0))) throw new Error(`out of order: ${orders}`);
    }
    for (const fact of this.#world.factsFrom(this.#seen)) {
      switch (fact.type) {
        case "callback.booked":
          if (this.#open.has(fact.call)) throw new Error(`${fact.call} is booked twice`);
          this.#open.add(fact.call);
          booked++;
          break;
        case "callback.rung": {
          const attempt = `${fact.call} ${fact.attempt}`;
          if (this.#rung.has(attempt)) throw new Error(`${attempt} twice`);
          this.#rung.add(attempt);
          if (fact.group === "a" && office && !isOpen(office, callbackPlan.calendar, fact.at))
            throw new Error(`${fact.call} is rung at ${new Date(fact.at).toISOString()}`);
          break;
        }
        case "callback.reached":
        case "callback.failed":
        case "callback.cancelled":
          if (!this.#open.delete(fact.call)) throw new Error(`${fact.call} ends twice`);
      }
    }
    this.#seen = this.#world.events.length;
  }

  end(): void {
    this.look();
    if (this.#open.size > 0 || this.#world.core.booked.size > 0) throw new Error(`never ended: ${[...this.#open]}`);
    if (this.#world.citizens.length > 0) throw new Error(`still there: ${this.#world.citizens}`);
  }
}

// Ten thousand days.
t.setTimeout(900_000);

t.test("callbacks keep their place, their hours and their number, and each ends once", async (t) => {
  fc.assert(
    fc.property(dayOf, ({ callers, rings, cancelled }) => {
      const world = World.of(callbackPlan, richStaff);
      const watch = new Watch(world);
      let ring = 0;
      const settle = (): void => {
        world.deliverAll();
        for (const leg of [...world.channels.keys()].filter((id) => /-cb\d+-o/.test(id))) world.pickUp(leg);
        world.deliverAll();
        for (const id of world.citizens) answerCitizen(world, id, rings[ring++ % rings.length] ?? "talk");
        for (const { id } of richStaff) world.take({ type: "agent.available", agent: id });
        world.deliverAll();
        watch.look();
      };
      for (const { from, group, waits, keys, afterMs } of callers) {
        const call = world.arrive(undefined, from);
        const way = waits && group === "a" ? "13" : group === "a" ? "3" : "4";
        for (const key of `${way}${keys}` as Iterable<Key>) world.take({ type: "key", call, key });
        watch.look();
        world.pass(afterMs);
        settle();
      }
      for (const n of cancelled) world.take({ type: "callback.cancel", call: callbackId(`c${n + 1}`, 1) });
      for (const id of [...world.channels.keys()].filter((id) => /^c\d+$/.test(id))) world.hangUp(id);
      // Two days are enough for every attempt.
      for (let n = 0; n < 400 && world.core.booked.size > 0; n++) {
        world.pass(untilNext(world));
        settle();
      }
      watch.end();
    }),
    { numRuns: 10_000 },
  );
  t.ok(booked >= 200, `${booked} callbacks`);
});
