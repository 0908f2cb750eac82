import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import t, { type Test } from "tap";
import type { Found } from "../../src/core/events.ts";
import type { Key, Plan } from "../../src/core/plan/plan.ts";
import { snapshotOf } from "../../src/core/snapshot.ts";
import { type CoreState, emptyState } from "../../src/core/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import type { LookUp } from "../../src/engine/look-up.ts";
import { recover } from "../../src/engine/recover.ts";
import { Secrets } from "../../src/engine/secrets.ts";
import type { LogEntry } from "../../src/store/event-log.ts";
import { openSqliteLog } from "../../src/store/sqlite/log.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import type { Telephony } from "../../src/telephony/telephony.ts";
import { plan as base } from "../core/cities.ts";
import { generalist } from "../support/competence.ts";

/** What no file may keep: PINs, codes, and who called about what is none of the centre's. */

const label = { sv: "x", en: "x" };
const asking = { label, waitMs: 5_000, tries: 3, fallback: { to: "group", group: "a" } } as const;
const [first] = base.numbers;
const entry = (number: string, node: string) => ({ ...first, number, start: { to: "node", node } as const });
const plan: Plan = {
  ...base,
  numbers: [first, entry("+46846500401", "desk"), entry("+46846500402", "status"), entry("+46846500403", "district")],
  nodes: {
    ...base.nodes,
    desk: { kind: "announce", id: "desk", ...asking },
    status: { kind: "matter-status", id: "status", ...asking, next: { to: "end" } },
    district: { kind: "district", id: "district", ...asking, next: "own-number" },
  },
  districts: ["Bromma"],
  districtNumbers: { Bromma: "+46846500460" },
  postcodes: { "167": "Bromma" },
};

async function rig(t: Test, lookUp: (secrets: Secrets, effect: LookUp) => Found = () => ({ is: "nothing" })) {
  const file = join(t.testdir({}), "log.db");
  const { log, reader, lastSeq } = await openSqliteLog({ file });
  const secrets = new Secrets();
  const telephony: Telephony = {
    perform: () => {},
    readBack: async () => [],
    beat: () => {},
    close: async () => {},
  };
  let at = Date.parse("2026-11-24T10:00:00+01:00");
  const core = emptyState();
  const engine = new Engine({
    ...{ core, log, lastSeq, secrets, forgetEveryMs: 5 },
    logger: pino({ level: "silent" }),
    now: () => at++,
    telephony: () => telephony,
    lookUp: async (effect) => lookUp(secrets, effect),
    onReplaced: () => t.fail("replaced"),
  });
  let closed = false;
  const close = async () => {
    if (closed) return;
    closed = true;
    await reader.close();
    await engine.close();
  };
  t.teardown(close);
  engine.handle({ type: "plan.set", plan });
  engine.handle({ type: "agents.set", agents: [{ id: "anna", name: "Anna", competence: generalist(["a"]) }] });
  return {
    ...{ engine, core, close },
    arrive: (call: string, dialled: string, from: string | null) =>
      engine.handle({ type: "call.arrived", call, dialled, from, tag: null }),
    press: (call: string, digits: string) => {
      for (const key of digits) {
        engine.handle({ type: "key.down", call, key: key as Key });
        engine.handle({ type: "key", call, key: key as Key });
      }
    },
    /** Everything on the disk, as bytes: files are read when the last connection is closed and the write-ahead log gone. */
    bytes: async () => {
      await close();
      return (await readFile(file)).toString("latin1");
    },
    /** The entries of a call, as a closed log has them. */
    entries: async (call: string): Promise<LogEntry[]> => {
      const again = openSqliteReader({ file });
      const entries: LogEntry[] = [];
      for await (const page of again.read({ call })) entries.push(...page);
      await again.close();
      return entries;
    },
    reopened: async (): Promise<CoreState> => {
      const again = await openSqliteLog({ file });
      const { core } = await recover(again.reader);
      await again.reader.close();
      await again.log.close();
      return core;
    },
  };
}

const told = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setImmediate(resolve));
};

t.test("a PIN and a code: the look-up has them, and neither core nor log has", async (t) => {
  const asked: string[] = [];
  const { press, arrive, core, close, entries, reopened, engine } = await rig(t, (secrets, { call, query }) => {
    if (query.for === "pin") asked.push(secrets.take(call, query.pin));
    if (query.for === "matter") asked.push(`${query.number} ${secrets.take(call, query.code)}`);
    return { is: "nothing" };
  });
  arrive("c1", "+46846500401", null);
  press("c1", "99*271828#");
  await told(() => asked.length === 1);
  arrive("c2", "+46846500402", null);
  press("c2", "20269182733146");
  await told(() => asked.length === 2);
  t.strictSame(asked, ["271828", "2026918273 3146"]);
  press("c2", "1");
  t.notMatch(snapshotOf(core), /271828|3146/);
  engine.handle({ type: "caller.gone", call: "c1", cause: "normal" });
  const before = snapshotOf(core);
  await close();
  // Keys are an entry each: what was pressed can be read from them, one after another.
  const keys = async (call: string, wanted = "key") =>
    (await entries(call))
      .flatMap(({ sort, type, json }) => (sort === "input" && type === wanted ? [JSON.parse(json).key as string] : []))
      .join("");
  t.equal(await keys("c1"), "00*000000#");
  t.equal(await keys("c2"), "202691827300001", "a key while the code is looked up is no secret");
  t.equal(await keys("c1", "key.down"), "00*000000#", "nor from their going down");
  t.equal(snapshotOf(await reopened()), before, "the same log gives the same state");
});

t.test("digits lost with an engine are not taken for others", async (t) => {
  const secrets = new Secrets();
  const { core, arrive, close } = await rig(t);
  arrive("c1", "+46846500401", null);
  for (const key of ["1", "2", "3"] as const) {
    t.strictSame(secrets.hide(core, { type: "key", call: "c1", key, at: 0 }), {
      ...{ type: "key", call: "c1", key: "0", at: 0 },
      hidden: true,
    });
  }
  t.equal(secrets.take("c1", 2), "23", "the newest: those before were begun anew");
  t.equal(secrets.take("c1", 2), "", "once");
  t.equal(new Secrets().take("c1", 4), "");
  const hash = { type: "key", call: "c1", key: "#", at: 0 } as const;
  t.equal(secrets.hide(core, hash), hash, "no digit, no secret");
  await close();
});

t.test("a secret digit whose going down is told of late is a secret all the same", async (t) => {
  const secrets = new Secrets();
  const { core, arrive, press, close } = await rig(t);
  arrive("c1", "+46846500402", null);
  press("c1", "2026918273");
  const key = (type: "key" | "key.down", digit: Key) => secrets.hide(core, { type, call: "c1", key: digit, at: 0 });
  for (const digit of ["3", "1", "4", "6"] as const) key("key", digit);
  press("c1", "3146");
  t.match(core.calls.get("c1")?.stage, { place: { step: "looking" } }, "the code is complete");
  t.match(key("key.down", "6"), { key: "0", hidden: true });
  t.match(key("key", "6"), { key: "6" }, "the same key pressed after that is none");
  t.match(key("key.down", "6"), { key: "6" });
  await close();
});

t.test("what is known of callers who were gone when Asterisk was read back is forgotten", async (t) => {
  const secrets = new Secrets();
  for (const call of ["c1", "c2"]) secrets.tell(call, { number: "2026-000012", code: "0407" });
  const channels = [{ id: "c2", up: true, bridge: null, agent: null }];
  secrets.hide(emptyState(), { type: "read-back", channels, at: 0 });
  const told = (call: string) =>
    secrets.speak({ do: "play", call, playback: 1, prompts: ["told-code"], language: "sv" }).prompts.length;
  t.strictSame([told("c1"), told("c2")], [0, 4]);
});

t.test("a matter's number and code are spoken by digit, to that caller only", async (t) => {
  const secrets = new Secrets();
  secrets.tell("c1", { number: "2026-000012", code: "0407" });
  const play = (call: string) => {
    const prompts = ["matter-number-is", "told-number", "matter-code-is", "told-code"];
    return secrets.speak({ do: "play", call, playback: 1, prompts, language: "sv" }).prompts.join(" ");
  };
  const digits = (of: string) => [...of].map((digit) => `digit-${digit}`).join(" ");
  t.equal(play("c1"), `matter-number-is ${digits("2026000012")} matter-code-is ${digits("0407")}`);
  t.equal(play("c2"), "matter-number-is matter-code-is");
  secrets.hide(emptyState(), { type: "caller.gone", call: "c1", cause: "normal", at: 0 });
  t.equal(play("c1"), "matter-number-is matter-code-is", "it is over");
});

t.test("led to the own district: counted, and who called is nowhere when it is over", async (t) => {
  const caller = "+46701740699";
  const { arrive, press, engine, core, entries, bytes, reopened } = await rig(t);
  arrive("c1", "+46846500403", caller);
  arrive("c2", "+46846500400", "+46701740605");
  press("c1", "16730");
  t.equal(core.calls.get("c1")?.from, null, "not known from that moment on");
  t.notOk(core.lastDistricts.has(caller), "nor where they live");
  engine.handle({ type: "leg.answered", call: "c1", offer: 1 });
  engine.handle({ type: "bridged", call: "c1", offer: 1 });
  engine.handle({ type: "caller.gone", call: "c1", cause: "normal" });
  t.ok(core.toForget.has("c1"), "its other half is still there");
  engine.handle({ type: "leg.ended", call: "c1", offer: 1, cause: "normal" });
  await told(() => core.toForget.size === 0);
  const before = snapshotOf(core);
  const kept = await bytes();
  const facts = (await entries("c1")).flatMap(({ sort, type }) => (sort === "fact" ? [type] : []));
  t.match(facts, ["call.arrived"], "the call itself stays");
  t.ok(facts.includes("call.out-of-scope") && facts.includes("call.outside-answered"));
  t.notMatch(kept, caller.slice(1));
  t.match(kept, "46701740605", "the other caller's number is there: this test can fail");
  t.equal(snapshotOf(await reopened()), before);
});

t.test("an agent refers a caller out of scope: forgotten at the end of wrap-up, and not before", async (t) => {
  const caller = "+46701740699";
  const { arrive, engine, core, bytes } = await rig(t);
  engine.handle({ type: "phones", agent: "anna", phones: { browser: false, desk: true } });
  engine.handle({ type: "agent.available", agent: "anna" });
  arrive("c1", "+46846500400", caller);
  engine.handle({ type: "key", call: "c1", key: "1" });
  engine.handle({ type: "leg.answered", call: "c1", offer: 1 });
  engine.handle({ type: "bridged", call: "c1", offer: 1 });
  engine.handle({ type: "caller.gone", call: "c1", cause: "normal" });
  engine.handle({ type: "leg.ended", call: "c1", offer: 1, cause: "normal" });
  engine.handle({ type: "agent.outcome", agent: "anna", call: "c1", outcome: "referred-out-of-scope" });
  t.ok(core.lastAgents.has(caller), "the agent may change their mind");
  engine.handle({ type: "agent.done", agent: "anna", call: "c1" });
  t.notOk(core.lastAgents.has(caller));
  await told(() => core.toForget.size === 0);
  t.notMatch(await bytes(), caller.slice(1));
});
