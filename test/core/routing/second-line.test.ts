import t from "tap";
import { legId } from "../../../src/core/call/ids.ts";
import { richPlan, richStaff } from "../cities.ts";
import { World } from "../world.ts";

/** z answers b in the first line and a in the second; three waiting in a call the second line in. */
function world(): World {
  const city = World.of(richPlan, richStaff);
  for (const id of ["x", "y"]) city.take({ type: "agent.pause", agent: id, reason: "lunch" });
  city.take({ type: "agent.pause", agent: "z", reason: "casework" });
  return city;
}
const agent = (city: World, id: string) => city.core.agents.get(id);

t.test("called in when three wait, told why, and sent back to casework when nobody waits", async (t) => {
  const city = world();
  const calls = [city.waiting("1"), city.waiting("1")];
  t.match(agent(city, "z"), { state: "paused", reason: "casework" }, "two are not enough");
  calls.push(city.waiting("1"));
  t.match(agent(city, "z"), { state: "ringing", calledIn: { group: "a", waiting: 3, serviceLevelPercent: null } });
  t.match(city.core.calls.get(calls[0] ?? "")?.offer, { agent: "z" }, "the one who waited longest, at once");
  for (const call of calls) {
    t.equal(city.core.calls.get(call)?.offer?.agent, "z");
    city.pickUp(legId(call, 1));
    city.deliverAll();
    city.hangUp(call);
    city.deliverAll();
    city.fire("wrap:z");
  }
  t.match(agent(city, "z"), { state: "paused", reason: "casework", calledIn: undefined });
  const said = city.facts.filter((fact) => fact.type === "group.second-line");
  t.match(said, [{ calledIn: true }, { calledIn: false, waiting: 0 }]);
});

t.test("not called back and forth: between the thresholds everything stays as it is", async (t) => {
  const city = world();
  const calls = [city.waiting("1"), city.waiting("1"), city.waiting("1")];
  city.hangUp(calls[2] ?? "");
  city.hangUp(calls[1] ?? "");
  city.deliverAll();
  t.match(agent(city, "z"), { state: "ringing", calledIn: { group: "a" } }, "one waits yet");
});

t.test("sent back though no call comes any more", async (t) => {
  const city = world();
  const calls = [city.waiting("1"), city.waiting("1"), city.waiting("1")];
  for (const call of calls) city.hangUp(call);
  city.deliverAll();
  city.pass(700_000); // those who gave up have left the window
  t.match(agent(city, "z"), { state: "paused", reason: "casework" });
});

t.test("whoever goes available themselves stays so", async (t) => {
  const city = world();
  const calls = [city.waiting("1"), city.waiting("1"), city.waiting("1")];
  city.take({ type: "agent.available", agent: "z" });
  for (const call of calls) city.hangUp(call);
  city.deliverAll();
  city.pass(700_000);
  t.match(agent(city, "z"), { state: "available", calledIn: undefined });
});

t.test("a plan that calls nobody in any more sends back who was", async (t) => {
  const city = world();
  const calls = [city.waiting("1"), city.waiting("1"), city.waiting("1")];
  t.match(agent(city, "z"), { state: "ringing", calledIn: { group: "a" } });
  const groups = Object.entries(richPlan.groups).map(([id, { secondLine: _, ...group }]) => [id, group]);
  city.take({ type: "plan.set", plan: { ...richPlan, groups: Object.fromEntries(groups) } });
  for (const call of calls) city.hangUp(call);
  city.deliverAll();
  t.match(agent(city, "z"), { state: "paused", reason: "casework", calledIn: undefined });
});
