import t, { type Test } from "tap";
import { erlangA, erlangAServiceLevel, erlangB, erlangC, erlangCServiceLevel } from "../../../src/core/metrics/erlang.ts";

const near = (t: Test, found: number, wanted: number, by: number, what: string): void =>
  void t.ok(Math.abs(found - wanted) <= by, `${what}: ${found}, published ${wanted}`);

t.test("Erlang B meets the table of loads at 1 % loss", async (t) => {
  // V. B. Iversen, "Teletraffic Engineering Handbook", ITU-D SG 2/16, table of Erlang's B-formula, E = 0.01. And from the presentation of
  // ErlangB in Wolfram's Mathematica 9: 30 lines, 25 erlang, "approximately 0.05".
  near(t, erlangB(30, 25), 0.05, 0.005, "30 lines, 25 erlang");
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

t.test("Erlang C meets published tables and examples", async (t) => {
  // J. Dunlop, D. Girma, J. Irvine, "Digital Mobile Communications and the TETRA System", Wiley 1999, A.4: 8 channels carry 3.87 erlang
  // when 5 % of the calls may wait, 10 channels 4.08 erlang when 1 % may; of those who wait at 8, 1.6 % wait longer than a mean talk.
  const tetra = (agents: number, load: number) => ({ agents, arrivalsPerMs: load / 60_000, handlingMs: 60_000 });
  near(t, erlangC(tetra(8, 3.87)).waiting, 0.05, 0.0005, "8 channels");
  near(t, erlangC(tetra(10, 4.08)).waiting, 0.01, 0.0001, "10 channels");
  const long = 1 - erlangCServiceLevel(tetra(8, 3.87), 60_000);
  near(t, long / erlangC(tetra(8, 3.87)).waiting, 0.016, 0.0005, "longer than a mean talk, of those who wait");
  // The documentation of the R package ErlangC 0.1.0 (CRAN, 2024), whose first two also stand in that of pyworkforce 0.1.0 (PyPI):
  // 100 calls in 30 minutes, 180 s each, 14 agents, answered within 20 s.
  const office = { agents: 14, arrivalsPerMs: 100 / 1_800_000, handlingMs: 180_000 };
  near(t, erlangC(office).waiting, 0.1741319, 5e-8, "waiting");
  near(t, erlangCServiceLevel(office, 20_000), 0.88835, 5e-6, "within 20 s");
  near(t, erlangC(office).meanWaitMs / 1000, 7.83593701177724, 1e-9, "mean wait, s");
  near(t, erlangC(office).occupancy, 0.7142857, 5e-8, "occupancy");
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

t.test("Erlang A is Palm's simple case when patience is as long as a talk", async (t) => {
  // Whoever is in the house leaves it at one rate, talking or not, so the number of them is Poisson distributed (A. Mandelbaum,
  // S. Zeltyn, "The Palm/Erlang-A Queue, with Applications to Call Centers", 2005, section 3).
  for (const [agents, load] of [
    [1, 0.5],
    [10, 9],
    [50, 48],
    [100, 110],
  ] as const) {
    let [share, waiting, queue] = [Math.exp(-load), 0, 0];
    for (let inside = 0; inside < 4 * agents + 40; inside++) {
      if (inside >= agents) {
        waiting += share;
        queue += (inside - agents) * share;
      }
      share *= load / (inside + 1);
    }
    const found = erlangA({ agents, arrivalsPerMs: load / 60_000, handlingMs: 60_000 }, 60_000);
    near(t, found.waiting, waiting, 1e-9, `waiting, ${agents} agents, ${load} erlang`);
    near(t, found.abandonment, queue / load, 1e-9, `abandoning, ${agents} agents, ${load} erlang`);
  }
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
