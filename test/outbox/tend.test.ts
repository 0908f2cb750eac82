import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import t, { type Test } from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { tend } from "../../src/outbox/tend.ts";

/** Longer than any test: a look after this one is none that comes by itself. */
const never = 2_000_000_000;

/** A job that tells of each look, and does what it is told to do in it. */
function job(t: Test, pauses: readonly number[]) {
  const events = new EventEmitter();
  const lines: { readonly level: number; readonly msg: string; readonly code?: string }[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  let looks = 0;
  let act: () => Promise<void> = async () => {};
  const tending = tend(
    log,
    {
      "Something is done": async () => {
        looks += 1;
        events.emit("look");
        await act();
      },
      "Something else is done": async () => void events.emit("round"),
    },
    pauses,
  );
  t.teardown(() => tending.close());
  return {
    ...{ tending, lines },
    looks: () => looks,
    untilLook: async (n: number) => {
      while (looks < n) await once(events, "look");
    },
    untilRound: () => once(events, "round"),
    does: (what: () => Promise<void>) => {
      act = what;
    },
  };
}

t.test("looked at the start, once more, and then only when woken: at once, and again for what comes late", async (t) => {
  const { tending, untilLook } = job(t, [0, never]);
  await untilLook(2);
  for (let woken = 1; woken <= 3; woken++) {
    // Not before it sleeps.
    await new Promise((resolve) => setImmediate(resolve));
    tending.wake();
    await untilLook(2 + 2 * woken);
  }
  t.pass("a sleeper that is not woken would sleep for weeks");
});

t.test("woken while it looks: what came meanwhile is looked at too", async (t) => {
  const { tending, untilLook, does, looks } = job(t, [0, 0, never]);
  does(async () => {
    if (looks() === 3) tending.wake();
  });
  await untilLook(5);
  t.pass("the third would have been the last");
});

t.test("however often it is woken, a pause lies between two looks", async (t) => {
  const { tending, untilRound, looks } = job(t, [never]);
  await untilRound();
  for (let n = 0; n < 50; n++) {
    tending.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.equal(looks(), 1);
});

t.test("what fails is told once and does not keep the others waiting; that it works again is told too", async (t) => {
  const { untilLook, untilRound, does, lines } = job(t, [0]);
  does(async () => {
    throw new KontaktlotsError("STORE_FULL", "It is full.", "Make room.");
  });
  await untilLook(4);
  await untilRound();
  t.match(lines, [{ level: 40, code: "STORE_FULL", msg: /^Something is done: STORE_FULL: It is full/ }]);
  t.equal(lines.length, 1);
  does(async () => {});
  while (lines.length < 2) await untilRound();
  t.match(lines[1], { level: 30, msg: "It works again: Something is done." });
});

t.test("closed: what is being done is waited for, and nothing more is", async (t) => {
  const { tending, untilLook, does, looks } = job(t, [0]);
  let done = 0;
  does(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    done = looks();
  });
  await untilLook(3);
  await tending.close();
  t.equal(done, looks());
  const before = looks();
  tending.wake();
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(looks(), before);
});
