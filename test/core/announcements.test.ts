import fc from "fast-check";
import t from "tap";
import { type Announcement, announcementPrompt, mostInForce, refusalOf } from "../../src/core/announcements/announcement.ts";
import type { Effect } from "../../src/core/effects.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import type { Call } from "../../src/core/state.ts";
import { generalist } from "../support/competence.ts";
import { plan } from "./cities.ts";
import { somali, worldWith } from "./two-groups.ts";
import { World } from "./world.ts";

const hour = 3_600_000;

function announcement(world: World, id: string, more: Partial<Announcement> = {}): Announcement {
  return {
    id,
    where: "all",
    texts: { sv: "Vattnet är otjänligt." },
    until: world.at + hour,
    from: "eva",
    alsoWaiting: false,
    ...more,
  };
}

function set(world: World, id: string, more: Partial<Announcement> = {}): Effect[] {
  return world.take({ type: "announcement.set", announcement: announcement(world, id, more) });
}

/** All that a call was told, one prompt after another. */
const told = (world: World, call: string): string[] =>
  world.facts.flatMap((fact) => (fact.type === "call.said" && fact.call === call ? fact.prompts : []));
const [a, b, c, d] = ["a", "b", "c", "d"].map(announcementPrompt);

t.test("who rings hears it right after the city's name, the newest first, once", async (t) => {
  const world = World.withAgents();
  set(world, "a");
  set(world, "b");
  const call = world.arrive();
  t.strictSame(told(world, call), ["greeting", b, a, "top"]);
  world.take({ type: "key", call, key: "*" });
  world.take({ type: "key", call, key: "7" });
  world.take({ type: "key", call, key: "2" });
  t.strictSame(told(world, call).slice(4), ["top", "wrong-key", "top", "place-first"]);
});

t.test("a key goes through it", async (t) => {
  const world = World.withAgents();
  set(world, "a");
  const call = world.arrive();
  world.take({ type: "key.down", call, key: "2" });
  t.match(world.effects.at(-2)?.do, "music", "speech stops, and a bed of sound begins");
  world.take({ type: "key", call, key: "2" });
  t.equal(world.core.calls.get(call)?.stage.name, "queue");
});

t.test("a number without a menu: name, announcement, place", async (t) => {
  const world = World.withAgents();
  set(world, "a");
  t.strictSame(told(world, world.arrive("+46846500401")), ["greeting", a, "place-first"]);
});

t.test("some numbers, groups or menus only", async (t) => {
  const world = World.withAgents();
  set(world, "a", { where: { numbers: ["+46846500401"] } });
  set(world, "b", { where: { groups: ["a"] } });
  set(world, "c", { where: { menus: ["top"] } });
  const menu = world.waiting("1");
  t.strictSame(told(world, menu), ["greeting", c, "top", b, "place-first"]);
  const other = world.waiting("2");
  t.strictSame(told(world, other), ["greeting", c, "top", "place-first"]);
  t.strictSame(told(world, world.arrive("+46846500401")), ["greeting", a, "place-2"]);
});

t.test("whoever is still in a menu hears it at the next step", async (t) => {
  const world = World.withAgents();
  const call = world.arrive();
  set(world, "a");
  world.take({ type: "key", call, key: "2" });
  t.strictSame(told(world, call), ["greeting", "top", a, "place-first"]);
});

t.test("those who wait hear it once if they are to: music stops, talk does not", async (t) => {
  const world = World.withAgents();
  const [music, talk] = [world.waiting("2"), world.waiting("2")];
  world.take({ type: "playback.ended", call: music, playback: world.core.calls.get(music)?.playback?.n ?? 0 });
  set(world, "a");
  t.strictSame(
    told(world, music).filter((prompt) => prompt === a),
    [],
    "not wanted",
  );
  const effects = set(world, "b", { alsoWaiting: true });
  t.strictSame(
    effects.filter((effect) => "call" in effect && effect.call === music).map((effect) => effect.do),
    ["music", "play"],
  );
  t.notOk(
    effects.some((effect) => "call" in effect && effect.call === talk),
    "who is being told their place is told that first",
  );
  world.deliverAll();
  world.deliverAll();
  for (const call of [music, talk]) t.equal(told(world, call).filter((prompt) => prompt === b).length, 1);
  t.equal(world.core.calls.get(talk)?.music, true, "and music again");
});

t.test("who waits to be rung back is on no line, and hears nothing", async (t) => {
  const back = { kind: "callback", id: "back", label: { sv: "x", en: "x" }, waitMs: 5_000, tries: 2 } as const;
  const nodes = { ...plan.nodes, back: { ...back, fallback: { to: "end" }, next: { to: "end" } } } as const;
  const callbacks = { attempts: 2, retryMs: 60_000, ringMs: 20_000, nordicMobiles: false };
  const [first] = plan.numbers;
  const numbers = [{ ...first, start: { to: "node", node: "back" } }] as const;
  const world = World.of({ ...plan, nodes, callbacks, numbers }, [{ id: "x", name: "x", competence: generalist(["a", "b"]) }]);
  world.take({ type: "agent.pause", agent: "x", reason: "lunch" });
  const call = world.arrive();
  world.take({ type: "key", call, key: "1" });
  const id = [...world.core.calls.keys()].find((one) => one !== call) ?? "";
  t.match(world.core.calls.get(id), { absent: "waiting" });
  const effects = set(world, "a", { alsoWaiting: true });
  t.notOk(effects.some((effect) => "call" in effect && effect.call === id));
  t.strictSame(told(world, id), [], "and the log does not say so");
});

t.test("those who wait hear it when their own language is ready; who rings hears the main one meanwhile", async (t) => {
  const world = worldWith(["anna", "b", "sv so"]);
  world.take({ type: "agent.sign-out", agent: "anna" });
  const [swede, somalian] = [world.arrive("+46846500401"), world.arrive(somali, "+46701740606")];
  world.deliverAll();
  set(world, "a", { texts: { sv: "Vatten", so: "Biyo" }, heardIn: ["sv"], alsoWaiting: true });
  const hears = (call: string) => told(world, call).filter((prompt) => prompt === a).length;
  t.strictSame([hears(swede), hears(somalian)], [1, 0]);
  t.equal(hears(world.arrive(somali, "+46701740607")), 1, "who rings is not kept waiting for it");
  world.take({ type: "announcement.language", announcement: "a", language: "so", heard: true });
  t.strictSame([hears(swede), hears(somalian)], [1, 1]);
});

t.test("an agent who is rung meanwhile gets the caller all the same", async (t) => {
  const world = World.withAgents(["x", ["b"]]);
  const call = world.arrive();
  world.take({ type: "key", call, key: "2" });
  world.deliverAll();
  set(world, "a", { alsoWaiting: true });
  world.pickUp(`${call}-o1`);
  world.deliverAll();
  t.equal(world.core.calls.get(call)?.stage.name, "talk");
  t.notOk(world.core.calls.get(call)?.playback);
});

t.test("it ends by itself, or by whoever clears it; the log has both", async (t) => {
  const world = World.withAgents();
  set(world, "a");
  set(world, "b");
  world.take({ type: "announcement.cleared", announcement: "b", by: "olle" });
  world.take({ type: "announcement.cleared", announcement: "b", by: "olle" });
  t.strictSame(told(world, world.arrive()), ["greeting", a, "top"]);
  world.pass(hour);
  t.strictSame(told(world, world.arrive()), ["greeting", "top"]);
  t.match(
    world.facts.filter(({ type }) => type.startsWith("announcement.")),
    [
      { type: "announcement.set", announcement: "a", by: "eva", texts: { sv: "Vattnet är otjänligt." } },
      { type: "announcement.set", announcement: "b" },
      { type: "announcement.cleared", announcement: "b", by: "olle" },
      { type: "announcement.cleared", announcement: "a", by: null },
    ],
  );
  t.equal(world.core.timers.size, [...world.core.timers.keys()].filter((timer) => !timer.startsWith("announcement:")).length);
});

t.test("its languages come one after another, in its own order; one that fails is told of", async (t) => {
  const world = World.withAgents();
  const [sv, en, fi] = ["Vatten", "Water", "Vesi"] as const;
  set(world, "a", { texts: { sv, en, fi }, heardIn: ["sv"] });
  const now = () => world.core.announcements.map(({ heardIn, notIn }) => ({ heardIn, notIn }));
  const told = (language: string, heard: boolean, announcement = "a") =>
    world.take({ type: "announcement.language", announcement, language, heard });
  t.strictSame(now(), [{ heardIn: ["sv"], notIn: [] }]);
  told("fi", true);
  told("en", false);
  t.strictSame(now(), [{ heardIn: ["sv", "fi"], notIn: ["en"] }]);
  told("en", true);
  t.strictSame(now(), [{ heardIn: ["sv", "en", "fi"], notIn: [] }], "it was tried again");
  const facts = () => world.facts.filter(({ type }) => type === "announcement.language");
  t.match(facts(), [
    { announcement: "a", language: "fi", heard: true },
    { language: "en", heard: false },
    { language: "en", heard: true },
  ]);
  told("en", true);
  told("pl", true);
  told("sv", true, "gone");
  t.equal(facts().length, 3, "what is known, or nobody asked for, changes nothing");

  const stored = JSON.parse(snapshotOf(world.core));
  for (const one of stored.announcements) {
    delete one.heardIn;
    delete one.notIn;
  }
  world.core = restore(JSON.stringify(stored)) ?? world.core;
  t.strictSame(now(), [{ heardIn: ["sv", "en", "fi"], notIn: [] }], "one of an older version is heard in all it has");
});

t.test("what is refused, and what to do", async (t) => {
  const world = World.withAgents();
  const refused = (more: Partial<Announcement>, id = "z") =>
    refusalOf(plan, world.core.announcements, announcement(world, id, more), world.at)?.code;
  t.equal(refused({}), undefined);
  t.equal(refused({ until: world.at }), "REQUEST_INVALID");
  t.equal(refused({ until: Number.NaN }), "REQUEST_INVALID");
  t.equal(refused({ until: world.at + 7 * 24 * hour + 1 }), "REQUEST_INVALID");
  t.equal(refused({ texts: {} }), "REQUEST_INVALID");
  t.equal(refused({ where: {} }), "REQUEST_INVALID");
  t.equal(refused({ where: { groups: ["constructor"] } }), "REQUEST_INVALID");
  t.equal(refused({ where: { numbers: ["+4612345"] } }), "REQUEST_INVALID");
  t.equal(refused({ where: { menus: ["nowhere"] } }), "REQUEST_INVALID");
  for (const id of ["a", "b", "c", "d"]) set(world, id);
  t.strictSame(
    world.core.announcements.map(({ id }) => id),
    ["c", "b", "a"],
    "the fourth changes nothing",
  );
  t.equal(refused({}), "ANNOUNCEMENTS_FULL");
  t.equal(refused({}, "a"), "REQUEST_INVALID");
  t.notOk(told(world, world.arrive()).includes(d ?? ""));
});

t.test("a restart keeps what is in force, and who has heard it", async (t) => {
  const world = World.withAgents();
  set(world, "a");
  const begun = world.arrive();
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.readBack();
  // The greeting and the announcement were being said when the engine went: the announcement comes with the next step.
  world.take({ type: "key", call: begun, key: "2" });
  t.strictSame(told(world, begun).slice(-2), [a, "place-first"]);
  t.strictSame(told(world, world.arrive()), ["greeting", a, "top"]);
  world.pass(hour);
  t.equal(world.core.announcements.length, 0);
});

t.test("whatever is set and cleared, never more than three, each heard at most once a call", async () => {
  const ids = fc.constantFrom("a", "b", "c", "d", "e");
  const act = fc.oneof(
    fc.record({ act: fc.constant("set" as const), id: ids, waiting: fc.boolean(), minutes: fc.integer({ min: -1, max: 90 }) }),
    fc.record({ act: fc.constant("clear" as const), id: ids }),
    fc.record({ act: fc.constantFrom("arrive", "key", "deliver", "pass", "restart") }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const world = World.withAgents();
      const calls: string[] = [];
      for (const one of acts) {
        if (one.act === "set") set(world, one.id, { alsoWaiting: one.waiting, until: world.at + one.minutes * 60_000 });
        else if (one.act === "clear") world.take({ type: "announcement.cleared", announcement: one.id, by: "x" });
        else if (one.act === "arrive") calls.push(world.arrive());
        else if (one.act === "key") for (const call of calls) world.take({ type: "key", call, key: "2" });
        else if (one.act === "deliver") world.deliverAll();
        else if (one.act === "pass") world.pass(20 * 60_000);
        else world.core = restore(snapshotOf(world.core)) ?? world.core;
        if (world.core.announcements.length > mostInForce) throw new Error("too many");
        for (const { until } of world.core.announcements) if (until <= world.at) throw new Error("past its end");
      }
      const sets = new Map<string, number>();
      for (const fact of world.facts)
        if (fact.type === "announcement.set") sets.set(fact.announcement, (sets.get(fact.announcement) ?? 0) + 1);
      for (const call of calls) {
        const heard = told(world, call).filter((prompt) => prompt.startsWith("announcement-"));
        // An id that is used again is the same announcement to a call that has heard it.
        if (new Set(heard).size !== heard.length) throw new Error(`${call} heard ${heard}`);
      }
    }),
    { numRuns: 300 },
  );
});

t.test("more calls than are let in are led elsewhere, urgent numbers excepted", async (t) => {
  const next = { to: "node", node: "many" } as const;
  const text = { sv: "Många", en: "Many" };
  const [common, direct] = plan.numbers;
  const world = World.of(
    {
      ...plan,
      numbers: [
        common,
        ...(direct ? [{ ...direct, start: { to: "group", group: "b", priority: "urgent" } as const }] : []),
        { ...common, number: "+46846500406", start: { to: "node", node: "desk" } },
      ],
      admission: { calls: 2, next },
      nodes: {
        ...plan.nodes,
        many: { kind: "message", id: "many", label: text, says: ["many-calls"], next: { to: "end" } },
        desk: { kind: "announce", id: "desk", label: text, waitMs: 5_000, tries: 3, fallback: { to: "end" } },
      },
    },
    [],
  );
  const surges = () => world.facts.filter(({ type }) => type === "call.surge").length;
  world.waiting("2");
  const inMenu = world.arrive();
  t.equal(surges(), 0);
  const third = world.arrive();
  t.strictSame(told(world, third), ["greeting", "many-calls"]);
  t.match(
    world.facts.findLast(({ type }) => type === "call.surge"),
    { call: third, calls: 2 },
  );
  t.strictSame(told(world, world.arrive("+46846500401")), ["greeting", "place-2"]);
  t.strictSame(told(world, world.arrive("+46846500406")), ["greeting", "announce-pin"]);
  world.hangUp(inMenu);
  for (const { id } of world.core.calls.values()) if (id !== "c1") world.hangUp(id);
  world.deliverAll();
  const later: Call | undefined = world.core.calls.get(world.arrive());
  t.match(later?.stage, { name: "menu", place: { node: "top" } }, "as before when they have gone");
});
