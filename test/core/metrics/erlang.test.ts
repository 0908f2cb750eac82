import t, { type Test } from "tap";
import { erlangA, erlangAServiceLevel, erlangB, erlangC, erlangCServiceLevel } from "../../../src/core/metrics/erlang.ts";

const near = (t: Test, found: number, wanted: number, by: number, what: string): void =>
  void t.ok(Math.abs(found - wanted) <= by, `${what}: ${found}, published ${wanted}`);

t.test("Erlang B meets the table of loads at 1 % loss", async (t) => {
  // V. B. Iversen, "Teletraffic Engineering Handbook", ITU-D SG 2/16, table of Erlang's B-formula, E = 0.01.
  const table = [
    [1, 0.0101],
    [2, 0.1526],
    [5, 1.361],
    [10, 4.461],
    [20, 12.03],
    [50, 37.9],
    [100, 84.06],
    [200, 179.7],
  ] as const;
  for (const [agents, load] of table) near(t, erlangB(agents, load), 0.01, 0.00006, `${agents} agents, ${load} erlang`);
});

t.test("Erlang C meets published examples", async (t) => {
  // "The Erlang-C formula", Mitan Ltd: 360 calls per half hour of 4 minutes, 55 agents.
  const call = { agents: 55, arrivalsPerMs: 360 / 1_800_000, handlingMs: 240_000 };
  near(t, erlangC(call).occupancy, 0.873, 0.0005, "occupancy");
  near(t, erlangC(call).waiting, 0.239, 0.0005, "waiting");
  near(t, erlangC(call).meanWaitMs / 1000, 8.2, 0.05, "mean wait, s");
  near(t, erlangCServiceLevel(call, 15_000), 0.846, 0.0005, "within 15 s");
  // O. Garnett, A. Mandelbaum, M. Reiman (2002), table 1: 50 agents, 48 calls a minute of one minute.
  const centre = { agents: 50, arrivalsPerMs: 48 / 60_000, handlingMs: 60_000 };
  near(t, erlangC(centre).meanWaitMs / 1000, 20.8, 0.05, "mean wait, s");
  near(t, erlangCServiceLevel(centre, 58_100), 0.9, 0.0005, "90th percentile 58.1 s");
  near(t, erlangC(centre).occupancy, 0.96, 1e-9, "occupancy");
  near(t, erlangC(centre).meanWaitMs * centre.arrivalsPerMs, 17, 0.5, "mean number waiting");
});

t.test("Erlang A meets the published example", async (t) => {
  // The same table: patience of two minutes on average.
  const centre = { agents: 50, arrivalsPerMs: 48 / 60_000, handlingMs: 60_000 };
  const patient = erlangA(centre, 120_000);
  near(t, patient.abandonment, 0.031, 0.0005, "abandoning");
  near(t, patient.meanWaitMs / 1000, 3.7, 0.05, "mean wait, s");
  near(t, patient.meanWaitMs * centre.arrivalsPerMs, 3, 0.5, "mean number waiting");
  near(t, patient.occupancy, 0.93, 0.005, "occupancy");
});

t.test("what must hold for every load", async (t) => {
  for (const agents of [1, 2, 7, 50, 200, 400]) {
    for (const load of [0.3, 0.7, 0.9, 0.97]) {
      const staffing = { agents, arrivalsPerMs: (agents * load) / 240_000, handlingMs: 240_000 };
      const c = erlangC(staffing);
      near(
        t,
        erlangA(staffing, 1e16).waiting,
        c.waiting,
        1e-6 * c.waiting + 1e-12,
        `endless patience is Erlang C, ${agents} at ${load}`,
      );
      const a = erlangA(staffing, 120_000);
      // Everybody is answered in the end or gives up: both are computed on different ways.
      near(t, erlangAServiceLevel(staffing, 120_000, 3_600_000), 1 - a.abandonment, 1e-6, `answered, ${agents} at ${load}`);
      t.ok(a.waiting < c.waiting && a.meanWaitMs < c.meanWaitMs, "who gives up shortens the queue");
    }
  }
  // One agent: C is the load itself; two: a²/(2 + a).
  near(t, erlangC({ agents: 1, arrivalsPerMs: 0.4, handlingMs: 1 }).waiting, 0.4, 1e-12, "M/M/1");
  near(t, erlangC({ agents: 2, arrivalsPerMs: 1.2, handlingMs: 1 }).waiting, 1.44 / 3.2, 1e-12, "M/M/2");
  const flooded = erlangA({ agents: 10, arrivalsPerMs: 20 / 60_000, handlingMs: 60_000 * 100 }, 60_000);
  near(t, flooded.abandonment, 1 - 10 / 2000, 1e-6, "ten times ten too many calls");
  t.equal(erlangC({ agents: 5, arrivalsPerMs: 1, handlingMs: 6 }).meanWaitMs, Number.POSITIVE_INFINITY);
});
