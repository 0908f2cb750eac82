import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { eventOf } from "../../src/engine/commands.ts";
import { agentView } from "../../src/engine/make-views.ts";
import { factsOf, type Person, plan, queued, setDirectory } from "./two-groups.ts";
import { World } from "./world.ts";

/** Where a caller lives, and how that became known. */

const label = { sv: "Var", en: "Where" };
const asking = { waitMs: 5_000, tries: 2, fallback: { to: "group", group: "b" } } as const;
const city: Plan = {
  ...plan,
  districts: ["Bromma", "Farsta"],
  postcodes: { "167": "Bromma" },
  districtNumbers: { Bromma: "+46846500463" },
  nodes: {
    where: { kind: "district", id: "where", label, ...asking, next: { to: "group", group: "b" } },
    own: { kind: "district", id: "own", label, ...asking, next: "own-number" },
  },
  numbers: [
    ...plan.numbers,
    { ...plan.numbers[0], number: "+46846500405", start: { to: "node", node: "where" } },
    { ...plan.numbers[0], number: "+46846500406", start: { to: "node", node: "own" } },
  ],
};
const direct = "+46846500401";
const fromBromma = "+46846500403";
const byPostcode = "+46846500405";

function worldOf(...people: Person[]): World {
  const world = new World();
  world.take({ type: "plan.set", plan: city });
  setDirectory(world, ...people);
  for (const [agent] of people) {
    world.take({ type: "phones", agent, phones: { browser: false, desk: true } });
    world.take({ type: "agent.available", agent });
  }
  return world;
}

function talking(world: World, number = direct, from: string | null = "+46701740605"): string {
  const call = world.arrive(number, from);
  world.pickUp(legId(call, 1));
  world.deliverAll();
  return call;
}

const view = (world: World, id = "anna") => {
  const agent = world.core.agents.get(id);
  if (!agent) throw new Error(id);
  return agentView(world.core, agent);
};
const says = (world: World, call: string, district: string, agent = "anna") =>
  world.take({ type: "agent.district", agent, call, district });
const found = (world: World) => factsOf(world, "call.district");

t.test("asked by the agent: shown as missing, then known, in the record with who asked, and after a restart", async (t) => {
  const world = worldOf(["anna", "b", "sv", "Bromma"]);
  const call = talking(world);
  t.match(view(world).call, { asksDistrict: true });
  t.notOk(view(world).call?.district);
  says(world, call, "Atlantis");
  t.strictSame(found(world), [], "no district of the plan's");
  says(world, call, "Bromma", "bo");
  t.strictSame(found(world), [], "nor by anybody else");
  says(world, call, "Farsta");
  says(world, call, "Bromma");
  t.match(found(world), [{ district: "Farsta" }, { call, district: "Bromma", source: "agent", agent: "anna" }]);
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  t.strictSame(view(world).call?.district, { name: "Bromma", source: "agent" });
  world.take({ type: "agent.outcome", agent: "anna", call, outcome: "handed-over" });
  world.hangUp(call);
  world.deliverAll();
  t.match(factsOf(world, "call.outcome"), [{ call, outcome: "handed-over", district: "Bromma" }]);
  const again = world.arrive(direct);
  t.match(found(world).at(-1), { call: again, district: "Bromma", source: "known" });
  t.match(world.core.calls.get(again)?.queued?.ask, { district: "Bromma" }, "and the next call asks for it");
});

t.test("in wrap-up, when the caller has gone", async (t) => {
  const world = worldOf(["anna", "b", "sv"]);
  const { b } = city.groups;
  if (b) world.take({ type: "plan.set", plan: { ...city, groups: { ...city.groups, b: { ...b, wrapUpMs: 30_000 } } } });
  const call = talking(world);
  world.hangUp(call);
  world.deliverAll();
  t.notOk(world.core.calls.has(call));
  says(world, call, "Farsta");
  t.strictSame(view(world).wrapUp?.district, { name: "Farsta", source: "agent" });
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.take({ type: "agent.done", agent: "anna", call });
  t.match(found(world), [{ call, district: "Farsta", source: "agent", agent: "anna" }]);
  t.match(factsOf(world, "call.outcome"), [{ call, district: "Farsta" }]);
  says(world, call, "Bromma");
  t.equal(found(world).length, 1, "too late");
  const again = world.arrive(direct);
  t.match(found(world).at(-1), { call: again, district: "Farsta", source: "known" }, "it holds for the next call too");
});

t.test("known by the number rung, by postal code, and by an earlier call", async (t) => {
  const world = worldOf(["anna", "b", "sv", "Bromma"]);
  const first = world.arrive(fromBromma, "+46701740606");
  t.match(found(world), [{ call: first, district: "Bromma", source: "known" }]);
  t.equal(world.core.lastDistricts.size, 0, "a number says nothing of where the caller lives next time");
  const call = world.arrive(byPostcode);
  for (const key of ["1", "6", "7", "3", "3"] as const) world.take({ type: "key", call, key });
  t.match(found(world).at(-1), { call, district: "Bromma", source: "postcode" });
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  const again = world.arrive(byPostcode);
  t.match(queued(world, again), { group: "b", district: "Bromma" }, "not asked for the postal code again");
  t.match(found(world).at(-1), { call: again, source: "known" });
  const withheld = world.arrive(byPostcode, null);
  t.notOk(queued(world, withheld), "nothing is known of one who withholds the number");
});

t.test("nobody is rung through to another district for what was true of an earlier call", async (t) => {
  const world = worldOf(["anna", "b", "sv"]);
  const call = talking(world);
  says(world, call, "Bromma");
  const own = world.arrive("+46846500406");
  t.match(world.core.calls.get(own)?.stage, { name: "menu", place: { node: "own" } });
  t.notOk(world.core.calls.get(own)?.outside);
  for (const key of ["1", "6", "7", "3", "3"] as const) world.take({ type: "key", call: own, key });
  t.match(world.core.calls.get(own)?.outside, { number: "+46846500463" });
});

/** A caller whose district's own telephone rings. */
function ledThrough(world: World): string {
  const call = world.arrive("+46846500406");
  for (const key of ["1", "6", "7", "3", "3"] as const) world.take({ type: "key", call, key });
  return call;
}

t.test("keys pressed while the district's telephone rings change nothing", async (t) => {
  const world = worldOf(["anna", "b", "sv"]);
  const call = ledThrough(world);
  world.deliverAll();
  for (const key of ["1", "6", "7", "3", "3", "#"] as const) world.take({ type: "key", call, key });
  t.notOk(world.core.timers.has(`menu:${call}`), "no postal code is awaited");
  t.notOk(queued(world, call), "nor is an agent rung beside the district");
  world.pickUp(legId(call, 1));
  world.deliverAll();
  t.match(world.core.calls.get(call)?.stage, { name: "outside" });
});

t.test("the engine is killed while the district's telephone rings: it is rung again, and counted once", async (t) => {
  const world = worldOf(["anna", "b", "sv"]);
  const call = ledThrough(world);
  world.readBack();
  world.deliverAll();
  t.match(world.core.calls.get(call)?.outside, { n: 2, number: "+46846500463" });
  t.notOk(queued(world, call));
  t.equal(factsOf(world, "call.out-of-scope").length, 1);
  world.pickUp(legId(call, 2));
  world.deliverAll();
  t.match(world.core.calls.get(call)?.stage, { name: "outside" });
});

t.test("a group that does not care asks nothing, and a district that is none is refused", async (t) => {
  const world = worldOf(["anna", "a", "sv"]);
  const call = talking(world, "+46846500404");
  t.notOk(view(world).call?.asksDistrict);
  const command = { type: "district", agent: "anna", call, district: "Atlantis" } as const;
  t.throws(() => eventOf(world.core, command), { code: "COMMAND_REFUSED" });
  t.match(eventOf(world.core, { ...command, district: "Farsta" }), { type: "agent.district", district: "Farsta" });
});

t.test("a call stored when a district was its name alone is read", async (t) => {
  const world = worldOf(["anna", "b", "sv"]);
  const call = talking(world);
  says(world, call, "Bromma");
  const old = snapshotOf(world.core).replace('"district":{"name":"Bromma","source":"agent"}', '"district":"Bromma"');
  t.strictSame(restore(old)?.calls.get(call)?.district, { name: "Bromma", source: "postcode" });
});
