import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { planFile } from "../../src/plans/load.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { startEngine } from "./engine-alone.ts";
import { firstTone } from "./hearing.ts";
import { bothHear, citizen, desk, directNumber, menuNumber, promptTones, talk, tonePlan } from "./people.ts";

/** One engine decides, never two and, for the caller, never none. */

/** The log of engine and front, line by line. */
async function logOf(sys: TestSystem): Promise<string[]> {
  return (await readFile(join(sys.stateDir, stateFiles.lines), "utf8")).split("\n");
}

t.test("engines", async (t) => {
  const planDir = await tonePlan(t);
  const sys = await testSystem(t, { agents: { anna: ["b"], bo: ["b"] }, planDir });
  const anna = await desk(t, sys, "anna");
  const caller = await citizen(t, sys);
  const { call, leg } = await talk(caller, anna);
  const waiter = await caller.dial(directNumber, { from: "0701740606" });
  await sys.facts("call.queued", 2);

  await t.test("a second engine on the same log is refused, and disturbs nothing", async (t) => {
    const { pid } = sys.system.engine;
    const second = await startEngine(t, sys, "same");
    const failed = await second.words.when("the refusal", (word) => typeof word === "object" && "failed" in word);
    t.match(failed, { failed: { code: "STORE_LOCKED" } });
    t.equal(await second.exited, 1);
    t.equal(sys.system.engine.pid, pid);
    await bothHear(call, leg);
  });

  await t.test("an engine whose place is taken stops at once; whoever has it goes on with the calls", async (t) => {
    const ended = once(sys.system.engine, "ended");
    const back = once(sys.system.engine, "serving");
    const { pid } = sys.system.engine;
    const second = await startEngine(t, sys, "own");
    t.match(await ended, [{ code: 1, stalled: false }], "the first has ended itself");
    const lines = (await logOf(sys)).filter((line) => line.includes(`"pid":${pid},`));
    t.match(lines.at(-1), /ARI_REPLACED/, "and said why, as its last word");

    // Its supervisor starts it again, so now the other one is replaced.
    await back;
    t.equal(await second.exited, 1);
    await bothHear(call, leg);
    call.hangUp();
    await leg.ended();
    const next = await anna.nextCall();
    next.pickUp();
    waiter.media.play(440);
    next.media.play(1000);
    await bothHear(waiter, next);
    waiter.hangUp();
    await next.ended();
    await sys.empty();
    await sys.agent("anna", (view) => view.state === "available");
    t.equal((await sys.facts("call.ended", 2)).length, 2, "each call is over once");
  });

  for (const signal of ["SIGKILL", "SIGSTOP"] as const) {
    await t.test(`who rings while the engine is gone (${signal}) hears ringing, then the greeting, and no apology`, async (t) => {
      const arrived = (await sys.facts("call.arrived", 0)).length;
      const serving = once(sys.system.engine, "serving");
      const gone = once(sys.system.engine, "ended");
      const since = performance.now();
      process.kill(sys.system.engine.pid ?? Number.NaN, signal);
      if (signal === "SIGKILL") await gone;
      const call = await caller.dial(menuNumber);
      await call.gets(180);
      const rung = performance.now();
      await serving;
      const waitedMs = Math.round(performance.now() - rung);
      await call.gets("200 INVITE");
      await call.media.hears(promptTones.greeting);
      t.comment(`away ${Math.round(performance.now() - since)} ms, rung for ${waitedMs} ms`);
      // The dialplan waits for 2 s before it apologises, or hands a call to an engine whose last heartbeat is not 1 s old. A machine
      // too busy to be that fast has reason to apologise.
      const inTime = signal === "SIGKILL" ? waitedMs < 1_500 : rung - since < 700;
      if (inTime)
        t.equal(await firstTone(call, Object.values(promptTones)), promptTones.greeting, "the first sound is the greeting");
      t.equal((await sys.facts("call.arrived", arrived + 1)).length, arrived + 1, "one arrival");
      call.hangUp();
      await sys.facts("call.ended", arrived + 1);
      await sys.empty();
    });
  }

  await t.test(
    "a plan that was broken on disk meanwhile keeps no engine from serving: it waits for the next `npm start`",
    async () => {
      await writeFile(join(planDir, planFile), "id: [");
      const { engine } = sys.system;
      const serving = once(engine, "serving");
      process.kill(engine.pid ?? Number.NaN, "SIGKILL");
      await serving;
      const call = await caller.dial(menuNumber);
      await call.gets("200 INVITE");
      await call.media.hears(promptTones.greeting);
      call.hangUp();
      await sys.empty();
    },
  );
});
