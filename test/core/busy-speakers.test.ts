import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import type { Key, Plan } from "../../src/core/plan/plan.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { competence, factsOf, type Person, plan, queued, said, setDirectory, somali } from "./two-groups.ts";
import { World } from "./world.ts";

/** Callers whose language somebody speaks who is not free: what they are asked, and what comes of each answer. */

const askAfterMs = 15_000;
const askAgainMs = 60_000;
const interpreter = "+46701234569";
const back = { kind: "callback", id: "back", label: { sv: "Åter", en: "Back" }, waitMs: 5_000, tries: 2 } as const;
const asking: Plan = {
  ...plan,
  busySpeakers: { askAfterMs, askAgainMs },
  interpreters: { so: interpreter },
  callbacks: { attempts: 2, retryMs: 60_000, ringMs: 20_000, nordicMobiles: false },
  nodes: { ...plan.nodes, back: { ...back, fallback: { to: "back" }, next: { to: "end" } } },
};
const staff: readonly Person[] = [
  ["ayan", "b", "so sv"],
  ["bo", "b", "sv en"],
  ["cia", "b", "sv"],
];
const all = ["no-speaker-free", "speaker-wait", "speaker-callback", "speaker-main", "speaker-english", "speaker-interpreter"];

function city(change: Partial<Plan> = {}, people = staff): World {
  const world = new World();
  world.take({ type: "plan.set", plan: { ...asking, ...change } });
  setDirectory(world, ...people);
  for (const [agent] of people) {
    world.take({ type: "phones", agent, phones: { browser: false, desk: true } });
    world.take({ type: "agent.available", agent });
  }
  return world;
}

/** A Somali caller, while those named are in a talk. */
function waiting(world: World, { busy = ["ayan", "bo", "cia"], number = somali, from = "+46701740605" as string | null } = {}) {
  for (const agent of world.core.agents.keys())
    if (!busy.includes(agent)) world.take({ type: "agent.pause", agent, reason: "lunch" });
  for (const _ of busy) {
    const talk = world.arrive("+46846500401");
    world.pickUp(legId(talk, 1));
    world.deliverAll();
  }
  for (const agent of world.core.agents.keys()) if (!busy.includes(agent)) world.take({ type: "agent.available", agent });
  const call = world.arrive(number, from);
  world.deliverAll();
  return call;
}

const callOf = (world: World, id: string) => world.core.calls.get(id);
const place = (world: World, id: string) => {
  const { since, order } = callOf(world, id)?.queued ?? {};
  return { since, order };
};
const press = (world: World, call: string, ...keys: Key[]): void => {
  for (const key of keys) world.take({ type: "key", call, key });
};

/** All are busy, and the caller has been asked. */
function asked(change: Partial<Plan> = {}): { world: World; call: string } {
  const world = city(change);
  const call = waiting(world);
  world.pass(askAfterMs);
  return { world, call };
}

t.test("asked after a time, once all has been spoken, with only what is possible", async (t) => {
  const world = city();
  const call = waiting(world);
  t.strictSame(said(world), ["greeting", "place-first"], "first the place");
  world.pass(askAfterMs - 1);
  t.strictSame(said(world), ["greeting", "place-first"]);
  world.pass(1);
  t.strictSame(said(world), all);
  t.match(factsOf(world, "call.menu").at(-1), { call, node: "no-speaker-free", language: "so" });
  world.deliverAll();
  t.match(
    world.effects.findLast((effect) => effect.do === "music"),
    { call, on: true, bed: true },
  );

  const without = (change: Partial<Plan>, ...gone: string[]) =>
    t.strictSame(
      said(asked(change).world),
      all.filter((prompt) => !gone.includes(prompt)),
      gone.join(),
    );
  without({ interpreters: {} }, "speaker-interpreter");
  without({ interpreters: { so: "112" } }, "speaker-interpreter");
  without({ nodes: plan.nodes }, "speaker-callback");
  without({ languages: ["sv", "so"] }, "speaker-english");
});

t.test("nobody at work who speaks another language, or nothing but to wait: that is not offered", async (t) => {
  const world = city();
  for (const agent of ["bo", "cia"]) world.take({ type: "agent.sign-out", agent });
  world.take({ type: "agent.pause", agent: "ayan", reason: "lunch" });
  const call = world.arrive(somali);
  world.deliverAll();
  world.pass(askAfterMs);
  t.strictSame(said(world), ["no-speaker-free", "speaker-wait", "speaker-callback"]);
  press(world, call, "1");
  const alone = city({ nodes: plan.nodes, interpreters: {} }, [["ayan", "b", "so"]]);
  waiting(alone, { busy: [] as string[] });
  alone.take({ type: "agent.pause", agent: "ayan", reason: "lunch" });
  alone.arrive(somali);
  alone.deliverAll();
  alone.pass(askAfterMs * 3);
  t.notMatch(JSON.stringify(factsOf(alone, "call.menu")), "no-speaker-free");
});

t.test("Swedish callers are not asked, and nobody is when the plan does not say so", async (t) => {
  const swedish = city();
  waiting(swedish, { number: "+46846500401" });
  swedish.pass(askAfterMs * 4);
  t.strictSame(factsOf(swedish, "call.menu"), []);
  const { busySpeakers: _, ...silent } = asking;
  const world = city();
  world.take({ type: "plan.set", plan: silent });
  waiting(world);
  world.pass(askAfterMs * 4);
  t.strictSame(factsOf(world, "call.menu"), []);
});

t.test("something is being spoken at the time: it is asked right after that", async (t) => {
  const world = city();
  waiting(world);
  const call = world.arrive(somali);
  world.pass(askAfterMs);
  t.ok(callOf(world, call)?.playback, "still greeted");
  t.strictSame(callOf(world, call)?.stage, { name: "queue" });
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.deliverAll();
  t.match(callOf(world, call)?.stage, { question: { busy: true } });
  t.strictSame(said(world), all);
});

t.test("wait, or no key: waits on in the same place, and is not asked again too soon", async (t) => {
  for (const how of ["1", "silence", "wrong keys"] as const) {
    const { world, call } = asked();
    const before = place(world, call);
    const at = world.at;
    world.deliverAll();
    if (how === "1") press(world, call, "1");
    else if (how === "silence") world.fire(`menu:${call}`);
    else press(world, call, "7", "8", "9");
    t.match(queued(world, call), { group: "b", languages: ["so"] }, how);
    t.strictSame(place(world, call), before);
    world.deliverAll();
    t.ok(callOf(world, call)?.music, "music again");
    t.notOk(world.core.timers.has(`menu:${call}`));
    world.pass(at + askAgainMs - world.at - 1);
    t.equal(factsOf(world, "call.menu").length, 1, "not yet");
    world.deliverAll();
    world.pass(askAfterMs);
    world.deliverAll();
    t.equal(factsOf(world, "call.menu").length, 2, "but after the time");
  }
  const { world, call } = asked({ busySpeakers: { askAfterMs, askAgainMs: 0 } });
  press(world, call, "1");
  world.deliverAll();
  world.pass(3_600_000);
  t.equal(factsOf(world, "call.menu").length, 1, "0: never again");
});

t.test("a speaker becomes free while the question stands: the call is theirs, and a late key changes nothing", async (t) => {
  const { world, call } = asked();
  const agent = [...world.core.agents.values()].find(({ id }) => id === "ayan");
  world.hangUp(agent?.call ?? "");
  world.deliverAll();
  world.take({ type: "agent.done", agent: "ayan", call: agent?.wrapUp?.call ?? "" });
  world.take({ type: "agent.available", agent: "ayan" });
  t.equal(callOf(world, call)?.offer?.agent, "ayan");
  t.notOk(world.core.timers.has(`menu:${call}`));
  press(world, call, "3");
  t.match(queued(world, call), { languages: ["so"] });
  world.hangUp(legId(call, 1), "no-answer");
  world.deliverAll();
  t.match(callOf(world, call)?.stage, { name: "queue" });
  t.ok(callOf(world, call)?.music, "not answered: it waits on");
  world.take({ type: "agent.pause", agent: "ayan", reason: "lunch" });
  world.hangUp(legId(call, 2), "no-answer");
  world.deliverAll();
  world.pass(askAgainMs);
  t.equal(factsOf(world, "call.menu").length, 2, "and is asked again after a time");
});

t.test("another language: routed by it at once, in the place kept, and remembered for no other call", async (t) => {
  for (const [key, language] of [
    ["3", "sv"],
    ["4", "en"],
  ] as const) {
    const world = city();
    const call = waiting(world, { busy: ["ayan"] });
    for (const agent of ["bo", "cia"]) world.take({ type: "agent.available", agent });
    world.pass(askAfterMs);
    t.strictSame(said(world), all);
    const before = place(world, call);
    press(world, call, key);
    t.match(queued(world, call), { group: "b", languages: [language] });
    t.strictSame(place(world, call), before);
    t.equal(callOf(world, call)?.language, language, "which the agent sees, and the caller hears");
    t.match(callOf(world, call)?.offer?.agent, language === "en" ? "bo" : /bo|cia/, "somebody was free");
    const about = { call, languages: ["so"], toLanguages: [language], agreed: true };
    t.match(factsOf(world, "call.fallback"), [about]);
    t.match(factsOf(world, "call.queued").at(-1), { call, language, since: before.since });
    t.equal(world.core.lastLanguages.size, 0, "the next call is greeted as before");
  }
});

t.test("an interpreter: an agent of the main language, and the interpreter is rung when they have answered", async (t) => {
  const world = city();
  const call = waiting(world, { busy: ["ayan"] });
  world.pass(askAfterMs);
  press(world, call, "5");
  t.strictSame(said(world), ["interpreter-coming", "to-agent"]);
  t.match(callOf(world, call), { language: "so", interpreter: "so", queued: { ask: { languages: ["sv"] } } });
  t.match(factsOf(world, "call.fallback"), [{ toLanguages: ["sv"], agreed: true, interpreter: "so" }]);
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.pickUp(legId(call, 1));
  world.deliverAll();
  t.match(callOf(world, call)?.outside, { number: interpreter, joins: "so", state: "ringing" });
  world.pickUp(legId(call, 2));
  world.deliverAll();
  t.equal(callOf(world, call)?.outside?.state, "talking");
  const bridges = [call, legId(call, 1), legId(call, 2)].map((id) => world.channels.get(id)?.bridge);
  t.equal(new Set(bridges).size, 1, "all three in one bridge");
  t.ok(bridges[0]);
});

t.test("who agreed to an interpreter and then goes over to another group has one there", async (t) => {
  const { b } = asking.groups;
  const menu = { kind: "menu", id: "meanwhile", label: back.label, prompt: "meanwhile", waitMs: 5_000, tries: 1 } as const;
  const world = city({
    groups: { ...asking.groups, ...(b ? { b: { ...b, waitingMenu: "meanwhile" } } : {}) },
    nodes: { ...asking.nodes, meanwhile: { ...menu, keys: { "9": { to: "group", group: "a" } }, fallback: { to: "back" } } },
  });
  const call = waiting(world);
  world.pass(askAfterMs);
  press(world, call, "5");
  world.take({
    type: "agents.set",
    agents: [...world.core.agents.values(), { id: "eva", name: "Eva", competence: competence(["eva", "a", "sv"]) }],
  });
  press(world, call, "9");
  t.match(callOf(world, call), { language: "so", interpreter: "so", queued: { ask: { group: "a", languages: ["sv"] } } });
});

t.test("a callback in that language takes the place; who settles nothing waits on in it", async (t) => {
  const { world, call } = asked();
  const before = place(world, call);
  press(world, call, "2");
  t.equal(callOf(world, call)?.aside, true);
  t.match(said(world)?.[0], "callback-number-is");
  press(world, call, "1");
  const booked = factsOf(world, "callback.booked")[0];
  const id = booked && "call" in booked && typeof booked.call === "string" ? booked.call : "";
  t.match(callOf(world, id), { language: "so", absent: "waiting", queued: { ...before, ask: { languages: ["so"] } } });
  world.hangUp(call);
  world.deliverAll();
  t.notOk(
    [...world.core.timers.keys()].some((timer) => timer.endsWith(`:${call}`)),
    "nothing of the call is left",
  );

  const other = asked();
  const kept = place(other.world, other.call);
  press(other.world, other.call, "2");
  other.world.deliverAll();
  for (let n = 0; n < 2; n++) {
    other.world.fire(`menu:${other.call}`);
    other.world.deliverAll();
  }
  t.match(callOf(other.world, other.call), { stage: { name: "queue" }, queued: kept });
  t.strictSame(queued(other.world, other.call)?.languages, ["so"]);
});

t.test("who has a callback already is offered no other; a withheld number may be keyed in", async (t) => {
  const { world, call } = asked();
  press(world, call, "2", "1");
  world.hangUp(call);
  world.deliverAll();
  const again = world.arrive(somali);
  press(world, again, "2"); // keeps it
  world.deliverAll();
  world.pass(askAfterMs);
  t.strictSame(
    said(world),
    all.filter((prompt) => prompt !== "speaker-callback"),
  );
  const hidden = city();
  const withheld = waiting(hidden, { from: null });
  hidden.pass(askAfterMs);
  t.strictSame(said(hidden), all);
  press(hidden, withheld, "2");
  t.strictSame(said(hidden), ["callback-key-number"]);
});

t.test("the last speaker leaves the directory: the question becomes the one nobody answers to", async (t) => {
  const { world, call } = asked();
  setDirectory(world, ["bo", "b", "sv en"], ["cia", "b", "sv"]);
  t.strictSame(said(world), ["no-speaker", "press-main", "press-english", "speaker-interpreter"]);
  press(world, call, "5");
  t.match(callOf(world, call), { language: "so", interpreter: "so", queued: { ask: { languages: ["sv"] } } });
});

t.test("agent and interpreter talk on although the log of a killed engine has neither's answer", async (t) => {
  const world = city();
  const call = waiting(world, { busy: ["ayan"] });
  world.pass(askAfterMs);
  press(world, call, "5");
  const before = world.events.length;
  for (const leg of [legId(call, 1), legId(call, 2)]) {
    world.pickUp(leg);
    world.deliverAll();
  }
  t.match(callOf(world, call)?.outside, { n: 2, state: "talking" });
  world.kill(world.events.length - before, "gone");
  t.match(callOf(world, call), { offer: { n: 1, state: "talking" }, outside: { n: 2, state: "talking", joins: "so" } });
  world.deliverAll();
  const mine = [...world.channels.keys()].filter((id) => id.startsWith(call));
  t.strictSame(mine.sort(), [call, legId(call, 1), legId(call, 2)], "nobody is hung up on, and nobody rung");
});

t.test("a restart asks again, and another change of the directory does not", async (t) => {
  const { world, call } = asked();
  setDirectory(world, ...staff, ["dan", "b", "sv"]);
  t.match(callOf(world, call)?.stage, { question: { busy: true } });
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.readBack();
  t.strictSame(said(world), all);
  world.deliverAll();
  press(world, call, "*");
  t.strictSame(said(world), all, "* says it again");
  world.hangUp(call);
  world.deliverAll();
  t.match(factsOf(world, "call.abandoned"), [{ call, group: "b" }]);
  t.notOk([...world.core.timers.keys()].some((timer) => timer.endsWith(`:${call}`)));
});
