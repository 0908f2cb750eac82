import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { factsOf, plan, queued, said, setDirectory, somali, worldWith } from "./two-groups.ts";
import type { World } from "./world.ts";

/** Calls that wait already when the directory loses the last agent who could take them. */

const direct = "+46846500401";
const bromma = "+46846500403";
const callOf = (world: World, id: string) => world.core.calls.get(id);
const place = (world: World, id: string) => {
  const { since, order } = callOf(world, id)?.queued ?? {};
  return { since, order };
};

/** Waits 30 s in group b, whose agents are at lunch. */
function waiting(world: World, number: string): string {
  for (const agent of world.core.agents.keys()) world.take({ type: "agent.pause", agent, reason: "lunch" });
  const call = world.arrive(number);
  world.deliverAll();
  world.pass(30_000);
  return call;
}

t.test("the last of the group goes: who waits goes over to the last resort, before who came there later", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  const call = waiting(world, direct);
  const later = world.arrive("+46846500404");
  const before = place(world, call);
  setDirectory(world, ["anna", "a", "sv"]);
  t.match(queued(world, call), { group: "a", languages: ["sv"] });
  t.strictSame(place(world, call), before, "with its waiting time and its place in the one order");
  t.strictSame(said(world), ["other-group", "place-first"]);
  t.match(factsOf(world, "call.fallback"), [{ call, group: "b", toGroup: "a", toLanguages: ["sv"], agreed: false }]);
  t.match(factsOf(world, "call.queued").at(-1), { call, group: "a", since: before.since });
  t.strictSame([...(world.core.queues.get("a")?.keys() ?? [])], [call, later]);
  t.equal(world.core.queues.get("b")?.size, 0);
  world.take({ type: "agent.available", agent: "anna" });
  t.equal(callOf(world, call)?.offer?.agent, "anna", "and is served before them");
  world.pickUp(legId(call, 1));
  world.deliverAll();
  t.match(factsOf(world, "call.answered"), [{ call, group: "a", waitedMs: 30_000 }]);
});

t.test("the last who knows the district goes: it is asked no longer", async (t) => {
  const world = worldWith(["anna", "b", "sv"], ["bo", "b", "sv", "Bromma"]);
  const call = waiting(world, bromma);
  t.match(queued(world, call), { district: "Bromma" });
  world.take({ type: "agent.available", agent: "anna" });
  t.notOk(callOf(world, call)?.offer);
  setDirectory(world, ["anna", "b", "sv"]);
  t.strictSame(queued(world, call), { group: "b", languages: ["sv"], priority: "normal" });
  t.equal(callOf(world, call)?.offer?.agent, "anna", "the idle agent takes it at once");
});

t.test("the last who speaks the language goes: the caller is asked, and keeps the place meanwhile", async (t) => {
  for (const how of ["key", "silence", "wrong keys", "somebody comes", "nobody is left", "hangs up"]) {
    const world = worldWith(["anna", "b", "sv en"], ["bo", "b", "so"], ["eva", "a", "sv"]);
    const call = waiting(world, somali);
    const before = place(world, call);
    setDirectory(world, ["anna", "b", "sv en"], ["eva", "a", "sv"]);
    t.match(queued(world, call), { group: "b", languages: ["so"] }, "no language is given up unasked");
    t.strictSame(said(world), ["no-speaker", "press-main", "press-english"]);
    t.match(factsOf(world, "call.menu"), [{ call, node: "no-speaker" }]);
    world.core = restore(snapshotOf(world.core)) ?? world.core;
    world.readBack();
    t.strictSame(said(world), ["no-speaker", "press-main", "press-english"], "a restart asks again");
    world.deliverAll();
    t.match(
      world.effects.findLast((effect) => effect.do === "music"),
      { on: true, bed: true },
      "a soft sound, for the key",
    );
    if (how === "key") {
      world.take({ type: "key", call, key: "2" });
      t.match(queued(world, call), { group: "b", languages: ["en"] });
      t.match(factsOf(world, "call.fallback"), [{ toGroup: "b", toLanguages: ["en"], agreed: true }]);
    } else if (how === "silence" || how === "wrong keys") {
      if (how === "silence") world.fire(`menu:${call}`);
      else for (const key of ["5", "5", "5"] as const) world.take({ type: "key", call, key });
      t.match(queued(world, call), { group: "a", languages: ["sv"] });
      t.match(factsOf(world, "call.fallback"), [{ toGroup: "a", toLanguages: ["sv"], agreed: false }]);
    } else if (how === "somebody comes") {
      setDirectory(world, ["anna", "b", "sv en"], ["cia", "b", "so"]);
      t.match(queued(world, call), { group: "b", languages: ["so"] });
      t.ok(callOf(world, call)?.music, "waits on");
      world.take({ type: "key", call, key: "2" });
      t.match(queued(world, call), { languages: ["so"] }, "there is nothing to choose any more");
    } else if (how === "nobody is left") {
      setDirectory(world);
      t.match(queued(world, call), { group: "b", languages: ["so"] });
      t.ok(callOf(world, call)?.music, "waits as it asked: agents may be added");
    } else {
      world.hangUp(call);
      world.deliverAll();
      t.match(factsOf(world, "call.abandoned"), [{ call, group: "b" }], "gave up waiting");
      t.equal(world.core.calls.size, 0);
    }
    t.notOk(world.core.timers.has(`menu:${call}`), how);
    if (how !== "hangs up") t.strictSame(place(world, call), before, how);
  }
});

t.test("while the question stands, an agent who may take the call as it asks ends it", async (t) => {
  const world = worldWith(["anna", "b", "sv"], ["bo", "b", "so"]);
  const call = waiting(world, somali);
  setDirectory(world, ["anna", "b", "sv"]);
  world.deliverAll();
  setDirectory(world, ["anna", "b", "sv"], ["cia", "b", "so"]);
  world.take({ type: "phones", agent: "cia", phones: { browser: false, desk: true } });
  world.take({ type: "agent.available", agent: "cia" });
  t.equal(callOf(world, call)?.offer?.agent, "cia");
  world.take({ type: "key", call, key: "1" });
  t.match(queued(world, call), { languages: ["so"] }, "a late key changes nothing");
});

t.test("it rings at the last agent, who leaves and does not answer: then it is led on", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  world.take({ type: "agent.pause", agent: "anna", reason: "lunch" });
  const call = world.arrive(direct);
  t.equal(callOf(world, call)?.offer?.agent, "bo");
  setDirectory(world, ["anna", "a", "sv"]);
  t.equal(callOf(world, call)?.offer?.agent, "bo", "the ring goes on");
  world.hangUp(legId(call, 1), "no-answer");
  world.deliverAll();
  t.match(queued(world, call), { group: "a" });
  t.notOk(world.core.agents.has("bo"));
});

t.test("an agent who only finishes a talk is nobody's hope; one who is named again is", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  const talk = world.arrive(direct);
  world.pickUp(legId(talk, 1));
  world.deliverAll();
  world.take({ type: "agent.pause", agent: "anna", reason: "lunch" });
  const first = world.arrive(direct);
  setDirectory(world, ["anna", "a", "sv"]);
  t.match(queued(world, first), { group: "a" });
  setDirectory(world, ["anna", "a", "sv"], ["bo", "b", "sv"]);
  const second = world.arrive(direct);
  t.match(queued(world, second), { group: "b" });
  world.hangUp(talk);
  world.deliverAll();
  t.equal(callOf(world, second)?.offer?.agent, "bo");
});

t.test("after a start with a smaller directory, those who waited are led on", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  const call = waiting(world, direct);
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  setDirectory(world, ["anna", "a", "sv"]);
  world.readBack();
  t.match(queued(world, call), { group: "a" });
  t.equal(factsOf(world, "call.fallback").length, 1, "once");
});

t.test("an agent who left and talks on, of which the log has not heard: nobody's call is with somebody unknown", async (t) => {
  const world = worldWith(["anna", "b", "sv"]);
  const first = world.arrive(direct);
  world.pickUp(legId(first, 1));
  world.deliverAll();
  const call = world.arrive(direct);
  const wrapUp = world.core.plan?.groups.b;
  world.take({
    type: "plan.set",
    plan: { ...plan, groups: { ...plan.groups, ...(wrapUp ? { b: { ...wrapUp, wrapUpMs: 30_000 } } : {}) } },
  });
  world.hangUp(first);
  world.deliverAll();
  const heard = world.events.length;
  world.fire("wrap:anna");
  world.pickUp(legId(call, 1));
  world.deliverAll();
  t.equal(world.core.agents.get("anna")?.state, "talking");
  setDirectory(world);
  world.kill(world.events.length - heard, "arrives");
  t.notOk(world.core.agents.has("anna"));
  t.notOk(callOf(world, call)?.offer);
});

/** The plan with callbacks for group b, and an interpreter of Somali if so wished. */
const asking = { waitMs: 5_000, tries: 2 } as const;
const withCallbacks = (interpreters: Plan["interpreters"] = {}): Plan => ({
  ...plan,
  interpreters,
  callbacks: { attempts: 2, retryMs: 60_000, ringMs: 20_000, nordicMobiles: false },
  nodes: {
    ...plan.nodes,
    back: {
      ...{ kind: "callback", id: "back", label: { sv: "Åter", en: "Back" }, group: "b", ...asking },
      ...{ next: { to: "end" }, fallback: { to: "group", group: "b" } },
    },
  },
  numbers: [
    ...plan.numbers,
    { ...plan.numbers[0], number: "+46846500405", start: { to: "node", node: "back" } },
    { ...plan.numbers[0], number: "+46846500406", start: { to: "node", node: "back" }, language: "so" },
  ],
});
const [backInSwedish, backInSomali] = ["+46846500405", "+46846500406"];
const citizen = "+46701740605";

/** A callback that waits for an agent, all of whom are at lunch; 30 s ago it was booked. */
function bookedIn(world: World, number: string): string {
  for (const agent of world.core.agents.keys()) world.take({ type: "agent.pause", agent, reason: "lunch" });
  const call = world.arrive(number, citizen);
  world.take({ type: "key", call, key: "1" });
  world.deliverAll();
  world.pass(30_000);
  const back = factsOf(world, "callback.booked").at(-1);
  return back && "call" in back ? back.call : "";
}

/** The callback is offered, the agent answers, and the citizen is rung and answers. */
function ringBack(world: World, back: string, agent: string): void {
  t.equal(callOf(world, back)?.offer?.agent, agent);
  world.pickUp(legId(back, callOf(world, back)?.offers ?? 0));
  world.deliverAll();
  t.strictSame(world.citizens, [back], "the citizen is rung");
  world.pickUp(back);
  world.deliverAll();
  t.equal(callOf(world, back)?.stage.name, "talk");
}

t.test("a callback whose group loses its last agent: the last resort rings, in the place it had", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  world.take({ type: "plan.set", plan: withCallbacks() });
  const back = bookedIn(world, backInSwedish);
  const before = place(world, back);
  const later = world.arrive("+46846500404", "+46701740606");
  setDirectory(world, ["anna", "a", "sv"]);
  t.match(queued(world, back), { group: "a", languages: ["sv"] });
  t.strictSame(place(world, back), before);
  t.match(factsOf(world, "call.fallback"), [{ call: back, group: "b", toGroup: "a", agreed: false }]);
  world.take({ type: "agent.available", agent: "anna" });
  ringBack(world, back, "anna");
  t.ok(queued(world, later), "before who came there later");
});

t.test("a callback whose language nobody speaks any more: with an interpreter, or else in another one", async (t) => {
  for (const interpreter of ["+46701234569", undefined]) {
    const world = worldWith(["anna", "b", "sv"], ["bo", "b", "so"]);
    world.take({ type: "plan.set", plan: withCallbacks(interpreter === undefined ? {} : { so: interpreter }) });
    const back = bookedIn(world, backInSomali);
    const before = place(world, back);
    t.match(queued(world, back), { group: "b", languages: ["so"] });
    setDirectory(world, ["anna", "b", "sv"]);
    t.match(queued(world, back), { group: "b", languages: ["sv"] });
    t.strictSame(place(world, back), before);
    const [told] = factsOf(world, "call.fallback");
    t.match(told, { call: back, languages: ["so"], toLanguages: ["sv"], agreed: false });
    t.equal(told && "interpreter" in told, interpreter !== undefined);
    world.take({ type: "agent.available", agent: "anna" });
    ringBack(world, back, "anna");
    t.equal(callOf(world, back)?.outside?.number, interpreter, "and the interpreter is rung");
  }
});

t.test("the last agent leaves while the caller is asked for the number: booked, it is led on", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  world.take({ type: "plan.set", plan: withCallbacks() });
  for (const agent of ["anna", "bo"]) world.take({ type: "agent.pause", agent, reason: "lunch" });
  const call = world.arrive(backInSwedish, citizen);
  setDirectory(world, ["anna", "a", "sv"]);
  world.take({ type: "key", call, key: "1" });
  t.match(factsOf(world, "callback.booked"), [{ group: "b" }]);
  t.match(factsOf(world, "call.fallback"), [{ group: "b", toGroup: "a", agreed: false }]);
});

t.test("a callback that sleeps between two attempts meanwhile is led on when it wakes", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  world.take({ type: "plan.set", plan: withCallbacks() });
  const back = bookedIn(world, backInSwedish);
  const before = place(world, back);
  world.take({ type: "agent.available", agent: "bo" });
  world.pickUp(legId(back, 1));
  world.deliverAll();
  world.hangUp(back, "busy");
  world.deliverAll();
  t.equal(callOf(world, back)?.absent, "asleep");
  setDirectory(world, ["anna", "a", "sv"]);
  t.match(queued(world, back), { group: "b" });
  world.pass(60_000);
  t.match(queued(world, back), { group: "a" });
  t.strictSame(place(world, back), before);
  world.take({ type: "agent.available", agent: "anna" });
  ringBack(world, back, "anna");
});

t.test("a plan whose rules let in nobody any more: who waits, and who is to be rung back, come to the last resort", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv"]);
  world.take({ type: "plan.set", plan: withCallbacks() });
  const back = bookedIn(world, backInSwedish);
  const call = world.arrive(direct, "+46701740606");
  world.deliverAll();
  const before = [place(world, back), place(world, call)];
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  const { b } = plan.groups;
  const strict = b && { ...b, ladder: [{ ...b.ladder[0], minLevel: 5 }] as const };
  world.take({ type: "plan.set", plan: { ...withCallbacks(), groups: { ...plan.groups, ...(strict && { b: strict }) } } });
  world.readBack();
  world.pass(1);
  for (const id of [back, call]) t.match(queued(world, id), { group: "a", languages: ["sv"] });
  t.strictSame([place(world, back), place(world, call)], before);
  world.take({ type: "agent.available", agent: "anna" });
  ringBack(world, back, "anna");
});
