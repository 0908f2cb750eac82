import fc from "fast-check";
import t from "tap";
import { legId } from "../../src/core/call/ids.ts";
import type { Found, Officer } from "../../src/core/events.ts";
import { entryFor } from "../../src/core/menu/entry.ts";
import type { PlanNode } from "../../src/core/plan/node.ts";
import { keys, type Plan, type Target } from "../../src/core/plan/plan.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { generalist } from "../support/competence.ts";
import { plan as base } from "./cities.ts";
import { World } from "./world.ts";

/** Officers, messages and the caller's own matter, in a core without Asterisk. */

const toA: Target = { to: "group", group: "a" };
const asking = { label: { sv: "x", en: "x" }, waitMs: 5_000, tries: 3, fallback: toA } as const;
const nodes: readonly PlanNode[] = [
  { kind: "extension", id: "ext", ...asking, digits: 5 },
  { kind: "voicemail", id: "mail", ...asking, group: "b", maxMs: 60_000, next: { to: "end" } },
  { kind: "matter-status", id: "status", ...asking, next: { to: "end" } },
];
const entry = (number: string, node: string) => ({ ...base.numbers[0], number, start: { to: "node", node } as const });
const plan: Plan = {
  ...base,
  numbers: [base.numbers[0], entry("+46846500401", "ext"), entry("+46846500402", "mail"), entry("+46846500403", "status")],
  nodes: { ...base.nodes, ...Object.fromEntries(nodes.map((node) => [node.id, node])) },
  direct: [{ first: "+46846512000", last: "+46846512999", node: "ext" }],
};
const numbers = { ext: "+46846500401", mail: "+46846500402", status: "+46846500403" };
const anna: Officer = { id: "anna", name: "Anna", number: "+46846512345", colleague: "12346", group: "b" };

function city() {
  const world = World.of(plan, [{ id: "x", name: "x", competence: generalist(["a", "b"]) }]);
  const said = (): readonly string[] =>
    world.facts.flatMap((fact) => (fact.type === "call.said" ? [fact.prompts] : [])).at(-1) ?? [];
  const lookups = () => world.effects.flatMap((effect) => (effect.do === "look-up" ? [effect] : []));
  return {
    world,
    said,
    lookups,
    stage: (call: string) => world.core.calls.get(call)?.stage,
    step: (call: string) => {
      const stage = world.core.calls.get(call)?.stage;
      return stage?.name === "menu" ? stage.place.step : stage?.name;
    },
    press: (call: string, digits: string) => {
      for (const key of digits) world.take({ type: "key", call, key: key as never });
    },
    answer: (result: Found) => {
      const { call = "", lookup = 0 } = lookups().at(-1) ?? {};
      world.take({ type: "found", call, lookup, result });
    },
    messages: () => world.facts.filter((fact) => fact.type === "call.message"),
    does: (what: string) => world.effects.filter((effect) => effect.do === what),
  };
}

t.test("an extension, typed ahead: the officer is rung and talks with the caller", async (t) => {
  const { world, press, lookups, answer, step, does } = city();
  const call = world.arrive(numbers.ext);
  press(call, "12345");
  t.strictSame(lookups().at(-1)?.query, { for: "extension", digits: "12345" });
  press(call, "99#*");
  t.equal(lookups().length, 1, "what is keyed meanwhile changes nothing");
  answer({ is: "officer", officer: anna });
  t.match(does("dial"), [{ number: anna.number, shows: numbers.ext }]);
  world.pickUp(legId(call, 1));
  world.deliverAll();
  t.equal(step(call), "outside");
  t.match(
    world.facts.filter(({ type }) => type === "call.officer" || type === "call.outside-answered"),
    [{ officer: "anna" }, { number: anna.number }],
  );
  t.equal(world.facts.filter(({ type }) => type === "call.officer")[0]?.type, "call.officer");
});

t.test("an officer's own number goes straight to them, however it is written; others ring the common number", async (t) => {
  for (const dialled of ["+46846512345", "46846512345", "0046846512345", "0846512345", "08-465 123 45"]) {
    const found = entryFor(plan, dialled);
    t.match(found, { number: "+46846512345", extension: "12345" }, dialled);
  }
  t.equal(entryFor(plan, "+46846513000").extension, undefined);
  t.equal(entryFor(plan, "+4684651234").extension, undefined, "too short");
  t.equal(entryFor(plan, "12345").extension, undefined);
  const { world, lookups, answer, said, does } = city();
  const call = world.arrive("0846512345");
  t.strictSame(lookups().at(-1)?.query, { for: "extension", digits: "12345" });
  t.strictSame(does("play"), [], "nobody is greeted");
  answer({ is: "nothing" });
  t.equal(world.core.calls.get(call)?.stage.name, "queue", "who rang a number that nobody has any more reaches a person");
  t.equal(said()[0], "extension-unknown");
});

t.test("an officer's own number: an announcement to all is heard there too, and then they are rung", async (t) => {
  const { world, said, lookups, answer, does } = city();
  const crisis = {
    id: "a1",
    where: "all",
    texts: { sv: "x" },
    until: world.at + 60_000,
    from: "eva",
    alsoWaiting: false,
  } as const;
  world.take({ type: "announcement.set", announcement: crisis });
  const call = world.arrive("+46846512345");
  t.strictSame(said(), ["announcement-a1"]);
  t.equal(lookups().length, 0, "first that");
  world.take({ type: "key.down", call, key: "1" });
  world.take({ type: "key", call, key: "1" });
  t.match(lookups().at(-1)?.query, { for: "extension", digits: "12345" }, "a key goes through it");
  answer({ is: "officer", officer: anna });
  t.equal(does("dial").length, 1);

  const patient = world.arrive("+46846512345", "+46701740606");
  const { n = 0 } = world.core.calls.get(patient)?.playback ?? {};
  world.take({ type: "playback.ended", call: patient, playback: n });
  t.match(lookups().at(-1), { call: patient, query: { digits: "12345" } });
});

t.test("an officer's own number, rung by who is to be rung back: asked about that, and nothing is lost", async (t) => {
  const back = { kind: "callback", id: "back", ...asking, next: { to: "end" } } as const;
  const world = World.of(
    {
      ...plan,
      numbers: [...plan.numbers, entry("+46846500404", "back")] as never,
      nodes: { ...plan.nodes, back },
      callbacks: { attempts: 2, retryMs: 60_000, ringMs: 20_000, nordicMobiles: false },
    },
    [{ id: "x", name: "x", competence: generalist(["a", "b"]) }],
  );
  world.take({ type: "agent.pause", agent: "x", reason: "lunch" });
  const first = world.arrive("+46846500404");
  world.take({ type: "key", call: first, key: "1" });
  const crisis = {
    id: "a1",
    where: "all",
    texts: { sv: "x" },
    until: world.at + 60_000,
    from: "eva",
    alsoWaiting: false,
  } as const;
  world.take({ type: "announcement.set", announcement: crisis });
  const call = world.arrive("+46846512345");
  const said = () => world.facts.flatMap((fact) => (fact.type === "call.said" && fact.call === call ? [...fact.prompts] : []));
  t.strictSame(said(), ["callback-already"], "there is no greeting");
  world.take({ type: "key", call, key: "2" });
  t.strictSame(said(), ["callback-already", "announcement-a1"]);
});

t.test("away: the reason and until when; then the colleague, the group or a message", async (t) => {
  const until = Date.UTC(2026, 10, 24, 13, 2); // 14:02 in Stockholm
  const away = (): ReturnType<typeof city> & { call: string } => {
    const all = city();
    all.world.at = Date.UTC(2026, 10, 23, 9);
    const call = all.world.arrive(numbers.ext);
    all.press(call, "12345");
    all.answer({ is: "officer", officer: { ...anna, absence: { reason: "meeting", until } } });
    return { ...all, call };
  };
  const one = away();
  t.strictSame(one.said(), ["officer-meeting", "officer-back", "day-tomorrow", "hour-14", "minute-5", "officer-choices"]);
  t.strictSame(one.does("dial"), [], "nobody rings who is away");
  one.press(one.call, "1");
  t.strictSame(one.lookups().at(-1)?.query, { for: "extension", digits: "12346" });
  one.answer({ is: "officer", officer: { id: "bo", name: "Bo", number: "+46846512346" } });
  t.match(one.does("dial"), [{ number: "+46846512346" }]);
  one.world.hangUp(legId(one.call, 1), "busy");
  one.world.deliverAll();
  t.strictSame(one.said(), ["officer-busy", "officer-choices"]);
  one.press(one.call, "1");
  t.equal(one.step(one.call), "queue", "without a colleague of his own, somebody answers all the same");

  const two = away();
  two.press(two.call, "2");
  t.match(two.world.core.calls.get(two.call)?.queued, { ask: { group: "b" } });

  const gone = away();
  gone.press(gone.call, "1");
  gone.answer({ is: "nothing" });
  t.strictSame(gone.said(), ["nobody-answered", "officer-choices"], "the colleague has left meanwhile");

  const three = away();
  three.press(three.call, "3");
  t.strictSame(three.said(), ["voicemail-start"]);
  three.world.deliverAll();
  t.equal(three.does("record").length, 1);
  three.world.at += 9_000;
  three.world.take({ type: "recorded", call: three.call, recording: 1, ms: 8_000 });
  three.press(three.call, "1");
  t.match(three.messages(), [{ call: three.call, recording: 1, ms: 8_000, group: "b", officer: "anna", from: "+46701740605" }]);

  const silent = away();
  for (let n = 0; n < 9 && silent.step(silent.call) !== "queue"; n++) {
    silent.world.deliverAll();
    silent.world.pass(6_000);
  }
  t.equal(silent.step(silent.call), "queue", "who says nothing reaches a person");
});

t.test("unknown extensions, slow keys, silence: again, then the fallback", async (t) => {
  const { world, press, answer, said, step, lookups } = city();
  const call = world.arrive(numbers.ext);
  press(call, "00000");
  answer({ is: "nothing" });
  t.strictSame(said(), ["extension-unknown", "key-extension"]);
  press(call, "123");
  world.pass(4_000);
  t.strictSame(lookups().at(-1)?.query, { for: "extension", digits: "123" }, "what stands when the caller stops is taken");
  world.pass(5_000);
  t.strictSame(said(), ["extension-unknown", "key-extension"], "an answer that never comes is none");
  answer({ is: "officer", officer: anna });
  t.equal(step(call), "", "and comes too late afterwards");
  press(call, "*1#");
  answer({ is: "nothing" });
  t.equal(step(call), "queue");
});

t.test("a message: sent by 1 or silence, made anew by 2; nothing said is told; a hang-up sends what was said", async (t) => {
  const recorded = (ms: number) => {
    const all = city();
    const call = all.world.arrive(numbers.mail);
    all.world.deliverAll();
    all.world.at += ms;
    all.world.take({ type: "recorded", call, recording: 1, ms });
    return { ...all, call };
  };
  const one = recorded(4_000);
  one.press(one.call, "#");
  t.strictSame(one.messages(), [], "the # that ended it comes as a key, too, and means nothing");
  one.world.deliverAll();
  one.world.pass(5_000);
  t.match(one.messages(), [{ group: "b", ms: 4_000 }], "silence sends");
  t.strictSame(one.lookups().at(-1)?.query, { for: "matter-made", recording: 1 });
  one.answer({ is: "nothing" });
  t.strictSame(one.said(), ["voicemail-thanks", "goodbye"], "a matter that is not there yet is not spoken of");

  const anew = recorded(4_000);
  anew.press(anew.call, "2");
  t.match(anew.does("drop-recording"), [{ recording: 1 }]);
  t.strictSame(anew.said(), ["voicemail-again"]);
  anew.world.deliverAll();
  anew.world.take({ type: "recorded", call: anew.call, recording: 1, ms: 9_000 });
  t.equal(anew.step(anew.call), "recording", "what is told of the first is too late");
  anew.world.take({ type: "recorded", call: anew.call, recording: 2, ms: 3_000 });
  anew.world.hangUp(anew.call);
  anew.world.deliverAll();
  t.match(anew.messages(), [{ recording: 2, ms: 3_000 }]);
  t.equal(anew.messages().length, 1);

  const empty = recorded(0);
  t.strictSame(empty.said(), ["voicemail-empty", "voicemail-again"]);
  for (const recording of [2, 3]) {
    empty.world.deliverAll();
    empty.world.take({ type: "recorded", call: empty.call, recording, ms: 0 });
  }
  t.equal(empty.step(empty.call), "queue");
  t.equal(empty.does("drop-recording").length, 3);

  for (const [ms, sent] of [
    [1_900, 0],
    [2_000, 1],
  ] as const) {
    const { world, messages, does } = city();
    const call = world.arrive(numbers.mail);
    world.deliverAll();
    world.at += ms;
    world.hangUp(call);
    world.deliverAll();
    t.equal(messages().length, sent, `hung up after ${ms} ms`);
    t.equal(does("drop-recording").length, 1 - sent);
  }
});

t.test("whoever left a message is told its matter's number and code, as often as they want", async (t) => {
  const { world, said, press, answer, lookups, step } = city();
  const call = world.arrive(numbers.mail, null);
  world.deliverAll();
  world.take({ type: "recorded", call, recording: 1, ms: 3_000 });
  press(call, "1");
  t.equal(step(call), "filing");
  press(call, "1");
  t.equal(step(call), "filing", "a key too early means nothing");
  answer({ is: "matter-made" });
  const matter = ["matter-number-is", "told-number", "matter-code-is", "told-code", "matter-told-again"];
  t.strictSame(said(), ["voicemail-thanks", ...matter], "what they are is not known here");
  for (let n = 0; n < 3; n++) {
    press(call, "1");
    t.strictSame(said(), matter);
  }
  world.readBack();
  t.strictSame(lookups().at(-1)?.query, { for: "matter-made", recording: 1 }, "another engine asks for them again");
  answer({ is: "matter-made" });
  t.strictSame(said(), ["voicemail-thanks", ...matter]);
  world.deliverAll();
  world.pass(5_000);
  t.strictSame(said(), ["goodbye"], "silence is enough");
  const other = world.arrive(numbers.mail);
  world.deliverAll();
  world.take({ type: "recorded", call: other, recording: 1, ms: 3_000 });
  press(other, "1");
  world.pass(5_000);
  t.strictSame(said(), ["voicemail-thanks", "goodbye"], "an answer that never comes keeps nobody");
});

t.test("a message outlives the engine: while it is recorded, and when it is over", async (t) => {
  const { world, messages, does, step, press } = city();
  const call = world.arrive(numbers.mail);
  world.deliverAll();
  world.at += 5_000;
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.readBack();
  t.match(does("stop-record"), [{ recording: 1 }]);
  world.pass(5_000);
  t.equal(step(call), "confirm", "its end was told to nobody, and what was said until then counts");
  world.readBack();
  t.equal(step(call), "confirm");
  press(call, "1");
  t.match(messages(), [{ recording: 1, ms: 10_000 }]);
  const gone = world.arrive(numbers.mail);
  world.deliverAll();
  world.at += 5_000;
  world.channels.delete(gone);
  world.readBack();
  t.match(messages().at(-1), { call: gone, recording: 1, ms: 5_000 }, "hung up while no engine was there");
});

t.test(
  "the caller's own matter: number and code, its status, and the call ends; wrong ones thrice lead to a person",
  async (t) => {
    const { world, press, lookups, answer, said, step } = city();
    const call = world.arrive(numbers.status);
    press(call, "2026000123#");
    t.strictSame(said(), ["key-matter-code"], "the # they were asked for is no empty code");
    press(call, "0471");
    t.strictSame(lookups().at(-1)?.query, { for: "matter", number: "2026000123", code: 4 });
    answer({ is: "matter", status: "waiting-for-you" });
    t.strictSame(said(), ["matter-status-waiting-for-you", "goodbye"]);
    t.notMatch(JSON.stringify(world.facts), "0471", "no code in the facts");

    const other = world.arrive(numbers.status);
    for (let n = 0; n < 3; n++) {
      press(other, "1#2#");
      answer({ is: "nothing" });
    }
    t.equal(step(other), "queue");
  },
);

t.test(
  "whatever is keyed, told or hung up, in any order: no step throws, and a call that stays comes to a person or an end",
  async () => {
    const strings = ["ext", "mail", "status"] as const;
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.record({ what: fc.constant("key" as const), key: fc.constantFrom(...keys) }) },
      fc.record({ what: fc.constant("pass" as const), ms: fc.nat(8_000) }),
      fc.record({ what: fc.constant("recorded" as const), n: fc.nat(3), ms: fc.nat(9_000) }),
      fc.record({ what: fc.constant("found" as const), of: fc.nat(3), absent: fc.boolean() }),
      fc.constantFrom(
        { what: "deliver" as const },
        { what: "down" as const },
        { what: "pick-up" as const },
        { what: "kill" as const },
      ),
    );
    const results = (absent: boolean): Found[] => [
      { is: "nothing" },
      { is: "officer", officer: absent ? { ...anna, absence: { reason: "ill" } } : anna },
      { is: "matter", status: "done" },
      { is: "matter-made" },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...strings), fc.array(event, { maxLength: 60 }), (start, events) => {
        const { world, lookups, messages } = city();
        const call = world.arrive(numbers[start]);
        for (const one of events) {
          if (one.what === "key") world.take({ type: "key", call, key: one.key });
          else if (one.what === "pass") world.pass(one.ms);
          else if (one.what === "down") world.take({ type: "key.down", call, key: "2" });
          else if (one.what === "recorded") world.take({ type: "recorded", call, recording: one.n, ms: one.ms });
          else if (one.what === "deliver") world.deliver();
          else if (one.what === "kill") world.kill(0, "arrives");
          else if (one.what === "pick-up") for (let n = 1; n < 9; n++) world.pickUp(legId(call, n));
          else {
            const result = results(one.absent)[one.of];
            const lookup = lookups().at(-1)?.lookup ?? 0;
            if (result) world.take({ type: "found", call, lookup, result });
          }
        }
        for (let n = 0; n < 60; n++) {
          world.deliverAll();
          if (world.core.calls.get(call)?.stage.name !== "menu") break;
          world.pass(70_000);
        }
        const stage = world.core.calls.get(call)?.stage.name;
        if (stage === "menu") throw new Error("it is held for ever");
        const sent = new Set(messages().map((fact) => (fact.type === "call.message" ? fact.recording : 0)));
        if (sent.size !== messages().length) throw new Error("a message was sent twice");
      }),
      { numRuns: 3_000 },
    );
  },
);

t.test("three thousand digits", async (t) => {
  for (const number of Object.values(numbers)) {
    const { world, press, step } = city();
    const call = world.arrive(number);
    press(call, "7".repeat(3_000));
    world.deliverAll();
    for (let n = 0; n < 20 && world.core.calls.get(call)?.stage.name === "menu"; n++) {
      world.deliverAll();
      world.pass(70_000);
    }
    t.ok(["queue", "goodbye", "over", "talk", undefined].includes(step(call)), `${number}: ${step(call)}`);
    t.ok(snapshotOf(world.core).length < 20_000);
  }
});
