import fc from "fast-check";
import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import { canBeServed } from "../../src/core/routing/check.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { competence, factsOf, type Person, queued, said, somali, worldWith } from "./two-groups.ts";
import type { World } from "./world.ts";

t.test("a call that somebody may take waits as it asks, signed in or not", async (t) => {
  const world = worldWith(["anna", "b", "sv so"]);
  world.take({ type: "agent.sign-out", agent: "anna" });
  const call = world.arrive(somali);
  t.match(queued(world, call), { group: "b", languages: ["so"] });
  t.strictSame(factsOf(world, "call.fallback"), []);
});

t.test("a group without anyone: the last resort takes the call, in its language, and the caller is told", async (t) => {
  const world = worldWith(["anna", "a", "sv so"]);
  const call = world.arrive(somali);
  t.equal(world.core.calls.get(call)?.offer?.agent, "anna");
  t.strictSame(said(world), ["greeting", "other-group", "to-agent"]);
  t.match(factsOf(world, "call.fallback"), [{ group: "b", languages: ["so"], toGroup: "a", toLanguages: ["so"], agreed: false }]);
  t.match(factsOf(world, "call.queued"), [{ group: "a", language: "so" }], "and it is counted there only");
});

t.test("a district nobody knows is asked no longer", async (t) => {
  const world = worldWith(["anna", "b", "sv", "Farsta"]);
  const call = world.arrive("+46846500403");
  t.strictSame(queued(world, call), { group: "b", languages: ["sv"], priority: "normal" });
  t.strictSame(said(world), ["greeting", "to-agent"]);
  const local = worldWith(["anna", "b", "sv", "Farsta"], ["bo", "b", "sv", "Bromma"]);
  t.match(queued(local, local.arrive("+46846500403")), { district: "Bromma" }, "one who knows it is waited for");
});

t.test("a language no one speaks: the caller hears so, chooses with a key, and is helped in that language", async (t) => {
  const world = worldWith(["anna", "b", "sv"], ["bo", "b", "sv en"]);
  const call = world.arrive(somali);
  t.notOk(queued(world, call), "not queued before an answer");
  t.strictSame(said(world), ["greeting", "no-speaker", "press-main", "press-english"]);
  world.deliverAll();
  t.ok(world.core.timers.has(`menu:${call}`), "the time for a key runs from the end of the question");
  world.take({ type: "key", call, key: "7" });
  t.strictSame(said(world), ["wrong-key", "no-speaker", "press-main", "press-english"]);
  world.take({ type: "key", call, key: "2" });
  t.equal(world.core.calls.get(call)?.offer?.agent, "bo");
  t.notOk(world.core.timers.has(`menu:${call}`));
  t.match(factsOf(world, "call.fallback"), [{ group: "b", languages: ["so"], toGroup: "b", toLanguages: ["en"], agreed: true }]);
  t.match(factsOf(world, "call.queued"), [{ group: "b", language: "en" }]);
  t.match(
    factsOf(world, "call.key").map((fact) => ("valid" in fact ? fact.valid : null)),
    [false, true],
  );
});

t.test("only what somebody speaks is offered; a group that lacks it hands over to the last resort", async (t) => {
  const world = worldWith(["anna", "a", "sv"], ["bo", "b", "fi"]);
  const call = world.arrive(somali);
  t.strictSame(said(world), ["greeting", "no-speaker", "press-main"]);
  world.take({ type: "key", call, key: "2" });
  t.notOk(queued(world, call), "English is a wrong key here");
  world.take({ type: "key", call, key: "1" });
  t.match(queued(world, call), { group: "a", languages: ["sv"] });
  t.strictSame(said(world), ["other-group", "to-agent"]);
});

t.test("no key, or wrong ones only: the last resort in the main language, and the log says that nobody agreed", async (t) => {
  for (const how of ["silence", "wrong keys"]) {
    const world = worldWith(["anna", "a", "sv"], ["bo", "b", "sv en"]);
    const call = world.arrive(somali);
    world.deliverAll();
    if (how === "silence") world.fire(`menu:${call}`);
    else for (const key of ["5", "5", "5"] as const) world.take({ type: "key", call, key });
    t.match(queued(world, call), { group: "a", languages: ["sv"] });
    t.equal(world.core.calls.get(call)?.language, "so", "what the caller hears is still in their language");
    t.match(factsOf(world, "call.fallback"), [{ languages: ["so"], toGroup: "a", toLanguages: ["sv"], agreed: false }]);
    t.notOk(world.core.timers.has(`menu:${call}`));
  }
});

t.test("when nobody at all could help, the call waits where it asked: agents may be added", async (t) => {
  const world = worldWith();
  const call = world.arrive(somali);
  t.match(queued(world, call), { group: "b", languages: ["so"] });
  world.take({
    type: "agents.set",
    agents: [{ id: "anna", name: "Anna", competence: competence(["anna", "b", "so"]) }],
  });
  world.take({ type: "phones", agent: "anna", phones: { browser: false, desk: true } });
  world.take({ type: "agent.available", agent: "anna" });
  t.equal(world.core.calls.get(call)?.offer?.agent, "anna");
});

t.test("the question survives a restart, and is asked again", async (t) => {
  const world = worldWith(["anna", "b", "sv"]);
  const call = world.arrive(somali);
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.readBack();
  t.strictSame(said(world), ["no-speaker", "press-main"]);
  world.take({ type: "key", call, key: "1" });
  t.match(queued(world, call), { languages: ["sv"] });
  world.hangUp(call);
  world.hangUp(legId(call, 1));
  world.deliverAll();
  t.equal(world.core.calls.size, 0);
});

t.test("whoever is there, a caller ends where somebody may come, and no language is changed unasked", async () => {
  const person = fc.tuple(fc.constantFrom("a", "b"), fc.subarray(["sv", "en", "so"]), fc.subarray(["Bromma", "Farsta"]));
  const people = fc.array(person, { maxLength: 4 });
  fc.assert(
    fc.property(people, fc.constantFrom("1", "2", "3"), fc.boolean(), (drawn, n, presses) => {
      const world = worldWith(
        ...drawn.map(([group, languages, districts], index): Person => [`p${index}`, group, languages.join(" "), ...districts]),
      );
      for (const agent of world.core.agents.keys()) world.take({ type: "agent.sign-out", agent });
      const call = world.arrive(`+4684650040${n}`);
      const asked = world.core.calls.get(call)?.language;
      const before = queued(world, call);
      if (before && before.languages[0] !== asked) throw new Error("the language was changed unasked");
      world.deliverAll();
      if (!before && presses) world.take({ type: "key", call, key: "1" });
      world.deliverAll();
      if (!queued(world, call)) world.fire(`menu:${call}`);
      const ask = queued(world, call);
      if (!ask) throw new Error("it does not wait");
      const anyone = ["a", "b"].some((group) => [asked ?? "", "sv", "en"].some((language) => reaches(world, group, language)));
      return canBeServed(world.core.router, ask) === anyone;
    }),
    { numRuns: 2_000 },
  );
});

const reaches = (world: World, group: string, language: string): boolean =>
  canBeServed(world.core.router, { group, languages: [language], priority: "normal" });
