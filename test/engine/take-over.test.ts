import { pino } from "pino";
import t, { type Test } from "tap";
import type { Effect } from "../../src/core/effects.ts";
import { KontaktlotsError } from "../../src/core/errors.ts";
import type { LiveChannel } from "../../src/core/events.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { type CoreState, emptyState } from "../../src/core/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import type { Telephony, TelephonyListener } from "../../src/telephony/telephony.ts";
import { plan } from "../core/cities.ts";
import { generalist } from "../support/competence.ts";
import { Journal } from "../support/sip/journal.ts";

/** An engine and its line to an Asterisk that the test plays. */
function rig(t: Test, readBack: () => Promise<LiveChannel[]>, core: CoreState = emptyState(), clock = { at: 1_000_000 }) {
  const { log, lastSeq } = openMemoryLog();
  const performed = new Journal<Effect>("effects", (effect) => effect.do);
  const line = new Journal<string>("line");
  let listener: TelephonyListener | undefined;
  const telephony: Telephony = {
    perform: (effect) => performed.add(effect),
    readBack: async () => {
      line.add("read back");
      return await readBack();
    },
    beat: () => {},
    close: async () => {},
  };
  const engine = new Engine({
    ...{ core, log, lastSeq },
    logger: pino({ level: "silent" }),
    now: () => clock.at,
    telephony: (heard) => {
      listener = heard;
      return telephony;
    },
    onLine: (state) => line.add(state),
    onReplaced: () => t.fail("replaced"),
  });
  t.teardown(() => engine.close());
  return { engine, performed, line, up: () => listener?.up(), down: (error: KontaktlotsError) => listener?.down(error) };
}

const slow = () => new KontaktlotsError("ARI_TIMEOUT", "Asterisk did not answer.", "Look at its load.");

t.test("Asterisk cannot be read back although the line is there: it is tried again, and calls are served", async (t) => {
  let tries = 0;
  const { engine, line, up } = rig(t, async () => {
    if (++tries < 3) throw slow();
    return [];
  });
  up();
  await line.when("served", (word) => word === "connected");
  t.equal(tries, 3);
  t.ok(engine.serving);
});

t.test("the line is lost while Asterisk is read back: the next line is another matter", async (t) => {
  const asked: PromiseWithResolvers<LiveChannel[]>[] = [];
  const { engine, line, up, down } = rig(t, () => {
    const next = Promise.withResolvers<LiveChannel[]>();
    asked.push(next);
    return next.promise;
  });
  up();
  down(slow());
  up();
  asked[0]?.resolve([]);
  await new Promise((resolve) => setImmediate(resolve));
  t.notOk(engine.serving, "what the old line told is no longer so");
  asked[1]?.resolve([]);
  await line.when("served", (word) => word === "connected");
  t.equal(asked.length, 2, "and nothing is asked twice");
});

t.test("times that ran out while nobody served count when all is known, not before", async (t) => {
  const clock = { at: 1_000_000 };
  const first = rig(t, async () => [], emptyState(), clock);
  const take = first.engine.handle.bind(first.engine);
  take({ type: "plan.set", plan });
  take({ type: "agents.set", agents: [{ id: "anna", name: "Anna", competence: generalist(["b"]) }] });
  take({ type: "phones", agent: "anna", phones: { browser: false, desk: true } });
  take({ type: "agent.available", agent: "anna" });
  take({ type: "call.arrived", call: "c1", dialled: "+46846500401", from: null, tag: null });
  const core = restore(snapshotOf(first.engine.core)) ?? emptyState();
  t.match(core.agents.get("anna"), { state: "ringing" });
  const before = snapshotOf(core);

  clock.at += 3_600_000;
  const arrival = { dialled: "+46846500401", from: null, tag: null };
  const caller = { id: "c1", up: true, bridge: null, agent: null, arrival };
  const { engine, line, performed, up } = rig(t, async () => [caller], core, clock);
  // Whatever is overdue has fired by the time one set after it does.
  await new Promise((resolve) => setTimeout(resolve, 1));
  t.equal(snapshotOf(engine.core), before, "an hour too late, and nobody has looked what became of the ring");
  up();
  await line.when("served", (word) => word === "connected");
  t.match(engine.core.agents.get("anna"), { missedInRow: 0 }, "the agent is not to blame");
  t.ok(
    performed.all.some((effect) => effect.do === "offer"),
    "and is rung anew",
  );
});

t.test("what became due while there was no engine happens when Asterisk has been read back, not before", async (t) => {
  const core = emptyState();
  core.timers.set("outside:c1", 0);
  const events = new Journal<string>("events");
  const up = Promise.withResolvers<() => void>();
  const telephony: Telephony = {
    perform: () => {},
    // As long as the shortest of timers.
    readBack: () => new Promise((resolve) => setTimeout(resolve, 1, [])),
    beat: () => {},
    close: async () => {},
  };
  const engine = new Engine({
    ...{ core, ...openMemoryLog(), now: Date.now },
    logger: pino({ level: "silent" }),
    telephony: (listener) => {
      up.resolve(() => listener.up());
      return telephony;
    },
    onTurn: ({ type }) => events.add(type),
    onReplaced: () => t.fail("replaced"),
  });
  t.teardown(() => engine.close());
  (await up.promise)();
  await events.when("the timer", (type) => type === "timer");
  t.strictSame(events.all, ["read-back", "timer"]);
});
