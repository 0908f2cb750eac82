import { pino } from "pino";
import t from "tap";
import type { Effect } from "../../src/core/effects.ts";
import type { Key } from "../../src/core/plan/plan.ts";
import { emptyState } from "../../src/core/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { EventLog } from "../../src/store/event-log.ts";
import { plan } from "../core/cities.ts";

/** What a key leads to waits for the disk; that speech ends does not. */

t.test("speech ends at once, and what is said instead comes when the key is on the disk, in order", async (t) => {
  const done: string[] = [];
  let onDisk = Promise.withResolvers<void>();
  const log: EventLog = {
    append: () => {},
    flush: () => {},
    settled: () => onDisk.promise,
    saveSnapshot: () => {},
    erase: () => {},
    close: async () => {},
  } as never;
  const perform = (effect: Effect) => {
    if (effect.do === "play" || effect.do === "stop-play") done.push(`${effect.do} ${effect.playback}`);
  };
  let at = 1_000_000;
  const engine = new Engine({
    ...{ core: emptyState(), log, lastSeq: 0, logger: pino({ level: "silent" }) },
    now: () => at++,
    telephony: () => ({ perform, readBack: async () => [], beat: () => {}, close: async () => {} }) as never,
    onReplaced: () => t.fail("replaced"),
  });
  t.teardown(() => engine.close());
  const written = async () => {
    onDisk.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    onDisk = Promise.withResolvers();
    return done.splice(0);
  };
  const press = (key: Key) => {
    engine.handle({ type: "key", call: "c", key });
    return done.splice(0);
  };
  engine.handle({ type: "plan.set", plan });
  engine.handle({ type: "call.arrived", call: "c", dialled: "+46846500400", from: null, tag: null });
  t.strictSame(done.splice(0), ["play 1"]);
  t.strictSame(press("*"), ["stop-play 1"]);
  t.strictSame(await written(), ["play 2"]);

  t.strictSame(press("*"), ["stop-play 2"]);
  t.strictSame(press("*"), [], "what has not begun yet cannot be ended yet");
  t.strictSame(await written(), ["play 3", "stop-play 3", "play 4"]);
});
