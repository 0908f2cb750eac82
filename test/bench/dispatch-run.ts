import { startCapture } from "../support/sip/capture.ts";
import { type DispatchWire, readDispatch } from "./dispatch-wire.ts";
import { say } from "./figures.ts";
import type { Rig } from "./rig.ts";
import type { System } from "./system.ts";

/** 300 agents in 20 groups is what a whole city has; 5 in one is Bromma. `turns`: into how many parts the calls of both systems are cut. */
export const settings = [
  { agents: 5, groups: 1, talkMs: 700, turns: 6 },
  { agents: 50, groups: 1, talkMs: 700, turns: 4 },
  { agents: 300, groups: 20, talkMs: 4000, turns: 2 },
] as const;
export type Setting = (typeof settings)[number];

export interface DispatchRun {
  readonly wire: DispatchWire;
  readonly calls: number;
  readonly failed: number;
}

/** Calls through one system to agents who sit there already and talk for `talkMs`, more callers than agents at any moment; and what the wire tells of them. */
export async function runDispatch(
  rig: Rig,
  system: System,
  { agents }: Pick<Setting, "agents">,
  calls: number,
  talkMs: number,
  moreCallers = 0,
): Promise<DispatchRun> {
  say(`dispatch: ${system.name}, ${agents} agents, ${talkMs} ms of talk, ${calls} calls …`);
  const capture = await startCapture(`udp and (port ${rig.agents.port} or port ${rig.callers.port})`, 1600);
  // A third more callers than agents, and at least as many as five agents need for one to wait at any moment.
  const limit = Math.ceil(agents * 1.3) + 5 + moreCallers;
  const dials = system.direct.map((number, n) => ({ number, from: `07017406${String(n).padStart(2, "0")}` }));
  // Four times what it should take: a bench that hangs tells nobody anything.
  const limitMs = 20_000 + (4 * calls * (talkMs + 1000)) / agents;
  // All agents within one talk, and twenty callers more: as every talk is as long, a wave at the start would go round to the end, and the
  // machine be too full and idle by turns.
  const rate = Math.min(100, Math.ceil((1000 * (agents + 20)) / talkMs));
  const callers = await rig.call({ scenario: "caller", calls, rate, limit, dials, limitMs });
  const { successful, complaints } = await callers.done;
  const wire = readDispatch(await capture.stop(), rig.agents, rig.callers);
  if (successful < calls) say(complaints);
  return { wire, calls: successful, failed: calls - successful };
}

/** Several runs as one: all gaps, the mean rate. */
export function runsTogether(runs: readonly DispatchRun[]): DispatchRun {
  const sum = (of: (run: DispatchRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  return {
    calls: sum((run) => run.calls),
    failed: sum((run) => run.failed),
    wire: {
      gapsMs: runs.flatMap(({ wire }) => wire.gapsMs),
      emptyCount: sum(({ wire }) => wire.emptyCount),
      waiting: runs.flatMap(({ wire }) => wire.waiting),
      offers: sum(({ wire }) => wire.offers),
      unanswered: sum(({ wire }) => wire.unanswered),
      rate: sum(({ wire }) => wire.rate) / runs.length,
    },
  };
}
