import t from "tap";
import type { CoreEvent } from "../../src/core/events.ts";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { statistics } from "../../src/stats/statistics.ts";
import { TodayTally } from "../../src/stats/today.ts";
import type { LogReader } from "../../src/store/event-log.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { brommaDays, brommaGroup, brommaPlanFolder, brommaWeeks, writeBrommaLog } from "./bromma.ts";

/** Calls replayed as events: core → facts → SQLite → report. */
const file = `${t.testdir({})}/bromma.sqlite`;
const reader: LogReader = openSqliteReader({ file });
t.before(() => writeBrommaLog(file));
t.teardown(() => reader.close());

t.test("Bromma's answer rate, week for week", async (t) => {
  const plan = await loadPlan(brommaPlanFolder);
  const reply = await statistics(reader, plan, brommaDays);
  t.same(
    reply.rows.map(({ group, week, offered, answered }) => ({ group, week, offered, answered })),
    brommaWeeks().map(({ week, offered, answered }) => ({ group: brommaGroup, week, offered, answered })),
  );
  t.same(
    reply.rows.map(({ availability }) => Math.round(availability.value ?? -1)),
    [91, 96, 95, 94, 93, 97, 94, 95],
  );
  for (const row of reply.rows) t.equal(row.offered, row.answered + row.abandoned, "nobody got lost");
  t.match(reply.totals, [
    { group: brommaGroup, offered: 3441, answered: 3255 },
    { group: "*", offered: 3441, answered: 3255, availability: { formula: "availability/1" } },
  ]);
  t.match(reply.definitions[0], { formula: "availability/1", name: { sv: "Tillgänglighet" } });
});

t.test("a single week, and a single group, say the same", async (t) => {
  const plan = await loadPlan(brommaPlanFolder);
  const first = await statistics(reader, plan, { from: "2007-12-31", to: "2008-01-06", group: brommaGroup });
  t.match(first.rows, [{ week: "2008-W01", offered: 209, answered: 190 }]);
  t.match(first.totals, [{ group: brommaGroup, offered: 209, answered: 190 }]);
  t.equal(first.totals.length, 1);
});

t.test("the live figures of a day are those of the report on it", async (t) => {
  const plan = await loadPlan(brommaPlanFolder);
  const live = new TodayTally(reader, plan, () => Date.parse("2008-02-22T19:00:00Z"));
  const { totals } = await statistics(reader, plan, { from: "2008-02-22", to: "2008-02-22" });
  t.match(totals, await live.rows());
});

t.test("the inputs in the log, stepped again, give the facts in the log", async (t) => {
  const core = emptyState();
  const again: string[] = [];
  const logged: string[] = [];
  for await (const page of reader.read({})) {
    for (const { sort, json } of page) {
      if (sort === "fact") logged.push(json);
      else again.push(...step(core, JSON.parse(json) as CoreEvent).facts.map((fact) => JSON.stringify(fact)));
    }
  }
  t.ok(logged.length > 3441 * 6);
  t.ok(again.join("\n") === logged.join("\n"));
  t.equal(core.calls.size, 0);
});
