import { pino } from "pino";
import t from "tap";
import { PinGuard } from "../../src/engine/pin-guard.ts";

const minute = 60_000;

function guarded() {
  const told: string[] = [];
  const clock = { now: 1_000_000 };
  const log = pino({ level: "warn" }, { write: (line: string) => void told.push(line) });
  const guard = new PinGuard(() => clock.now, log);
  let looks = 0;
  const key = (digits: string, line = "+46701740605") =>
    guard.admit(line, async () => {
      looks++;
      return digits === "314159" ? "eva" : undefined;
    });
  return { told, clock, key, looks: () => looks };
}

t.test("five wrong PINs lock a line for 15 minutes, the right one too, and the log is told once with its code", async (t) => {
  const { told, clock, key, looks } = guarded();
  for (let n = 0; n < 5; n++) t.equal(await key("000000"), undefined);
  t.equal(await key("314159"), undefined);
  t.equal(looks(), 5, "it is not even looked at");
  t.equal(told.length, 1);
  t.match(JSON.parse(told[0] ?? ""), { code: "PIN_LOCKED", line: "+46701740605" });
  t.equal(await key("314159", "+46701740606"), "eva", "other lines are not");
  clock.now += 15 * minute;
  t.equal(await key("314159"), "eva");
});

t.test("the right PIN wipes out what was wrong before", async (t) => {
  const { key } = guarded();
  for (let round = 0; round < 3; round++) {
    for (let n = 0; n < 4; n++) await key("000000");
    t.equal(await key("314159"), "eva");
  }
});

t.test("a store that fails locks nobody out: when it is well again the right PIN is admitted", async (t) => {
  const guard = new PinGuard(() => 1_000_000, pino({ level: "silent" }));
  const fails = async () => Promise.reject(new Error("the disk"));
  for (let n = 0; n < 6; n++) await t.rejects(guard.admit("+46701740605", fails), { message: "the disk" });
  t.equal(await guard.admit("+46701740605", async () => "eva"), "eva");
});

t.test("many at a time are many; and 25 wrong ones from forged numbers lock all", async (t) => {
  const { key, looks } = guarded();
  await Promise.all(Array.from({ length: 20 }, () => key("000000")));
  t.equal(looks(), 5);
  for (let n = 0; n < 30; n++) await key("000000", `+4670000${n}`);
  t.equal(looks(), 25);
  t.equal(await key("314159", "+46709999999"), undefined);
});
