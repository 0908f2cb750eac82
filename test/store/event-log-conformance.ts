import fc from "fast-check";
import type { Test } from "tap";
import type { EventLog, LogEntry, LogQuery, LogReader } from "../../src/store/event-log.ts";

export interface OpenedLog {
  readonly log: EventLog;
  readonly reader: LogReader;
  readonly lastSeq: number;
}

export interface LogAdapter {
  /** Opens a new, empty log. */
  readonly open: () => Promise<OpenedLog>;
}

/** An entry with the given number; types, calls and times go round so that every query finds some. */
export function entry(seq: number): LogEntry {
  const type = ["call.arrived", "call.queued", "call.answered", "key"][seq % 4] ?? "key";
  return {
    seq,
    at: 1_000_000 + Math.floor(seq / 3) * 10,
    sort: type === "key" ? "input" : "fact",
    type,
    call: seq % 5 === 0 ? null : `c${seq % 7}`,
    json: JSON.stringify({ type, seq, text: "å 'quoted' \u0000 \n" }),
  };
}

export function entries(from: number, to: number): LogEntry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
}

export async function readAll(reader: LogReader, query: LogQuery = {}): Promise<LogEntry[]> {
  const all: LogEntry[] = [];
  for await (const page of reader.read(query)) all.push(...page);
  return all;
}

const longEnough = 20_000;

/** What every adapter of the EventLog and LogReader ports must do. */
export function eventLogConformance(t: Test, adapter: LogAdapter): void {
  const withLog = (name: string, body: (t: Test, opened: OpenedLog) => Promise<void>) =>
    t.test(name, async (t) => {
      const opened = await adapter.open();
      t.teardown(async () => {
        await opened.log.close();
        await opened.reader.close();
      });
      await body(t, opened);
    });

  withLog("a new log is empty and well", async (t, { log, reader, lastSeq }) => {
    t.equal(lastSeq, 0);
    t.equal(await reader.lastSeq(), 0);
    t.equal(await reader.latestSnapshot(), undefined);
    t.same(await readAll(reader), []);
    t.same(await reader.degradedTimes(), []);
    t.same(log.health(), { ok: true, backlog: 0 });
    t.equal(await log.settled(0, 0), "durable", "nothing is on disk already");
  });

  withLog("what is settled is read back, whole and in order", async (t, { log, reader }) => {
    log.append(entries(1, 3));
    log.append([]);
    log.append(entries(4, 2500));
    t.equal(await log.settled(2500, longEnough), "durable");
    t.same(await readAll(reader), entries(1, 2500));
    t.equal(await reader.lastSeq(), 2500);
    t.equal(log.health().backlog, 0);
  });

  withLog("no page holds the whole log", async (t, { log, reader }) => {
    log.append(entries(1, 5000));
    await log.settled(5000, longEnough);
    for (const query of [{}, { types: ["call.queued", "call.arrived"] }]) {
      for await (const page of reader.read(query)) t.ok(page.length <= 2000, `${page.length} entries`);
    }
  });

  withLog("seq may jump, but must rise", async (t, { log, reader }) => {
    log.append([entry(5), entry(9)]);
    t.throws(() => log.append([entry(9)]), { code: "EVENT_INVALID" });
    t.throws(() => log.append([entry(10), entry(10)]), { code: "EVENT_INVALID" });
    log.append([entry(10)]);
    t.equal(await log.settled(10, longEnough), "durable");
    t.same(await readAll(reader), [entry(5), entry(9), entry(10)], "a refused batch leaves nothing behind");
  });

  withLog("settled ends late for what has not come", async (t, { log }) => {
    t.equal(await log.settled(1, 1), "late");
    const waiting = log.settled(1, longEnough);
    log.append([entry(1)]);
    t.equal(await waiting, "durable", "also for an entry appended after the question");
  });

  withLog("any query finds just what it names", async (t, { log, reader }) => {
    const all = entries(1, 400);
    log.append(all);
    await log.settled(400, longEnough);
    const query: fc.Arbitrary<LogQuery> = fc.record(
      {
        sort: fc.constantFrom("input", "fact"),
        types: fc.subarray(["call.arrived", "call.queued", "call.answered", "key", "unknown"]),
        after: fc.integer({ min: 0, max: 420 }),
        from: fc.integer({ min: 999_990, max: 1_001_400 }),
        to: fc.integer({ min: 999_990, max: 1_001_400 }),
        call: fc.constantFrom("c0", "c3", "none"),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(query, async (query) => {
        const wanted = all.filter(
          (e) =>
            (query.sort === undefined || e.sort === query.sort) &&
            (query.types === undefined || query.types.includes(e.type)) &&
            (query.after === undefined || e.seq > query.after) &&
            (query.from === undefined || e.at >= query.from) &&
            (query.to === undefined || e.at < query.to) &&
            (query.call === undefined || e.call === query.call),
        );
        t.same(await readAll(reader, query), wanted, JSON.stringify(query));
      }),
      { numRuns: 60 },
    );
  });

  withLog("the newest snapshot is given, and it stands for entries before it", async (t, { log, reader }) => {
    for (const seq of [10, 20, 30]) {
      log.append(entries(seq - 9, seq));
      log.saveSnapshot({ seq, json: `{"state":${seq}}` });
    }
    log.append(entries(31, 35));
    await log.settled(35, longEnough);
    await log.close();
    t.same(await reader.latestSnapshot(), { seq: 30, json: '{"state":30}' });
    t.same(await readAll(reader, { after: 30 }), entries(31, 35));
  });

  withLog("who called in some calls is erased, and nothing else", async (t, { log, reader }) => {
    const mine = "+46701740605";
    const channels = (from: string | null, outside?: string) => [
      { id: "c1", arrival: { dialled: "1", from } },
      { id: "c2", arrival: { dialled: "1", from: mine } },
      { id: "cb", ...(outside === undefined ? {} : { outside }) },
    ];
    const of = (seq: number, sort: LogEntry["sort"], type: string, call: string | null, what: object): LogEntry => ({
      ...{ seq, at: seq, sort, type, call },
      json: JSON.stringify({ type, ...what }),
    });
    const written = (from: string | null): LogEntry[] => [
      of(1, "input", "call.arrived", "c1", { call: "c1", from, dialled: "1" }),
      of(2, "fact", "call.arrived", "c1", { call: "c1", number: "+46846500400", from }),
      of(3, "input", "read-back", null, { channels: channels(from, from ?? undefined) }),
      of(4, "fact", "call.arrived", "c2", { call: "c2", number: "+46846500400", from: mine }),
      of(5, "fact", "callback.booked", "cb", { call: "cb", of: "c1", number: from }),
      of(6, "fact", "call.outside-rung", "c1", { call: "c1", number: "+46846500460" }),
    ];
    log.append(written(mine).slice(0, 3));
    log.saveSnapshot({ seq: 3, json: mine });
    log.append(written(mine).slice(3));
    log.saveSnapshot({ seq: 6, json: "{}" });
    log.erase(["c1", "cb", "never-heard-of"]);
    log.append([of(7, "fact", "call.ended", "c9", {})]);
    await log.settled(7, longEnough);
    await log.close();
    t.same(await readAll(reader), [...written(null), of(7, "fact", "call.ended", "c9", {})]);
    t.same(await reader.latestSnapshot(), { seq: 6, json: "{}" });
  });

  withLog("a closed log takes nothing, and says so", async (t, { log, reader }) => {
    log.append(entries(1, 100));
    await log.close();
    await log.close();
    t.equal((await readAll(reader)).length, 100, "closing puts all on disk");
    t.throws(() => log.append([entry(101)]), { code: "STORE_FAILED" });
  });
}
