import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { callerNumber } from "../../src/telephony/ari/numbers.ts";
import type { Call } from "../support/sip/call.ts";
import { type TestSystem, testSystem } from "../support/system.ts";
import { bothHear, citizen, desk, directNumber, menuNumber } from "./people.ts";

/** A caller who withholds the number is nobody's to know: no page, no log, no database, no file of ours or of Asterisk's. */

const secret = "0701987654";
/** As it would stand anywhere, national or international. */
const trace = "701987654";

/** Files in the state folder in which these digits stand, read as they are on disk. */
async function filesWith(sys: TestSystem, digits: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(sys.stateDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(digits)) found.push(path.slice(sys.stateDir.length + 1));
  }
  return found;
}

t.test("a withheld number", async (t) => {
  const sys = await testSystem(t, { agents: { anna: ["a", "b"] }, env: { LOG_LEVEL: "trace" } });
  const caller = await citizen(t, sys, "anonymous");
  const withheld = [
    ["Privacy", "id"],
    ["P-Asserted-Identity", `<sip:${secret}@127.0.0.2>`],
  ] as const;

  await t.test("goes through menu, queue, a kill of the engine, talk and record, and leaves no trace", async (t) => {
    const call = await caller.dial(menuNumber, { headers: withheld });
    await call.gets("200 INVITE");
    await call.media.press("2");
    await sys.facts("call.queued");
    // An engine that reads Asterisk back sees the number there, too.
    const serving = once(sys.system.engine, "serving");
    process.kill(sys.system.engine.pid ?? Number.NaN, "SIGKILL");
    await serving;
    const anna = await desk(t, sys, "anna");
    const leg = await anna.nextCall();
    leg.ring();
    const ringing = await sys.agent("anna", (view) => view.state === "ringing");
    t.equal(ringing.call?.from, null);
    t.notMatch(JSON.stringify(leg.invitation), trace, "not even the desk phone is told");
    leg.pickUp();
    call.media.play(440);
    leg.media.play(1000);
    await bothHear(call, leg);
    await sys.command({ type: "outcome", agent: "anna", call: ringing.call?.call ?? "", outcome: "answered" });
    call.hangUp();
    await leg.ended();
    t.match(await sys.facts("call.arrived"), [{ from: null, number: "+46846500400" }]);
    await sys.facts("call.ended");
    await sys.command({ type: "pause", agent: "anna", reason: "lunch" });

    const open = await caller.dial(directNumber, { from: "0701123456" });
    await sys.facts("call.queued", 2);
    open.hangUp();
    await sys.facts("call.ended", 2);
    t.ok((await filesWith(sys, "701123456")).includes("log.sqlite-wal"), "a number that is not withheld is found by this search");
    t.strictSame(await filesWith(sys, trace), []);
  });

  await t.test("whatever stands where a number should, it is a number or none", async (t) => {
    const odd = [
      "12345678901234567890123",
      "%3Cscript%3E",
      "Robert')%3B--",
      "%E5%E4%F6",
      "+0123456",
      "%2306%23",
      "a".repeat(200),
      "+46701740607",
    ];
    const before = (await sys.facts("call.arrived")).length;
    const calls: Call[] = [];
    for (const from of odd) {
      const call = await caller.dial(directNumber, { from });
      await call.gets("200 INVITE");
      calls.push(call);
    }
    const arrived = (await sys.facts("call.arrived", before + odd.length)).slice(before);
    t.strictSame(
      arrived.map(({ from }) => from),
      [...Array(odd.length - 1).fill(null), "+46701740607"],
    );
    for (const call of calls) call.hangUp();
    await sys.facts("call.ended", before + odd.length);
  });
});

t.test("numbers as they come are told as E.164, or not at all", async (t) => {
  const forms: readonly [number: string, presentation: string | undefined, told: string | null][] = [
    ["0701740605", "allowed", "+46701740605"],
    ["08-508 00 000", "allowed", "+46850800000"],
    ["+46 70 174 06 05", "allowed", "+46701740605"],
    ["004930123456", "allowed", "+4930123456"],
    ["0701740605", "withheld", null],
    ["0701740605", "", null],
    ["0701740605", undefined, null],
    ["112", "allowed", null],
    ["00", "allowed", null],
    ["+0701740605", "allowed", null],
    ["0701740605x", "allowed", null],
    ["", "allowed", null],
  ];
  for (const [number, presentation, told] of forms)
    t.equal(callerNumber(number, presentation), told, `${number} ${presentation}`);
});
