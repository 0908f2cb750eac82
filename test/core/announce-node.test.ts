import t from "tap";
import type { Query } from "../../src/core/effects.ts";
import type { Found } from "../../src/core/events.ts";
import type { Key } from "../../src/core/plan/plan.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { plan } from "./cities.ts";
import { World } from "./world.ts";

const text = { sv: "Kris", en: "Crisis" };
const [common] = plan.numbers;
const withDesk = {
  ...plan,
  numbers: [common, { ...common, number: "+46846500406", start: { to: "node", node: "desk" } }] as const,
  nodes: {
    ...plan.nodes,
    desk: { kind: "announce", id: "desk", label: text, waitMs: 5_000, tries: 3, fallback: { to: "end" } },
  },
} as const;

/** Somebody at the desk. */
function visitor() {
  const world = World.of(withDesk, []);
  const call = world.arrive("+46846500406");
  const said = () => world.facts.flatMap((fact) => (fact.type === "call.said" ? fact.prompts : []));
  return {
    world,
    call,
    said,
    last: () => said().at(-1),
    press: (keys: string) => {
      for (const key of keys) world.take({ type: "key", call, key: key as Key });
    },
    asked: (): Query | undefined => {
      const effect = world.effects.findLast((one) => one.do === "look-up");
      return effect?.do === "look-up" ? effect.query : undefined;
    },
    answer: (result: Found) => world.take({ type: "found", call, lookup: world.core.calls.get(call)?.lookups ?? 0, result }),
    spoken: () => {
      const playback = world.core.calls.get(call)?.playback?.n;
      if (playback !== undefined) world.take({ type: "playback.ended", call, playback });
    },
    recorded: (ms: number) => world.take({ type: "recorded", call, recording: world.core.calls.get(call)?.recordings ?? 0, ms }),
  };
}

function admitted() {
  const at = visitor();
  at.press("314159#");
  at.answer({ is: "admitted", who: "eva" });
  return at;
}

t.test("a PIN, a message, listened to, recorded again, confirmed", async (t) => {
  const at = visitor();
  t.strictSame(at.said(), ["greeting", "announce-pin"]);
  at.press("314159#");
  t.strictSame(at.asked(), { for: "pin", pin: 6 });
  at.answer({ is: "admitted", who: "eva" });
  t.equal(at.last(), "announce-choices");
  for (const n of [1, 2]) {
    at.press(n === 1 ? "1" : "2");
    t.equal(at.last(), "announce-record");
    at.spoken();
    t.match(
      at.world.effects.findLast((effect) => effect.do === "record"),
      { recording: n, maxMs: 90_000 },
    );
    at.recorded(4_000);
    t.strictSame(at.said().slice(-2), [`recorded-${n}`, "announce-confirm"]);
  }
  at.press("1");
  t.strictSame(at.asked(), { for: "publish", recording: 2, who: "eva", until: at.world.at + 2 * 3_600_000 });
  at.answer({ is: "published" });
  t.strictSame(at.said().slice(-2), ["announce-published", "goodbye"]);
  t.notMatch(JSON.stringify(at.world.facts), /314159/);
  t.strictSame(
    at.world.facts.flatMap((fact) => (fact.type === "call.key" ? [fact.key] : [])),
    ["1", "2", "1"],
    "the PIN's keys are in no fact",
  );
});

t.test("a wrong PIN three times ends the call; so does an answer that never comes", async (t) => {
  const at = visitor();
  for (let n = 0; n < 3; n++) {
    at.press("1111#");
    if (n === 1) at.world.pass(8_000);
    else at.answer({ is: "nothing" });
  }
  t.strictSame(at.said().slice(-2), ["announce-wrong-pin", "goodbye"]);
});

t.test("what is in force is cleared, by name", async (t) => {
  const at = admitted();
  const { world } = at;
  const announcement = {
    id: "a",
    where: "all",
    texts: { sv: "x" },
    until: world.at + 1,
    from: "olle",
    alsoWaiting: false,
  } as const;
  world.take({ type: "announcement.set", announcement: { ...announcement, until: world.at + 60_000 } });
  at.press("2");
  t.strictSame(world.core.announcements, []);
  t.match(
    world.facts.findLast(({ type }) => type === "announcement.cleared"),
    { announcement: "a", by: "eva" },
  );
  t.strictSame(at.said().slice(-2), ["announce-cleared", "goodbye"]);
});

t.test("no message, no publishing, no key, keys never heard of, 3,000 digits: a clear outcome each", async (t) => {
  const empty = admitted();
  empty.press("1");
  empty.spoken();
  empty.recorded(0);
  t.strictSame(empty.said().slice(-2), ["voicemail-empty", "announce-record"]);
  empty.spoken();
  empty.recorded(3_000);
  empty.press("1");
  empty.answer({ is: "nothing" });
  t.strictSame(empty.said().slice(-2), ["announce-failed", "announce-choices"]);
  empty.press("7");
  t.strictSame(empty.said().slice(-2), ["wrong-key", "announce-choices"]);

  const silent = visitor();
  for (let n = 0; n < 3; n++) {
    silent.spoken();
    silent.world.pass(5_000);
  }
  t.equal(silent.last(), "goodbye");

  const many = visitor();
  many.press("1".repeat(3_000));
  t.strictSame(many.asked(), { for: "pin", pin: 8 });
  t.equal(many.world.effects.filter((effect) => effect.do === "look-up").length, 1, "no more while one is looked at");
});

t.test("what was recorded and not published is not kept: hung up, no key, or the engine was away", async (t) => {
  const dropped = ({ world }: ReturnType<typeof visitor>) =>
    world.effects.flatMap((effect) => (effect.do === "drop-recording" ? [effect.recording] : []));
  const recording = () => {
    const at = admitted();
    at.press("1");
    at.spoken();
    return at;
  };
  const confirming = () => {
    const at = recording();
    at.recorded(4_000);
    return at;
  };
  for (const at of [recording(), confirming()]) {
    at.world.hangUp(at.call);
    at.world.deliverAll();
    t.strictSame(dropped(at), [1], "hung up");
  }
  for (const at of [recording(), confirming()]) {
    at.world.core = restore(snapshotOf(at.world.core)) ?? at.world.core;
    at.world.readBack();
    t.equal(at.last(), "announce-choices");
    t.strictSame(dropped(at), [1], "lost with the engine");
  }
  const silent = confirming();
  for (let n = 0; n < 3; n++) {
    silent.spoken();
    silent.world.pass(5_000);
  }
  t.equal(silent.last(), "goodbye");
  t.strictSame(dropped(silent), [1], "no key");
  const published = confirming();
  published.press("1");
  published.world.hangUp(published.call);
  published.world.deliverAll();
  t.strictSame(dropped(published), [], "whoever publishes it takes it away");
});

t.test("nothing but silence is recorded: asked again, and then the call ends", async (t) => {
  const at = admitted();
  at.press("1");
  for (let n = 0; n < 3; n++) {
    at.spoken();
    at.recorded(0);
  }
  t.strictSame(at.said().slice(-3), ["announce-record", "voicemail-empty", "goodbye"]);

  const second = admitted();
  second.press("1");
  for (const ms of [0, 0, 2_000]) {
    second.spoken();
    second.recorded(ms);
  }
  t.equal(second.last(), "announce-confirm", "the third is one");
  second.press("2");
  second.spoken();
  second.recorded(0);
  t.equal(second.last(), "announce-record", "and whoever records anew has all tries again");
});

t.test("a key while it is told how to record: the recording begins when that key is let go", async (t) => {
  const at = admitted();
  at.press("1");
  at.world.take({ type: "key.down", call: at.call, key: "#" });
  const recordings = () => at.world.effects.filter((effect) => effect.do === "record").length;
  t.equal(recordings(), 0, "not while it is held: Asterisk would end the recording by it");
  at.press("#");
  t.equal(recordings(), 1);
  at.press("5");
  t.equal(recordings(), 1, "keys while recording change nothing");

  const held = admitted();
  held.press("1");
  held.world.take({ type: "key.down", call: held.call, key: "#" });
  held.world.pass(5_000);
  t.match(
    held.world.effects.findLast((effect) => effect.do === "record"),
    { recording: 1 },
    "and a key whose end is never told is no reason to wait on",
  );
});

t.test("the hash that ends the recording is told after it, and is no wrong key", async (t) => {
  const at = admitted();
  at.press("1");
  at.spoken();
  at.recorded(4_000);
  at.press("#");
  t.strictSame(at.said().slice(-2), ["recorded-1", "announce-confirm"]);
  at.press("1");
  t.match(at.asked(), { for: "publish" });
});

t.test("the end of a recording that never comes is not waited for", async (t) => {
  const at = admitted();
  at.press("1");
  at.spoken();
  at.world.pass(90_000 + 5_000);
  t.strictSame(at.said().slice(-2), ["announce-failed", "announce-choices"]);
  t.match(
    at.world.effects.findLast((effect) => effect.do === "drop-recording"),
    { recording: 1 },
  );
  at.recorded(90_000);
  t.equal(at.last(), "announce-choices", "nor taken when it comes late");
});

t.test("what was recorded and is not to be heard is not kept", async (t) => {
  const at = admitted();
  const dropped = () => at.world.effects.flatMap((effect) => (effect.do === "drop-recording" ? [effect.recording] : []));
  at.press("1");
  for (const keys of ["2", "3"]) {
    at.spoken();
    at.recorded(4_000);
    at.press(keys);
  }
  t.strictSame(dropped(), [1, 2], "recorded anew, and given up");
  at.press("1");
  at.spoken();
  at.recorded(0);
  t.strictSame(dropped(), [1, 2, 3], "empty");
});

t.test("hung up, not published, or lost with an engine: no recording is left", async (t) => {
  const dropped = ({ world }: ReturnType<typeof visitor>) =>
    world.effects.flatMap((effect) => (effect.do === "drop-recording" ? [effect.recording] : []));
  const recording = () => {
    const at = admitted();
    at.press("1");
    at.spoken();
    return at;
  };
  const speaks = recording();
  speaks.world.hangUp(speaks.call);
  speaks.world.deliverAll();
  t.strictSame(dropped(speaks), [1], "hung up while speaking");

  const listens = recording();
  listens.recorded(4_000);
  listens.world.hangUp(listens.call);
  listens.world.deliverAll();
  t.strictSame(dropped(listens), [1], "hung up instead of confirming");

  const killed = recording();
  killed.world.readBack();
  t.strictSame(dropped(killed), [1], "the engine was away");

  const published = recording();
  published.recorded(4_000);
  published.press("1");
  published.world.hangUp(published.call);
  published.world.deliverAll();
  t.strictSame(dropped(published), [], "being published: that takes it away itself");
});

t.test("the engine was away meanwhile: what is known of the caller is kept, what was recorded is not", async (t) => {
  const unknown = visitor();
  unknown.press("314");
  unknown.world.readBack();
  t.equal(unknown.last(), "announce-pin");
  unknown.press("314159#");
  t.strictSame(unknown.asked(), { for: "pin", pin: 6 });
  const known = admitted();
  known.press("1");
  known.spoken();
  known.world.readBack();
  t.equal(known.last(), "announce-choices");
});
