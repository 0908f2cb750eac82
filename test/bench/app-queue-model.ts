import { startCapture } from "../support/sip/capture.ts";
import { unansweredQueueNumber } from "./app-queue.ts";
import { type QueueCall, readQueueCalls } from "./app-queue-wire.ts";
import { mean, percentile, print, say } from "./figures.ts";
import type { Options } from "./options.ts";
import { openRig } from "./rig.ts";
import { appQueue, appQueueLooking, Members } from "./routing-quality/app-queue.ts";
import { type SystemMaker, simulate } from "./routing-quality/simulate.ts";
import { type Call, type Deal, calls as drawCalls, agents as drawnAgents, talkS as drawnTalkS } from "./routing-quality/world.ts";

/** Ten agents in four queues: each a word, of the queues in the order of their skills. */
const needsOf: Deal["needsOf"] = "01 02 013 10 13 120 20 231 30 312".split(" ").map((word) => [...word].map(Number));
const shares: Deal["shares"] = [0.35, 0.27, 0.2, 0.18];
const deal: Deal = {
  shares,
  needsOf,
  agentsOf: shares.map((_, need) => needsOf.flatMap((needs, agent) => (needs.includes(need) ? [agent] : []))),
};
const talkS = 5;
const occupancy = 0.8;
const modelRuns = 1000;
/** Every caller is there from the start, and rings when their time has come: so many are started a second. */
const startRate = 200;

/** What became of a call; `rank`: its skill's place among its agent's. */
interface Outcome {
  readonly need: number;
  readonly waitS: number;
  readonly rank: number;
}

/**
 * `app-queue-model`: is app_queue, as `routing-quality` models it, like the real one? The real one takes a short stream of calls,
 * everything on it is read from the wire; the same arrivals, and agents busy for the same times, then go through the model without
 * and with app_queue's looks once a second, many times, because chance has a part in it. The figure of a model is the mean of its
 * runs, with the 2.5 and 97.5 % points of the runs: a true model has the real figure between them.
 *
 * A caller's wait is from their INVITE to their 200, which app_queue sends when the agent has answered; talk is 5 s in the mean, to
 * have a run of five minutes. Three runs of this stream on Asterisk 22.10: mean waits of 2.5 to 2.7 s, 1.3 s by the model without
 * looks, 2.4 to 2.7 s with them. The third, with the looks' times as set after the first two: 2.6 s real, 2.4 s by the model (2.2 to
 * 2.8), all real figures within the model's runs. In the last two runs 99.6 and 100 % of the agents rung were those the model names,
 * and as many waits ended at a look. So who is rung is modelled truly, and what the model without looks leaves out is half the wait at
 * 5 s of talk; at the 240 s of `routing-quality` the looks add 2 to 6 % (four deals of 30,000 calls, no interval taken).
 */
export async function appQueueModel(options: Options): Promise<void> {
  const seen = await real(options.calls ?? 480);
  report("real", [seen.outcomes], seen.about);
  report("model", models(seen, appQueue, seen.atOnceS), { runs: modelRuns });
  report("model with looks", models(seen, appQueueLooking, 0), { runs: modelRuns });
}

interface Seen {
  readonly outcomes: readonly Outcome[];
  /** The same calls for the model: `talkS` is how long the agent was kept busy. */
  readonly calls: readonly Call[];
  /** From the caller's INVITE to their 200 for those who were taken at once, s. */
  readonly atOnceS: number;
  readonly about: Readonly<Record<string, number>>;
}

async function real(count: number): Promise<Seen> {
  const rig = await openRig({ agents: needsOf.length, groups: shares.length, withQueue: true, needsOf });
  try {
    await rig.ready();
    await rig.seatAgents();
    const drawn = drawCalls(1, deal, occupancy, count).map((call) => scaled(call));
    const lastS = drawn.at(-1)?.at ?? 0;
    say(`app-queue-model: ${count} calls to app_queue, ${Math.ceil(lastS + 20)} s …`);
    const capture = await startCapture(`udp and (port ${rig.agents.port} or port ${rig.callers.port})`, 1600);
    const callers = await rig.call({
      ...{ scenario: "caller-hangs-up", calls: count, limit: count, rate: startRate },
      dials: drawn.map(({ id, need, at, talkS: talk }) => ({
        number: unansweredQueueNumber(need + 1),
        from: numberOf(id),
        ms: [1000 * ((count - id) / startRate + at), 1000 * talk].map(Math.round),
      })),
      limitMs: 2000 * (lastS + 60),
    });
    const result = await callers.done;
    const wire = readQueueCalls(await capture.stop(), rig.agents, rig.callers);
    if (wire.length < count) throw new Error(`Only ${wire.length} of ${count} calls came to an agent: ${result.complaints}`);
    await rig.unseatAgents();
    return judge(wire, new Map(drawn.map(({ id, need }) => [numberOf(id), need])));
  } finally {
    await rig.close();
  }
}

const numberOf = (id: number): string => `0701${String(740_000 + id)}`;

/** The stream of `routing-quality` on a scale that makes it short, with the same occupancy. */
function scaled(call: Call): Call {
  const scale = talkS / drawnTalkS;
  return { ...call, at: (call.at * scale * drawnAgents) / needsOf.length, talkS: call.talkS * scale };
}

/** A call of the real one; times in s from a whole second on, because app_queue counts in those. */
interface Taken {
  readonly need: number;
  readonly agent: number;
  readonly came: number;
  readonly rung: number;
  readonly talk: number;
  readonly freed: number;
}

function judge(wire: readonly QueueCall[], needs: ReadonlyMap<string, number>): Seen {
  const inOrder = [...wire].sort((a, b) => a.cameUs - b.cameUs);
  const startUs = Math.floor((inOrder[0]?.cameUs ?? 0) / 1e6) * 1e6;
  const taken = inOrder.map(({ from, agent, cameUs, rungUs, talkUs, freedUs }): Taken => {
    const [came = 0, rung = 0, talk = 0, freed = 0] = [cameUs, rungUs, talkUs, freedUs].map((us) => (us - startUs) / 1e6);
    return { need: needs.get(from) ?? -1, agent: Number(agent.replace("d-", "")) - 1, came, rung, talk, freed };
  });
  const outcomes = taken.map(({ need, agent, came, talk }) => ({ need, waitS: talk - came, rank: rankOf(agent, need) }));
  const calls = taken.map(({ need, came, rung, freed }, id) => ({ id, need, at: came, talkS: freed - rung }));
  const waits = outcomes.map(({ waitS }) => waitS);
  const atOnceS = percentile(
    waits.filter((waitS) => waitS < 0.2),
    0.5,
  );
  const later = waits.filter((waitS) => waitS >= 0.2);
  const busyS = calls.reduce((sum, call) => sum + call.talkS, 0);
  return {
    outcomes,
    calls,
    atOnceS,
    about: {
      occupancy: busyS / needsOf.length / (calls.at(-1)?.at ?? 0),
      at_once_ms: 1000 * atOnceS,
      taken_at_a_look_share: later.filter((waitS) => waitS % 1 < 0.1).length / later.length,
      agent_as_modelled_share: agentAsModelled(taken),
    },
  };
}

/** Of how many calls the agent was the one the model would have rung, of those who were free by the wire. */
function agentAsModelled(taken: readonly Taken[]): number {
  const members = new Members(deal);
  const ends = [...taken].sort((a, b) => a.freed - b.freed);
  const same = [...taken]
    .sort((a, b) => a.rung - b.rung)
    .filter(({ need, agent, rung }) => {
      while (ends[0] && ends[0].freed <= rung) {
        members.ended(ends[0].agent, ends[0].need, ends[0].freed);
        ends.shift();
      }
      const busy = new Set(taken.filter((other) => other.rung < rung && other.freed > rung).map((other) => other.agent));
      const free = (deal.agentsOf[need] ?? []).filter((one) => !busy.has(one));
      return members.best(need, free, rung) === agent;
    });
  return same.length / taken.length;
}

const rankOf = (agent: number, need: number): number => needsOf[agent]?.indexOf(need) ?? -1;

/** @param moreS what is added to each wait: the time of a call that is taken at once, where the model has none */
function models({ calls }: Seen, make: (seed: number) => SystemMaker, moreS: number): Outcome[][] {
  return Array.from({ length: modelRuns }, (_, run) => {
    const outcomes: Outcome[] = [];
    simulate(deal, calls, make(run + 1), ({ need }, agent, waitS) =>
      outcomes.push({ need, waitS: waitS + moreS, rank: rankOf(agent, need) }),
    );
    return outcomes;
  });
}

function report(source: string, runs: readonly (readonly Outcome[])[], about: Readonly<Record<string, number>>): void {
  const figure = (name: string, of: (outcomes: readonly Outcome[]) => number): Record<string, number> => {
    const values = runs.map(of);
    if (values.length === 1) return { [name]: mean(values) };
    return { [name]: mean(values), [`${name}_low`]: percentile(values, 0.025), [`${name}_high`]: percentile(values, 0.975) };
  };
  const share = (outcomes: readonly Outcome[], is: (outcome: Outcome) => boolean): number =>
    outcomes.filter(is).length / outcomes.length;
  const waits = (outcomes: readonly Outcome[]): number[] => outcomes.map(({ waitS }) => waitS);
  print({
    ...{ bench: "app-queue-model", system: "app_queue", source, agents: needsOf.length, calls: runs[0]?.length ?? 0, ...about },
    ...figure("mean_wait_s", (outcomes) => mean(waits(outcomes))),
    ...figure("p95_wait_s", (outcomes) => percentile(waits(outcomes), 0.95)),
    ...figure("over_1s_share", (outcomes) => share(outcomes, ({ waitS }) => waitS > 1)),
    ...figure("first_skill_share", (outcomes) => share(outcomes, ({ rank }) => rank === 0)),
    ...figure("second_skill_share", (outcomes) => share(outcomes, ({ rank }) => rank === 1)),
    ...figure("third_skill_share", (outcomes) => share(outcomes, ({ rank }) => rank === 2)),
    ...Object.assign(
      {},
      ...shares.map((_, need) =>
        figure(`queue${need + 1}_wait_s`, (outcomes) => mean(waits(outcomes.filter((outcome) => outcome.need === need)))),
      ),
    ),
  });
}
