import assert from "node:assert/strict";
import fc from "fast-check";
import { pino } from "pino";
import t from "tap";
import { type ErrorCode, KontaktlotsError } from "../../src/core/errors.ts";
import { sendDue } from "../../src/outbox/send.ts";
import { MemoryOutbox } from "../support/memory-outbox.ts";

const pauseMs = { first: 100, longest: 1_000 };
const mostFailures = 6;

/** How one try comes out: sent, not sent, or never. */
type Way = "sent" | "MAIL_FAILED" | "SMS_REFUSED" | "STORE_FAILED";

function sending(ways: Iterator<Way>) {
  const outbox = new MemoryOutbox();
  const tried: { readonly key: string; readonly at: number; readonly way: Way }[] = [];
  const givenUp: string[] = [];
  const lines: string[] = [];
  const clock = { now: 0 };
  const round = () =>
    sendDue({
      ...{ outbox, pauseMs, mostFailures, now: () => clock.now, notSent: "MAIL_FAILED", never: "SMS_REFUSED" },
      log: pino({ level: "debug" }, { write: (line: string) => void lines.push(line) }),
      send: async ({ key }) => {
        const way = ways.next().value ?? "sent";
        tried.push({ key, at: clock.now, way });
        if (way !== "sent") throw new KontaktlotsError(way satisfies ErrorCode, "It broke.", "Mend it.");
      },
      givenUp: "This one is given up.",
      onGivenUp: async ({ key }) => void givenUp.push(key),
    });
  return { outbox, tried, givenUp, lines, clock, round };
}
const always = function* (...ways: readonly Way[]): Generator<Way> {
  for (;;) yield* ways;
};

t.test("twice as long a pause after each failure, up to the longest, and given up in the end", async (t) => {
  const { outbox, tried, givenUp, lines, clock, round } = sending(always("MAIL_FAILED"));
  outbox.put("a", "anna@example.org", 0);
  for (; clock.now < 10_000; clock.now += 50) await round();
  t.strictSame(
    tried.map(({ at }) => at),
    [0, 100, 300, 700, 1_500, 2_500],
  );
  t.strictSame(givenUp, ["a"]);
  t.equal(outbox.kept.size, 0);
  const told = lines.map((line) => JSON.parse(line) as object);
  t.match(told[0], { level: 40, code: "MAIL_FAILED", about: "a", failures: 1 });
  t.match(told.at(-1), { level: 50, failures: 6, msg: /given up/ });
  t.notMatch(lines.join(), /example\.org/, "to whom, is in no log");
});

t.test("one that fails keeps no other waiting; what will never go out is not tried again, nor given up", async (t) => {
  const { outbox, tried, givenUp, lines, clock, round } = sending(always("SMS_REFUSED", "sent"));
  for (const key of ["a", "b"]) outbox.put(key, "x", 0);
  await round();
  clock.now = 1e9;
  await round();
  t.match(tried, [
    { key: "a", way: "SMS_REFUSED" },
    { key: "b", way: "sent" },
  ]);
  t.strictSame(givenUp, []);
  t.match(JSON.parse(lines.at(-1) ?? ""), { level: 50, code: "SMS_REFUSED" });
});

t.test("what is no failure of sending ends the round, and nothing is lost", async (t) => {
  const { outbox, tried, round } = sending((["STORE_FAILED"] as const).values());
  for (const key of ["a", "b"]) outbox.put(key, "x", 0);
  await t.rejects(round(), { code: "STORE_FAILED" });
  t.equal(outbox.kept.size, 2);
  await round();
  t.strictSame(
    tried.map(({ key }) => key),
    ["a", "a", "b"],
  );
});

t.test("whatever happens, each is sent once at most, and is tried no more often than it may be", async () => {
  const ways = fc.array(fc.constantFrom<Way>("sent", "MAIL_FAILED", "MAIL_FAILED", "SMS_REFUSED"), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      ways,
      fc.array(fc.nat(400), { maxLength: 60 }),
      fc.integer({ min: 1, max: 30 }),
      async (ways, waits, many) => {
        const { outbox, tried, clock, round } = sending(ways.values());
        for (let n = 0; n < many; n++) outbox.put(`k${n}`, "x", 0);
        for (const wait of [...waits, ...Array<number>(12).fill(pauseMs.longest)]) {
          await round();
          clock.now += wait;
        }
        assert.equal(outbox.kept.size, 0, "none stays for ever");
        for (const tries of Map.groupBy(tried, ({ key }) => key).values()) {
          assert.ok(tries.length <= mostFailures);
          assert.ok(tries.slice(0, -1).every(({ way }) => way === "MAIL_FAILED"));
          for (const [n, { at }] of tries.slice(1).entries())
            assert.ok(at - (tries[n]?.at ?? 0) >= Math.min(pauseMs.first * 2 ** n, pauseMs.longest));
        }
      },
    ),
    { numRuns: 200 },
  );
});
