import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import { placeOf } from "../../src/core/call/waiting.ts";
import { generalist } from "../support/competence.ts";
import { World } from "./world.ts";

const does = (effects: readonly { readonly do: string }[]): string[] => effects.map((effect) => effect.do);
const facts = (world: World, type: string) => world.facts.filter((fact) => fact.type === type);
const agent = (world: World, id: string) => world.core.agents.get(id);

/** Lets the phone of the call's n-th offer pick up and everything settle. */
function answer(world: World, call: string, offer = 1): void {
  world.pickUp(legId(call, offer));
  world.deliverAll();
}

t.test("ring, greeting, key, agent, talk, wrap-up with outcome, record", async (t) => {
  const world = World.withAgents(["anna", ["a"]]);
  const call = world.arrive();
  t.strictSame(does(world.effects.slice(-2)), ["answer", "play"]);
  t.strictSame(does(world.take({ type: "key", call, key: "1" })).slice(0, 2), ["offer", "timer"], "offered in the same turn");
  world.at += 3_000;
  answer(world, call);
  t.equal(agent(world, "anna")?.state, "talking");
  world.at += 60_000;
  world.take({ type: "agent.outcome", agent: "anna", call, outcome: "taken-care-of" });
  world.hangUp(call);
  world.deliverAll();
  t.equal(agent(world, "anna")?.state, "wrap-up");
  world.at += 10_000;
  world.take({ type: "agent.done", agent: "anna", call });
  t.equal(agent(world, "anna")?.state, "available");
  t.match(facts(world, "call.answered"), [{ group: "a", agent: "anna", waitedMs: 3_000 }]);
  t.match(facts(world, "call.talked"), [{ talkMs: 60_000, holdMs: 0 }]);
  t.match(facts(world, "call.outcome"), [{ outcome: "taken-care-of" }]);
  t.match(facts(world, "call.wrapped-up"), [{ wrapUpMs: 10_000 }]);
  t.match(facts(world, "call.ended"), [{ stage: "talk", by: "caller" }]);
});

t.test("music stops before the bridge is made", async (t) => {
  const world = World.withAgents(["anna", ["a"]]);
  const call = world.waiting();
  world.deliverAll(); // the announcement ends, music plays
  t.ok(world.core.calls.get(call)?.music);
  world.pickUp(legId(call, 1));
  const before = world.effects.length;
  world.deliver();
  const order = does(world.effects.slice(before));
  t.ok(order.indexOf("music") < order.indexOf("bridge") && order.includes("music"), order.join(" "));
});

t.test("a missed ring: next agent, same place and waiting time; two misses in a row pause, and say why", async (t) => {
  const world = World.withAgents(["anna", ["a"]], ["bo", ["a"]]);
  const call = world.waiting();
  const later = world.waiting(); // rings bo
  const last = world.waiting(); // waits
  world.deliverAll();
  const queuedAt = world.core.calls.get(call)?.queued?.since;
  world.fire(`ring:${call}`);
  t.equal(agent(world, "anna")?.state, "ringing", "the timer alone ends nothing");
  world.deliverAll();
  t.match(facts(world, "call.offer-ended"), [{ how: "missed", agent: "anna" }]);
  t.equal(world.core.calls.get(call)?.offer?.n, 2, "offered again before those who came later");
  t.equal(world.core.calls.get(call)?.queued?.since, queuedAt);
  t.equal(placeOf(world.core, world.core.calls.get(call) as never), 1);
  t.notOk(world.core.calls.get(last)?.offer);
  answer(world, later);
  world.fire(`ring:${call}`);
  world.deliverAll();
  t.match(agent(world, "anna"), { state: "paused", reason: "missed-calls", missedInRow: 2 });
  world.take({ type: "agent.available", agent: "anna" });
  t.equal(agent(world, "anna")?.missedInRow, 0);
  t.equal(world.core.calls.get(call)?.offer?.agent, "anna", "first come, first served, still");
});

t.test("who missed or refused goes to the end of the row: the call rings at the next free agent", async (t) => {
  const world = World.withAgents(["anna", ["a"]], ["bo", ["a"]], ["cy", ["b"]]);
  const call = world.waiting();
  world.fire(`ring:${call}`);
  world.deliverAll();
  t.equal(world.core.calls.get(call)?.offer?.agent, "bo");
  world.take({ type: "agent.refuse", agent: "bo", call });
  world.deliverAll();
  t.equal(world.core.calls.get(call)?.offer?.agent, "anna");
  t.match(agent(world, "bo"), { state: "available", missedInRow: 1 });
  t.strictSame(facts(world, "call.offered").length, 3);
});

t.test("who missed, and serves several groups, takes what came first in any of them", async (t) => {
  const world = World.withAgents(["anna", ["a", "b"]]);
  const first = world.waiting("2");
  const second = world.waiting("1");
  world.fire(`ring:${first}`);
  world.deliverAll();
  t.equal(world.core.calls.get(first)?.offer?.agent, "anna", "the only one: rung again");
  world.hangUp(first);
  world.deliverAll();
  t.equal(world.core.calls.get(second)?.offer?.agent, "anna");
});

t.test("the agent a call comes back from takes an older one, and the call goes to whoever is free", async (t) => {
  const world = World.withAgents(["x", ["a"]], ["y", ["a", "b"]], ["z", ["b"]]);
  world.take({ type: "agent.pause", agent: "z", reason: "lunch" });
  const older = world.waiting("1");
  const younger = world.waiting("2");
  t.equal(world.core.calls.get(younger)?.offer?.agent, "y");
  world.hangUp(legId(older, 1), "busy");
  world.deliverAll();
  world.take({ type: "agent.available", agent: "z" });
  t.notOk(world.core.calls.get(older)?.offer);
  world.pickUp(legId(younger, 1));
  world.fire(`ring:${younger}`); // crosses: nobody's fault, y keeps the place
  world.deliverAll();
  t.equal(world.core.calls.get(older)?.offer?.agent, "y");
  t.equal(world.core.calls.get(younger)?.offer?.agent, "z");
});

t.test("a busy desk phone is unavailable for a while, not a miss", async (t) => {
  const world = World.withAgents(["anna", ["a"]], ["bo", ["a"]]);
  const call = world.waiting();
  world.hangUp(legId(call, 1), "busy");
  world.deliverAll();
  t.match(agent(world, "anna"), { state: "paused", reason: "phone-busy", missedInRow: 0 });
  t.equal(world.core.calls.get(call)?.offer?.agent, "bo");
  world.fire("phone:anna");
  t.equal(agent(world, "anna")?.state, "available");
});

t.test("an answer that crosses with our cancel is neither a miss nor a pause, and the caller keeps the place", async (t) => {
  const world = World.withAgents(["anna", ["a"]]);
  const call = world.waiting();
  world.pickUp(legId(call, 1)); // on its way to us
  world.fire(`ring:${call}`); // we cancel at the same moment
  world.deliverAll();
  t.match(facts(world, "call.offer-ended"), [{ how: "withdrawn" }]);
  t.equal(agent(world, "anna")?.missedInRow, 0);
  t.equal(world.core.calls.get(call)?.offer?.n, 2);
});

t.test("the same when only the page knew that the agent was answering", async (t) => {
  const world = World.withAgents(["anna", ["a"]]);
  const call = world.waiting();
  world.take({ type: "agent.answering", agent: "anna", call });
  world.fire(`ring:${call}`);
  world.deliverAll();
  t.match(facts(world, "call.offer-ended"), [{ how: "withdrawn" }]);
  t.equal(agent(world, "anna")?.missedInRow, 0);
});

t.test("the caller hangs up while it rings: no miss, the agent keeps the longest idle place", async (t) => {
  const world = World.withAgents(["anna", ["a"]], ["bo", ["a"]]);
  const call = world.waiting();
  world.hangUp(call);
  world.deliverAll();
  t.match(facts(world, "call.abandoned"), [{ call }]);
  t.match(facts(world, "call.offer-ended"), [{ how: "caller-gone" }]);
  const next = world.waiting();
  t.equal(world.core.calls.get(next)?.offer?.agent, "anna");
});

t.test("both hang up at once: one end each, once", async (t) => {
  const world = World.withAgents(["anna", ["b"]]);
  const call = world.waiting("2");
  answer(world, call);
  world.hangUp(call);
  world.hangUp(legId(call, 1));
  world.deliverAll();
  t.equal(facts(world, "call.ended").length, 1);
  t.equal(facts(world, "call.talked").length, 1);
  t.equal(world.core.calls.size, 0);
  t.equal(agent(world, "anna")?.state, "available");
});

t.test("silence and wrong keys lead to a person", async (t) => {
  const world = World.withAgents(["anna", ["a"]]);
  const call = world.arrive();
  world.deliverAll();
  for (const key of ["7", "8"] as const) world.take({ type: "key", call, key });
  t.equal(world.core.calls.get(call)?.stage.name, "menu");
  world.deliverAll();
  world.fire(`menu:${call}`);
  t.match(facts(world, "call.queued"), [{ group: "a" }]);
});

t.test("the agent's page hangs up, holds are timed, pause is kept for after the call", async (t) => {
  const world = World.withAgents(["anna", ["b"]]);
  const call = world.waiting("2");
  answer(world, call);
  world.take({ type: "leg.held", call, offer: 1 });
  world.at += 5_000;
  world.take({ type: "leg.resumed", call, offer: 1 });
  world.take({ type: "agent.pause", agent: "anna", reason: "lunch" });
  t.equal(agent(world, "anna")?.state, "talking");
  world.take({ type: "agent.hang-up", agent: "anna", call });
  world.deliverAll();
  t.match(facts(world, "call.talked"), [{ talkMs: 5_000, holdMs: 5_000 }]);
  t.match(agent(world, "anna"), { state: "paused", reason: "lunch" });
});

t.test("read back: pairs talk on, waiting callers keep the place, a lonely half is ended, rings are undone", async (t) => {
  const world = World.withAgents(["anna", ["a"]], ["bo", ["a"]], ["cy", ["a"]], ["di", ["a"]]);
  const [talks, halved, rings] = [world.waiting(), world.waiting(), world.waiting()];
  answer(world, talks);
  answer(world, halved);
  world.take({ type: "phones", agent: "di", phones: { browser: false, desk: false } });
  const waits = world.waiting();
  const reads = world.arrive();
  world.channels.delete(legId(halved, 1)); // went while nobody looked
  const before = world.effects.length;
  world.readBack();
  const after = world.effects.slice(before);
  t.equal(world.core.calls.get(talks)?.stage.name, "talk");
  t.notOk(
    after.some((effect) => "call" in effect && effect.call === talks),
    "nothing is done to a talking pair",
  );
  t.ok(after.some((effect) => effect.do === "end-caller" && effect.call === halved));
  t.ok(after.some((effect) => effect.do === "end-leg" && effect.call === rings));
  t.ok(after.some((effect) => effect.do === "music" && effect.call === waits && effect.on));
  t.ok(
    after.some((effect) => effect.do === "play" && effect.call === reads),
    "the menu is spoken again",
  );
  world.deliverAll();
  t.equal(agent(world, "cy")?.missedInRow, 0);
  t.equal(placeOf(world.core, world.core.calls.get(waits) as never), 2);
});

t.test("read back: a talk the log has not heard of is taken over", async (t) => {
  const world = World.withAgents(["anna", ["a"]]);
  world.take({ type: "phones", agent: "anna", phones: { browser: false, desk: false } });
  const call = world.waiting();
  world.channels.set(legId(call, 1), { up: true, bridge: `${call}-b`, agent: "anna", music: false });
  world.channels.set(call, { up: true, bridge: `${call}-b`, agent: null, music: false });
  world.readBack();
  t.equal(world.core.calls.get(call)?.stage.name, "talk");
  t.equal(agent(world, "anna")?.state, "talking");
});

t.test("read back with an empty log: pairs talk on, whoever waited is greeted anew, a ring is undone", async (t) => {
  const before = World.withAgents(["anna", ["b", "a"]], ["bo", ["a", "b"]]);
  const [talks, rings, waits] = [before.waiting("1"), before.waiting("1"), before.waiting("1")];
  answer(before, talks);
  const after = World.withAgents();
  for (const [id, channel] of before.channels) after.channels.set(id, channel);
  after.take({ type: "agents.set", agents: ["anna", "bo"].map((id) => ({ id, name: id, competence: generalist(["b", "a"]) })) });
  after.readBack();
  t.equal(agent(after, "anna")?.state, "talking");
  t.match(facts(after, "call.answered"), [{ call: talks, agent: "anna", group: "b" }]);
  t.notOk(
    after.effects.some((effect) => "call" in effect && effect.call === talks),
    "nothing is done to the pair",
  );
  t.match(
    after.effects.filter((effect) => effect.do === "end-stray"),
    [{ channel: legId(rings, 1) }],
  );
  for (const call of [rings, waits]) t.equal(after.core.calls.get(call)?.stage.name, "menu");
  after.hangUp(legId(talks, 1));
  after.deliverAll();
  t.notOk(after.core.calls.has(talks), "and its end is an ordinary one");
  t.equal(agent(after, "anna")?.state, "available");
});
