import { aboveIdle, type CpuReading, idleReading, startMeter, together } from "./cpu.ts";
import { type DispatchRun, runDispatch, runsTogether, type Setting, settings } from "./dispatch-run.ts";
import { mean, percentile, print, spread } from "./figures.ts";
import type { Options } from "./options.ts";
import { onRig, type Rig } from "./rig.ts";
import { openAppQueue, openKontaktlots, type System } from "./system.ts";

const warmUpCalls = 3_000;
const warmUpTalkMs = 30;

/**
 * `dispatch`: how soon a free agent's phone rings for the next caller, and what a call costs. Both systems take the same calls, each on
 * an Asterisk of its own that has what it needs and no more; the gaps are read from the wire.
 *
 * First each by itself and as fast as it can, for the gaps. Then, for the processor time, both in turns, with Kontaktlots's talk so much
 * longer that both take as many calls a second: who is quicker takes more calls, and waiting callers cost time by their music alone. There
 * the engine's loop is not looked at: the looks would be a good part of what is measured.
 */
export async function dispatch(options: Options): Promise<void> {
  for (const setting of settings) {
    if (options.agents !== undefined && options.agents !== setting.agents) continue;
    const calls = options.calls ?? Math.max(1150, setting.agents * 16);
    if (options.only === "app_queue") await onQueue(setting, (rig) => alone(rig, setting, calls, openAppQueue));
    else if (options.only === "kontaktlots") await onRig(setting, (rig) => alone(rig, setting, calls, openKontaktlots));
    else await onQueue(setting, (theirs) => onRig(setting, (ours) => both(theirs, ours, setting, calls)));
  }
}

const onQueue = <T>(setting: Setting, what: (rig: Rig) => Promise<T>): Promise<T> => onRig({ ...setting, withQueue: true }, what);

/** One system by itself, as fast as it can. */
async function alone(rig: Rig, setting: Setting, calls: number, open: (rig: Rig) => Promise<System>): Promise<DispatchRun> {
  const { talkMs } = setting;
  await rig.seatAgents(talkMs);
  const system = await open(rig);
  try {
    const idle = await idleReading(system.pids);
    const meter = await startMeter(system.pids);
    const run = await runDispatch(rig, system, setting, calls, talkMs);
    const busy = await meter.stop();
    report(setting, "as fast as it can", talkMs, system, run, { idle, busy }, await system.figures());
    return run;
  } finally {
    await system.close();
    await rig.unseatAgents();
  }
}

/**
 * The two in turns, A B B A …: a machine's speed differs by more from one minute to the next than the systems do, and so both have the same
 * of it.
 */
async function both(queueRig: Rig, ownRig: Rig, setting: Setting, calls: number): Promise<void> {
  const peer = await alone(queueRig, setting, calls, openAppQueue);
  const own = await alone(ownRig, setting, calls, openKontaktlots);
  const talkMs = Math.round((setting.agents / peer.wire.rate) * 1000 - percentile(own.wire.gapsMs, 0.5));
  const queue = await openAppQueue(queueRig);
  const kontaktlots = await openKontaktlots(ownRig, { probe: "rest" });
  try {
    await warmUp(ownRig, kontaktlots, setting);
    await queueRig.seatAgents(setting.talkMs);
    await ownRig.seatAgents(talkMs);
    // With fewer nobody would wait for long enough to be seen.
    const perTurn = Math.max(Math.ceil(calls / setting.turns), 8 * setting.agents);
    // As many waiting, too: app_queue's agents are idle for longer, so more of its callers wait.
    const guess = Math.round(mean(peer.wire.waiting) - mean(own.wire.waiting));
    const tried = await runDispatch(ownRig, kontaktlots, setting, perTurn, talkMs, guess);
    let more = guess + Math.round(mean(peer.wire.waiting) - mean(tried.wire.waiting));
    const theirs = side(queueRig, queue, setting, perTurn, setting.talkMs);
    const ours = side(ownRig, kontaktlots, setting, perTurn, talkMs);
    for (let turn = 0; turn < setting.turns; turn++) {
      // Both at once: a machine that is slower now is so for both.
      await Promise.all([theirs.rest(), ours.rest()]);
      for (const one of turn % 2 === 0 ? [theirs, ours] : [ours, theirs]) await one.take(one === ours ? more : 0);
      more += Math.round(theirs.waiting() - ours.waiting());
    }
    theirs.report();
    ours.report(theirs.costs());
  } finally {
    await kontaktlots.close();
    await queue.close();
    await ownRig.unseatAgents();
    await queueRig.unseatAgents();
  }
}

/** Short calls, so many that the engine is as it is after some hours: Node compiles only what has run often. Asterisk is compiled. */
async function warmUp(rig: Rig, system: System, setting: Setting): Promise<void> {
  await rig.seatAgents(warmUpTalkMs);
  await runDispatch(rig, system, setting, warmUpCalls, warmUpTalkMs);
  await rig.unseatAgents();
}

/** One of the two, and what its turns have come to. */
function side(rig: Rig, system: System, setting: Setting, calls: number, talkMs: number) {
  const runs: DispatchRun[] = [];
  const readings: CpuReading[] = [];
  const idle: CpuReading[] = [];
  const costs = (): Costs => ({
    all: costOf(runsTogether(runs), { idle: together(idle), busy: together(readings) }),
    turns: runs.map((run, turn) => costOf(run, { idle: together(idle), busy: together(readings.slice(turn, turn + 1)) })),
  });
  return {
    costs,
    /** How many waited, over all turns so far. */
    waiting: (): number => mean(runsTogether(runs).wire.waiting),
    async rest(): Promise<void> {
      idle.push(await idleReading(system.pids));
    },
    async take(moreCallers: number): Promise<void> {
      const meter = await startMeter(system.pids);
      runs.push(await runDispatch(rig, system, setting, calls, talkMs, moreCallers));
      readings.push(await meter.stop());
    },
    /** `peer`: what a call costs the other, for the ratios. */
    report(peer?: Costs): void {
      const cpu = { idle: together(idle), busy: together(readings) };
      const ratios = peer ? ratiosOf(costs(), peer) : {};
      report(setting, "in turns, at app_queue's rate", talkMs, system, runsTogether(runs), cpu, ratios);
    },
  };
}

/** What a call costs, ms: over all turns, and in each. */
interface Costs {
  readonly all: number;
  readonly turns: readonly number[];
}

function ratiosOf(own: Costs, peer: Costs): Record<string, number> {
  const turns = own.turns.map((cost, turn) => cost / (peer.turns[turn] ?? Number.NaN));
  return {
    cpu_of_app_queue_ratio: own.all / peer.all,
    cpu_of_app_queue_least_turn_ratio: Math.min(...turns),
    cpu_of_app_queue_most_turn_ratio: Math.max(...turns),
  };
}

interface Cpu {
  readonly idle: CpuReading;
  readonly busy: CpuReading;
}

const costOf = ({ calls }: DispatchRun, { idle, busy }: Cpu): number =>
  aboveIdle(busy, idle).reduce((sum, used) => sum + used, 0) / calls;

function report(
  setting: Setting,
  pace: string,
  talkMs: number,
  system: System,
  run: DispatchRun,
  cpu: Cpu,
  own: Readonly<Record<string, number>>,
): void {
  const { wire, calls, failed } = run;
  const [asterisk = 0, ...engine] = aboveIdle(cpu.busy, cpu.idle);
  print({
    bench: "dispatch",
    system: system.name,
    agents: setting.agents,
    groups: setting.groups,
    pace,
    talk_ms: talkMs,
    ...spread("", wire.gapsMs),
    queue_empty_count: wire.emptyCount,
    waiting_mean_callers: mean(wire.waiting),
    waiting_min_callers: Math.min(...wire.waiting),
    rate_calls_per_s: wire.rate,
    calls_count: calls,
    failed_count: failed,
    offers_unanswered_count: wire.unanswered,
    cpu_ms_per_call: costOf(run, cpu),
    asterisk_cpu_ms_per_call: asterisk / calls,
    engine_cpu_ms_per_call: engine.reduce((sum, used) => sum + used, 0) / calls,
    idle_cpu_ms_per_s: (1000 * cpu.idle.cpuMs.reduce((sum, used) => sum + used, 0)) / cpu.idle.wallMs,
    cpu_pressure_percent: cpu.busy.pressurePercent,
    ...own,
  });
}
