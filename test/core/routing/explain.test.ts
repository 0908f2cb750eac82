import t from "tap";
import { whyWaiting } from "../../../src/core/call/explain.ts";
import { legId } from "../../../src/core/call/ids.ts";
import { offeredLine, waitingLine } from "../../../src/core/call/why-text.ts";
import { richPlan, richStaff } from "../cities.ts";
import { World } from "../world.ts";

const city = () => World.of(richPlan, richStaff);

function whyOf(world: World, id: string) {
  const call = world.core.calls.get(id);
  return call && whyWaiting(world.core, call, world.at);
}
const line = (world: World, id: string) => {
  const why = whyOf(world, id);
  return why && waitingLine(why, (agent) => agent, world.at);
};

t.test("a call waits because nobody free speaks the language, until the ladder lets others in", async (t) => {
  const world = city();
  // z is second line in a, and the only one who speaks Finnish well.
  const call = world.arrive("+46846500402");
  t.strictSame(line(world, call)?.sv, "väntar: fler får ta samtalet om 10 s");
  world.pass(10_000);
  t.match(world.core.calls.get(call)?.offer, { agent: "y" }, "from the second step basic Finnish will do");
});

t.test("all busy, and how many of them are doing what", async (t) => {
  const world = city();
  const first = world.arrive("+46846500401");
  world.pickUp(legId(first, 1));
  world.deliverAll();
  const second = world.arrive("+46846500401");
  world.pickUp(legId(second, 1));
  world.deliverAll();
  world.take({ type: "agent.pause", agent: "y", reason: "lunch" });
  const third = world.arrive("+46846500401");
  t.match(whyOf(world, third), { kind: "all-busy", talking: 2, wrapUp: 0, ringing: 0 });
  t.equal(line(world, third)?.sv, "väntar: alla som kan ta samtalet är upptagna; 2 i samtal");
  t.equal(line(world, third)?.en, "waiting: all who may take it are on calls; 2 talking");
});

t.test("nobody at work", async (t) => {
  const world = city();
  for (const { id } of richStaff) world.take({ type: "agent.sign-out", agent: id });
  const call = world.arrive("+46846500401");
  t.match(whyOf(world, call), { kind: "nobody" });
  t.equal(line(world, call)?.en, "waiting: nobody at work who may take it in Swedish");
});

t.test("whoever rings again waits a while for the agent they spoke with, then goes to anybody", async (t) => {
  const world = city();
  const first = world.waiting("1");
  const agent = world.core.calls.get(first)?.offer?.agent ?? "";
  t.equal(agent, "x", "the one who knows it best");
  world.pickUp(legId(first, 1));
  world.deliverAll();
  world.hangUp(first);
  world.deliverAll();
  const again = world.waiting("1");
  t.match(whyOf(world, again), { kind: "asked-for", agent: "x" });
  t.equal(line(world, again)?.sv, "väntar: på x, som talade med den som ringer; 1 i efterarbete");
  world.pass(15_000);
  t.match(world.core.calls.get(again)?.offer, { agent: "y" });
  const offered = world.facts.findLast((fact) => fact.type === "call.offered");
  t.equal(offered?.type === "call.offered" && offeredLine(offered.why).sv, "svarar i gruppen");
});

t.test("the estimate is silent until enough has been seen, and then a range", async (t) => {
  const world = city();
  for (const id of ["x", "y"]) world.take({ type: "agent.pause", agent: id, reason: "lunch" });
  for (let n = 0; n < 20; n++) {
    const call = world.arrive("+46846500401");
    world.pickUp(legId(call, 1));
    world.deliverAll();
    world.pass(120_000);
    world.hangUp(call);
    world.deliverAll();
  }
  t.match(world.core.handling.get("b"), { n: 20, meanMs: 120_000 });
  const talks = world.arrive("+46846500401");
  world.pickUp(legId(talks, 1));
  world.deliverAll();
  const waits = world.arrive("+46846500401");
  t.equal(line(world, waits)?.sv, "väntar: alla som kan ta samtalet är upptagna; 1 i samtal; beräknat under 4 min");
  t.match(world.facts.filter((fact) => fact.type === "call.estimated").length, 1, "kept in the log, to be judged by");
});
