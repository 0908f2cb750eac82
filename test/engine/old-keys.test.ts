import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Database from "better-sqlite3";
import { pino } from "pino";
import t from "tap";
import type { Key, Plan } from "../../src/core/plan/plan.ts";
import { snapshotOf } from "../../src/core/snapshot.ts";
import { emptyState } from "../../src/core/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import { recover } from "../../src/engine/recover.ts";
import type { LogEntry, LogReader } from "../../src/store/event-log.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import { openSqliteLog } from "../../src/store/sqlite/log.ts";
import { logMigrations } from "../../src/store/sqlite/log-migrations.ts";
import { migrate } from "../../src/store/sqlite/migrate.ts";
import { plan as base } from "../core/cities.ts";

/** A log of the days before PINs and codes were hidden, found by a version that hides them. */

const label = { sv: "x", en: "x" };
const asking = { label, waitMs: 5_000, tries: 3, fallback: { to: "group", group: "a" } } as const;
const [first] = base.numbers;
const entry = (number: string, node: string) => ({ ...first, number, start: { to: "node", node } as const });
const plan: Plan = {
  ...base,
  numbers: [first, entry("+46846500401", "desk"), entry("+46846500402", "status")],
  nodes: {
    ...base.nodes,
    desk: { kind: "announce", id: "desk", ...asking },
    status: { kind: "matter-status", id: "status", ...asking, next: { to: "end" } },
  },
};

/** What an engine without secrets writes: every key as it is. */
async function oldEntries(): Promise<{ entries: LogEntry[]; state: string }> {
  const { log, reader, lastSeq } = openMemoryLog();
  const core = emptyState();
  const looked: (() => void)[] = [];
  let at = Date.parse("2026-11-20T10:00:00+01:00");
  const engine = new Engine({
    ...{ core, log, lastSeq, logger: pino({ level: "silent" }), now: () => at++ },
    telephony: () => ({ perform: () => {}, readBack: async () => [], beat: () => {}, close: async () => {} }),
    lookUp: async ({ query }) => {
      setImmediate(() => looked.shift()?.());
      return query.for === "pin" ? { is: "admitted", who: "lena" } : { is: "nothing" };
    },
    onReplaced: () => t.fail("replaced"),
  });
  engine.handle({ type: "plan.set", plan });
  const arrive = (call: string, dialled: string) =>
    engine.handle({ type: "call.arrived", call, dialled, from: "+46701740605", tag: null });
  const press = (call: string, digits: string) => {
    for (const key of digits as Iterable<Key>) {
      engine.handle({ type: "key.down", call, key });
      engine.handle({ type: "key", call, key });
    }
  };
  const lookedUp = () => new Promise<void>((resolve) => looked.push(resolve));
  const pin = lookedUp();
  arrive("pin", "+46846500401");
  press("pin", "77187#");
  await pin;
  // A choice, by the very key that a PIN may end with.
  press("pin", "2");
  const code = lookedUp();
  arrive("code", "+46846500402");
  press("code", "20269187437787");
  await code;
  arrive("menu", "+46846500400");
  press("menu", "1");
  for (const call of ["pin", "code", "menu"]) engine.handle({ type: "caller.gone", call, cause: "normal" });
  const entries = await all(reader);
  const state = snapshotOf((await recover(reader)).core);
  await engine.close();
  return { entries, state };
}

async function all(reader: LogReader): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const page of reader.read({})) entries.push(...page);
  return entries;
}

const keysOf = (entries: readonly LogEntry[], call: string, wanted: string): string =>
  entries
    .flatMap((one) =>
      one.call === call && one.sort === "input" && one.type === wanted ? [JSON.parse(one.json).key as string] : [],
    )
    .join("");

t.test(
  "PINs and codes are overwritten at the first start, once; choices stay, and the log replays to the same state",
  async (t) => {
    const { entries, state } = await oldEntries();
    t.equal(keysOf(entries, "pin", "key"), "77187#2", "they stand in the old log: this test can fail");
    const file = join(t.testdir({}), "log.sqlite");
    const [one] = Object.entries(logMigrations);
    await migrate(file, { version: 1, load: async () => Object.fromEntries(one ? [one] : []) });
    const old = new Database(file);
    const insert = old.prepare(
      "insert into entry (seq, at, sort, type, call, json) values (@seq, @at, @sort, @type, @call, @json)",
    );
    for (const entry of entries) insert.run(entry);
    const snapshot = old.prepare("insert into snapshot (seq, json) values (?, ?)");
    snapshot.run(3, '{"format":0,"typed":"7718"}');
    snapshot.run(4, '{"format":0}');
    old.close();

    const { log, reader } = await openSqliteLog({ file });
    const kept = await all(reader);
    t.equal(keysOf(kept, "pin", "key"), "00000#2");
    t.equal(keysOf(kept, "pin", "key.down"), "00000#2");
    t.match(keysOf(kept, "code", "key"), /^0{14}$/);
    t.equal(keysOf(kept, "menu", "key"), "1");
    const others = (entries: readonly LogEntry[]) => entries.filter(({ type }) => type !== "key" && type !== "key.down");
    t.strictSame(others(kept), others(entries), "and nothing else is touched");
    t.equal((await reader.latestSnapshot())?.seq, 4);
    t.equal(snapshotOf((await recover(reader)).core), state);
    await log.close();
    await reader.close();
    const bytes = (await readFile(file)).toString("latin1");
    t.notMatch(bytes, /"key":"7"|"typed":"7718"/, "nor on any free page");
    t.match(bytes, /"key":"2"/);

    const again = await openSqliteLog({ file });
    t.strictSame(await all(again.reader), kept, "the next start finds nothing to do");
    await again.log.close();
    await again.reader.close();
  },
);
