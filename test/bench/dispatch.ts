import { startCapture } from "../support/sip/capture.ts";
import { type DispatchWire, readDispatch } from "./dispatch-wire.ts";
import { aboveIdle, type CpuReading, mean, percentile, print, say, spread, startMeter } from "./figures.ts";
import type { Options } from "./options.ts";
import { onRig, type Rig } from "./rig.ts";
import { openAppQueue, openKontaktlots, type System } from "./system.ts";

/** 300 agents in 20 groups is what a whole city has; 5 in one is Bromma. */
const settings = [
  { agents: 5, groups: 1, talkMs: 700 },
  { agents: 50, groups: 1, talkMs: 700 },
  { agents: 300, groups: 20, talkMs: 4000 },
] as const;
type Setting = (typeof settings)[number];

/**
 * `dispatch`: how soon a free agent's phone rings for the next caller, and what a call costs. Both systems take the same calls,
 * one after the other, each on an Asterisk of its own that has what it needs and no more; the gaps are read from the wire.
 *
 * Kontaktlots runs twice: once with the same talk, for the gaps, and once with the talk so much longer that both systems have taken as
 * many calls a second, for the processor time: who is quicker takes more calls, and waiting callers cost time by their music alone. There the
 * engine's loop is not looked at: the looks would be a good part of what is measured.
 */
export async function dispatch(options: Options): Promise<void> {
  for (const setting of settings) {
    if (options.agents !== undefined && options.agents !== setting.agents) continue;
    const calls = options.calls ?? Math.max(1150, setting.agents * 16);
    const peer =
      options.only === "kontaktlots"
        ? undefined
        : await onRig({ ...setting, withQueue: true }, (rig) => measure(rig, setting, calls, setting.talkMs, openAppQueue));
    if (peer) report(setting, "as fast as it can", peer);
    if (options.only === "app_queue") continue;
    await onRig(setting, async (rig) => {
      const own = await measure(rig, setting, calls, setting.talkMs, openKontaktlots);
      report(setting, "as fast as it can", own);
      if (!peer) return;
      const talkMs = Math.round((setting.agents / peer.wire.rate) * 1000 - percentile(own.wire.gapsMs, 0.5));
      // As many waiting, too: app_queue's agents are idle for longer, so more of its callers wait.
      const more = Math.round(mean(peer.wire.waiting) - mean(own.wire.waiting));
      const unwatched = (rig: Rig) => openKontaktlots(rig, { probe: "rest" });
      const same = await measure(rig, setting, calls, talkMs, unwatched, more);
      report(setting, "at app_queue's rate", same);
    });
  }
}

interface Measured {
  readonly system: System["name"];
  readonly talkMs: number;
  readonly wire: DispatchWire;
  readonly calls: number;
  readonly failed: number;
  readonly cpu: readonly number[];
  readonly pressurePercent: number;
  readonly own: Readonly<Record<string, number>>;
}

async function measure(
  rig: Rig,
  setting: Setting,
  calls: number,
  talkMs: number,
  open: (rig: Rig) => Promise<System>,
  moreCallers = 0,
): Promise<Measured> {
  await rig.seatAgents(talkMs);
  const system = await open(rig);
  try {
    say(`dispatch: ${system.name}, ${setting.agents} agents, ${talkMs} ms of talk, ${calls} calls …`);
    const idle = await idleReading(system.pids);
    const capture = await startCapture(`udp and (port ${rig.agents.port} or port ${rig.callers.port})`, 1600);
    const meter = await startMeter(system.pids);
    // A third more callers than agents, and at least as many as five agents need for one to wait at any moment.
    const limit = Math.ceil(setting.agents * 1.3) + 5 + moreCallers;
    const dials = system.direct.map((number, n) => ({ number, from: `07017406${String(n).padStart(2, "0")}` }));
    // Four times what it should take: a bench that hangs tells nobody anything.
    const limitMs = 20_000 + (4 * calls * (talkMs + 1000)) / setting.agents;
    // All agents within one talk, and twenty callers more: as every talk is as long, a wave at the start would go round to the end, and the
    // machine be too full and idle by turns.
    const rate = Math.min(100, Math.ceil((1000 * (setting.agents + 20)) / setting.talkMs));
    const callers = await rig.call({ scenario: "caller", calls, rate, limit, dials, limitMs });
    const result = await callers.done;
    const busy = await meter.stop();
    const wire = readDispatch(await capture.stop(), rig.agents, rig.callers);
    if (result.successful < calls) say(result.complaints);
    const own = await system.figures();
    return {
      system: system.name,
      talkMs,
      wire,
      calls: result.successful,
      failed: calls - result.successful,
      cpu: aboveIdle(busy, idle),
      pressurePercent: busy.pressurePercent,
      own,
    };
  } finally {
    await system.close();
    await rig.unseatAgents();
  }
}

/** What the processes use when nobody rings, over 5 s, once what their start left to do is done: when it falls no further. */
export async function idleReading(pids: readonly number[]): Promise<CpuReading> {
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const meter = await startMeter(pids);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    const reading = await meter.stop();
    const used = reading.cpuMs.reduce((sum, ms) => sum + ms, 0);
    if (used >= before * 0.8) return reading;
    before = used;
  }
}

function report(
  setting: Setting,
  pace: string,
  { system, talkMs, wire, calls, failed, cpu, pressurePercent, own }: Measured,
): void {
  print({
    bench: "dispatch",
    system,
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
    cpu_ms_per_call: cpu.reduce((sum, used) => sum + used, 0) / calls,
    asterisk_cpu_ms_per_call: (cpu[0] ?? 0) / calls,
    engine_cpu_ms_per_call: cpu.slice(1).reduce((sum, used) => sum + used, 0) / calls,
    cpu_pressure_percent: pressurePercent,
    ...own,
  });
}
