import t from "tap";
import type { NodeOf, PlanNode } from "../../src/core/plan/node.ts";
import type { Group, Plan } from "../../src/core/plan/plan.ts";
import { generalist } from "../support/competence.ts";
import { plan as plainPlan } from "./cities.ts";
import { World } from "./world.ts";

/** Very many callers at a time: what is offered to who is led aside, and that none of it holds anybody for ever. */

const label = { sv: "Steg", en: "Step" };
const asking = { waitMs: 5_000, tries: 2 } as const;
const many: PlanNode = {
  ...{ kind: "menu", id: "many", label, ...asking, says: ["many-waiting"], prompt: "waiting-choices" },
  keys: { "1": { to: "node", node: "back" }, "2": { to: "end" } },
  fallback: { to: "group", group: "a" },
};
const back: PlanNode = { kind: "callback", id: "back", label, ...asking, next: { to: "end" }, fallback: { to: "back" } };
const [common, direct] = plainPlan.numbers;

function city(more: Partial<Plan>, a: Partial<Group> = {}): World {
  const plan: Plan = {
    ...plainPlan,
    callbacks: { attempts: 3, retryMs: 60_000, ringMs: 25_000, nordicMobiles: true },
    nodes: { ...plainPlan.nodes, many, back },
    groups: { ...plainPlan.groups, a: { ...(plainPlan.groups.a as Group), ...a } },
    ...more,
  };
  // Nobody is at work, but both groups have somebody.
  const world = World.of(plan, [{ id: "anna", name: "Anna", competence: generalist(["a", "b"]) }]);
  world.take({ type: "agent.pause", agent: "anna", reason: "lunch" });
  return world;
}

const facts = (world: World, type: string) => world.facts.filter((fact) => fact.type === type);
const stageOf = (world: World, call: string) => world.core.calls.get(call)?.stage.name;

t.test("a full group offers something else once; whoever stays on waits", async (t) => {
  const world = city({}, { full: { waiting: 1, next: { to: "node", node: "many" } } });
  const first = world.waiting("1");
  const second = world.waiting("1");
  t.equal(stageOf(world, first), "queue");
  t.equal(stageOf(world, second), "menu");
  for (let n = 0; n < asking.tries; n++) {
    world.deliverAll();
    world.pass(asking.waitMs);
  }
  t.match(world.core.calls.get(second), { stage: { name: "queue" }, queued: { ask: { group: "a" } } });
  t.match(facts(world, "call.turned-away"), [{ call: second, group: "a", because: "full" }], "once");
});

t.test("who is led aside is rung back: by the group of the number, else by the last resort", async (t) => {
  const world = city({ admission: { calls: 1, next: { to: "node", node: "many" } } });
  world.waiting("1");
  for (const [number, from, group] of [
    [common.number, "+46701740611", plainPlan.lastResort],
    [direct?.number ?? "", "+46701740612", "b"],
  ] as const) {
    const call = world.arrive(number, from);
    for (const key of ["1", "1"] as const) world.take({ type: "key", call, key });
    t.match(facts(world, "callback.booked").at(-1), { of: call, group, number: from });
    world.deliverAll();
  }
});

t.test(
  "a number, or the menu where it starts, says whether it holds for whoever rings there; else for all but urgent ones",
  async (t) => {
    const { top } = plainPlan.nodes;
    const start = { to: "node", node: "calm" } as const;
    const numbers = [
      [{ start: { to: "node", node: "top" } }, "many"],
      [{ start: { to: "node", node: "top" }, admission: false }, "top"],
      [{ start }, "calm"],
      [{ start, admission: true }, "many"],
      [{ start: { to: "group", group: "b", priority: "urgent" } }, "b"],
      [{ start: { to: "group", group: "b", priority: "urgent" }, admission: true }, "many"],
      [{ start: { to: "group", group: "b" }, admission: false }, "b"],
    ] as const;
    const entries = numbers.map(([more], n) => ({ ...common, aliases: [], number: `+4684650041${n}`, ...more }));
    const calm = { ...(top as NodeOf<"menu">), id: "calm", admission: false };
    const world = city({ admission: { calls: 1, next: { to: "node", node: "many" } } });
    const plan = world.core.plan ?? plainPlan;
    world.take({ type: "plan.set", plan: { ...plan, numbers: [common, ...entries], nodes: { ...plan.nodes, calm } } });
    world.waiting("1");
    for (const [n, [, where]] of numbers.entries()) {
      const call = world.core.calls.get(world.arrive(`+4684650041${n}`, null));
      t.equal(call?.stage.name === "menu" ? call.stage.place.node : call?.queued?.ask.group, where, `number ${n}`);
    }
  },
);

t.test("callbacks hold no line: they keep nobody out", async (t) => {
  const world = city({ admission: { calls: 2, next: { to: "node", node: "many" } } });
  const [first, second] = [world.arrive(undefined, null), world.arrive(undefined, null)];
  for (const call of [first, second]) world.take({ type: "key", call, key: "1" });
  const aside = world.arrive(undefined, "+46701740631");
  for (const key of ["1", "1"] as const) world.take({ type: "key", call: aside, key });
  t.equal(facts(world, "callback.booked").length, 1);
  world.hangUp(first);
  world.hangUp(second);
  world.deliverAll();
  t.ok(world.core.calls.size >= 1, "the callback is there");
  const next = [world.arrive(undefined, null), world.arrive(undefined, null)];
  t.equal(facts(world, "call.surge").length, 1);
  for (const call of next) t.match(world.core.calls.get(call)?.stage, { name: "menu", place: { node: "top" } });
});
