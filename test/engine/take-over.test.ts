import { pino } from "pino";
import t from "tap";
import { emptyState } from "../../src/core/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import type { Telephony } from "../../src/telephony/telephony.ts";
import { Journal } from "../support/sip/journal.ts";

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
