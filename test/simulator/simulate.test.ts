import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t, { type Test } from "tap";
import { drawnArrivals } from "../../src/simulator/arrivals.ts";
import { summaryOf } from "../../src/simulator/figures.ts";
import { readScenario } from "../../src/simulator/load.ts";
import { plain } from "../../src/simulator/plain.ts";
import { live, type Policy } from "../../src/simulator/policy.ts";
import { type CallRecord, ends } from "../../src/simulator/record.ts";
import type { Scenario } from "../../src/simulator/scenario.ts";
import { type Run, simulate } from "../../src/simulator/simulate.ts";

const text = readFileSync(join(import.meta.dirname, "small.yaml"), "utf8");
const small = (...edits: readonly (readonly [string, string])[]): Scenario =>
  readScenario("small", { file: "small.yaml", text: edits.reduce((now, [from, to]) => now.replace(from, to), text) });
const rules = (scenario: Scenario): Policy => live(scenario.groups.map((group) => group.rules));
const played = (scenario: Scenario, seed: number, policy = rules(scenario)): Run =>
  simulate(scenario, drawnArrivals(scenario, seed), policy);

function hashOf({ calls, events }: Run): string {
  const hash = createHash("sha256").update(String(events));
  for (const column of [calls.at, calls.waitedMs, calls.handledMs, calls.end, calls.agent, calls.offers])
    hash.update(new Uint8Array(column.buffer, 0, calls.size * column.BYTES_PER_ELEMENT));
  return hash.digest("hex");
}

t.test("the same seed gives the same run, another seed another", async (t) => {
  const scenario = small();
  t.equal(hashOf(played(scenario, 1)), hashOf(played(scenario, 1)));
  t.not(hashOf(played(scenario, 1)), hashOf(played(scenario, 2)));
});

t.test("every policy meets the same calls", async (t) => {
  const scenario = small();
  const [draft, today] = [played(scenario, 3), played(scenario, 3, plain())];
  t.equal(draft.calls.size, today.calls.size);
  for (const column of ["at", "group", "language", "urgent"] as const)
    t.same(draft.calls[column].slice(0, draft.calls.size), today.calls[column].slice(0, today.calls.size), column);
  const handledByBoth = [...Array(draft.calls.size).keys()].filter(
    (row) => draft.calls.agent[row] !== -1 && today.calls.agent[row] !== -1,
  );
  t.ok(handledByBoth.length > 300);
  t.ok(
    handledByBoth.every((row) => draft.calls.handledMs[row] === today.calls.handledMs[row]),
    "and the same talks",
  );
  // One group's calls stay as they are when another's change.
  const more = played(small(["calls-per-day: 80", "calls-per-day: 200"]), 3);
  const arrivals = ({ calls }: Run): number[] => [...calls.at.slice(0, calls.size)].filter((_, row) => calls.group[row] === 0);
  t.same(arrivals(more), arrivals(draft));
});

t.test("every call ends exactly once, and no agent has two at a time", async (t) => {
  for (const [seed, edits] of [
    [1, []],
    [2, [["calls-per-day: 150", "calls-per-day: 900"]]],
    [3, [["missed-percent: 5", "missed-percent: 60"]]],
    [4, [["patience: { exponential: 200 }", "patience: never"]]],
  ] as readonly (readonly [number, readonly (readonly [string, string])[]])[]) {
    const scenario = small(...edits);
    for (const policy of [rules(scenario), plain()]) {
      const { calls } = played(scenario, seed, watched(t, policy));
      const counted = new Map<number, number>();
      for (let row = 0; row < calls.size; row++) counted.set(calls.end[row] ?? -1, (counted.get(calls.end[row] ?? -1) ?? 0) + 1);
      t.equal(
        [...counted.values()].reduce((sum, count) => sum + count, 0),
        calls.size,
      );
      t.same(overlaps(calls), 0, "each agent's calls follow one another");
      const summary = summaryOf(scenario, { calls, desks: played(scenario, seed).desks, events: 0 });
      for (const { offered, answered, helped, abandoned, stranded } of summary.groups.values())
        t.equal(offered, answered + helped + abandoned + stranded);
      for (let row = 0; row < calls.size; row++)
        t.equal(calls.end[row] === ends.answered || calls.end[row] === ends.helped, calls.agent[row] !== -1) ||
          t.bailout(`row ${row}`);
    }
  }
});

/** The policy itself is told of each call's waiting and of each agent's freedom in turn, never twice the same. */
function watched(t: Test, policy: Policy): Policy {
  const waiting = new Set<string>();
  const free = new Set<string>();
  return {
    ...policy,
    add(call) {
      if (waiting.has(call.id)) t.fail(`${call.id} waits twice`);
      waiting.add(call.id);
      policy.add(call);
    },
    remove(id) {
      if (!waiting.delete(id)) t.fail(`${id} does not wait`);
      policy.remove(id);
    },
    free(id, order) {
      if (free.has(id)) t.fail(`${id} is free twice`);
      free.add(id);
      policy.free(id, order);
    },
    busy(id) {
      if (!free.delete(id)) t.fail(`${id} is not free`);
      policy.busy(id);
    },
  };
}

/** How often an agent began a call before the one before was wrapped up. */
function overlaps(calls: CallRecord): number {
  const ofAgent = Map.groupBy(
    [...Array(calls.size).keys()].filter((row) => calls.agent[row] !== -1),
    (row) => calls.agent[row],
  );
  let count = 0;
  for (const rows of ofAgent.values()) {
    const talks = rows.map((row) => ({
      from: (calls.at[row] ?? 0) + (calls.waitedMs[row] ?? 0),
      length: calls.handledMs[row] ?? 0,
    }));
    talks.sort((a, b) => a.from - b.from);
    for (const [index, talk] of talks.entries()) {
      const before = talks[index - 1];
      // Sums of the same times in another order differ by less than a thousandth of a millisecond.
      if (before && talk.from < before.from + before.length - 0.001) count++;
    }
  }
  return count;
}

t.test("a quiet day answers everything", async (t) => {
  const scenario = small(
    ["calls-per-day: 150", "calls-per-day: 20"],
    ["calls-per-day: 80", "calls-per-day: 10"],
    ["patience: { exponential: 200 }", "patience: { fixed: 1800 }"],
  );
  const { all } = summaryOf(scenario, played(scenario, 5));
  t.ok(all.offered > 20);
  t.equal(all.answered, all.offered);
  t.equal(all.availability.value, 100);
});

t.test("nobody comes, nobody works: nothing happens", async (t) => {
  const scenario = small(["calls-per-day: 150", "calls-per-day: 0"], ["calls-per-day: 80", "calls-per-day: 0"]);
  const run = played(scenario, 1);
  t.equal(run.calls.size, 0);
  t.equal(summaryOf(scenario, run).all.availability.value, null);
});

t.test("a caller whom nobody may take is stranded or gives up, and is told of as such", async (t) => {
  const scenario = small(["patience: { exponential: 200 }", "patience: never"]);
  const nobody: Policy = { ...rules(scenario), agentFor: () => undefined, callFor: () => undefined, nextStepAt: () => undefined };
  const { all } = summaryOf(scenario, played(scenario, 1, nobody));
  t.equal(all.stranded, all.offered);
});

t.test("a policy that chooses somebody who is not free is found out", async (t) => {
  const scenario = small();
  const wrong: Policy = { ...rules(scenario), agentFor: (call) => ({ call: call.id, agent: "sprak-1" }) };
  t.throws(() => played(scenario, 1, wrong), /sprak-1, who is not free/);
});

t.test("those of the second line are at casework until the rule calls them in", async (t) => {
  const rule = (waiting: number): string =>
    `second-line: { call-in: { waiting: ${waiting}, service-level-below-percent: 0 }, send-back: { waiting-at-most: 0, service-level-above-percent: 0 }, window-minutes: 10 }`;
  const ruled = (waiting: number) =>
    small(
      ["group-defaults:\n", `group-defaults:\n  ${rule(waiting)}\n`],
      ["{ bygglov: 5, aldre: { level: 3, line: second } }", "{ aldre: { level: 5, line: second } }"],
    );
  const answeredBy = (run: Run, agent: number): number =>
    [...run.calls.agent.slice(0, run.calls.size)].filter((one) => one === agent).length;
  const secondLine = ruled(2).agents.findIndex(({ id }) => id === "bygg-1");
  t.equal(answeredBy(played(ruled(1000), 1), secondLine), 0, "a rule that is never met leaves them at casework");
  const called = played(ruled(2), 1);
  t.ok(answeredBy(called, secondLine) > 10, "two waiting call them in");
  t.ok((called.desks.freeMs[secondLine] ?? 0) < (called.desks.freeMs[0] ?? 0), "and they go back");
  t.ok(answeredBy(played(ruled(4), 1), secondLine) < answeredBy(called, secondLine), "four waiting, more seldom");
});
