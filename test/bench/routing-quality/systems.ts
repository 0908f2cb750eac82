import { arrivalRates, callScore, observe, price, rate } from "../../../src/core/routing/scarcity.ts";
import type { System, SystemMaker } from "./simulate.ts";
import { agents, type Call, type Deal, groups } from "./world.ts";

/** Equal for all, so that what is compared is choosing and not targets, s. */
const targetS = 60;

/** A first-come queue per need and the free agents: what every system has. */
class Desk {
  readonly deal: Deal;
  /** Per agent: since when free, s; undefined: in talk. */
  readonly freeSince: (number | undefined)[] = Array(agents).fill(-1);
  readonly #queues: { calls: Call[]; next: number }[];

  constructor(deal: Deal) {
    this.deal = deal;
    this.#queues = deal.shares.map(() => ({ calls: [], next: 0 }));
  }

  wait(call: Call): undefined {
    this.#queues[call.need]?.calls.push(call);
  }

  first(need: number): Call | undefined {
    const queue = this.#queues[need];
    return queue?.calls[queue.next];
  }

  waiting(need: number): number {
    const queue = this.#queues[need];
    return queue ? queue.calls.length - queue.next : 0;
  }

  takeFirst(need: number): Call | undefined {
    const queue = this.#queues[need];
    const call = queue?.calls[queue.next];
    if (queue && call) queue.next++;
    return call;
  }
}

/** The best of some by a score, the higher the better; of equals the one with the lower `then`. */
export function best<T>(items: Iterable<T>, score: (item: T) => number, then: (item: T) => number): T | undefined {
  let chosen: T | undefined;
  let top = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    const value = score(item);
    if (value < top || (value === top && chosen !== undefined && then(item) >= then(chosen))) continue;
    chosen = item;
    top = value;
  }
  return chosen;
}

interface Choice {
  /** Of these free agents who may take the call, who does. */
  agent(call: Call, free: readonly number[]): number | undefined;
  /** Of these needs with waiting calls, whose first call the agent takes. */
  need(waiting: readonly number[], at: number, agent: number): number | undefined;
  /** Told of every agent who ceases or begins to be free. */
  changed?(agent: number, free: boolean): void;
  /** Told of every end of talk. */
  ended?(agent: number, need: number, at: number): void;
}

/** A system of one desk that never leaves an agent free from a call they may take; `choose` decides between several. */
export function onDesk(choose: (desk: Desk) => Choice): SystemMaker {
  return (deal) => {
    const desk = new Desk(deal);
    const choice = choose(desk);
    const needInTalk: (number | undefined)[] = [];
    const system: System = {
      arrive(call) {
        const free = (deal.agentsOf[call.need] ?? []).filter((agent) => desk.freeSince[agent] !== undefined);
        const agent = choice.agent(call, free);
        if (agent === undefined) return desk.wait(call);
        desk.freeSince[agent] = undefined;
        needInTalk[agent] = call.need;
        choice.changed?.(agent, false);
        return agent;
      },
      freed(agent, at) {
        const before = needInTalk[agent];
        if (before !== undefined) choice.ended?.(agent, before, at);
        const waiting = (deal.needsOf[agent] ?? []).filter((need) => desk.first(need) !== undefined);
        const need = choice.need(waiting, at, agent);
        needInTalk[agent] = need;
        if (need !== undefined) return desk.takeFirst(need);
        desk.freeSince[agent] = at;
        choice.changed?.(agent, true);
        return undefined;
      },
    };
    return system;
  };
}

const longestIdle = (desk: Desk) => (_: Call, free: readonly number[]) =>
  best(
    free,
    (agent) => -(desk.freeSince[agent] ?? 0),
    (agent) => agent,
  );
const longestWaiting = (desk: Desk) => (needs: readonly number[]) =>
  best(
    needs,
    (need) => -(desk.first(need)?.at ?? 0),
    (need) => need,
  );

/** The longest waiting call for a freed agent, the longest idle agent for an arriving call. */
export const plain = onDesk((desk) => ({ agent: longestIdle(desk), need: longestWaiting(desk) }));

/** The same calls, every agent able to take every one. */
export function pooled(deal: Deal): Deal {
  const all = deal.shares.map((_, need) => need);
  return withNeeds(
    deal,
    deal.needsOf.map(() => all),
  );
}

/** Every agent takes the calls of their first skill only, and of their languages. */
export function separate(deal: Deal): Deal {
  return withNeeds(
    deal,
    deal.needsOf.map((needs) => needs.filter((need, place) => place === 0 || need >= groups)),
  );
}

function withNeeds({ shares }: Deal, needsOf: Deal["needsOf"]): Deal {
  const agentsOf = shares.map((_, need) => needsOf.flatMap((needs, agent) => (needs.includes(need) ? [agent] : [])));
  return { shares, needsOf, agentsOf };
}

/** Which part of the rules is in force: to show what each brings. */
export type Part = "agent" | "call";

/** One part of the rules of `scarcity.ts`: to show what it brings. Here time is in s, there in ms. */
export const sparing = (part: Part): SystemMaker =>
  onDesk((desk) => {
    const { agentsOf, needsOf } = desk.deal;
    const ratesSeen = arrivalRates(0);
    const names = agentsOf.map((_, need) => `${need}`);
    const idle = agentsOf.map((able) => able.length);
    const prices = new Float64Array(agentsOf.length);
    return {
      agent(call, free) {
        const at = call.at * 1000;
        observe(ratesSeen, names[call.need] ?? "", at);
        if (part === "call" || free.length < 2) return longestIdle(desk)(call, free);
        for (const [need, able] of agentsOf.entries())
          prices[need] = price({ rate: rate(ratesSeen, names[need] ?? "", at), agents: able.length, idle: idle[need] ?? 0 });
        prices[call.need] = 0;
        const cost = (agent: number) => (needsOf[agent] ?? []).reduce((sum, need) => sum + (prices[need] ?? 0), 0);
        return best(
          free,
          (agent) => -cost(agent),
          (agent) => desk.freeSince[agent] ?? 0,
        );
      },
      need(waiting, at) {
        if (part === "agent") return longestWaiting(desk)(waiting);
        const score = (need: number) =>
          callScore({
            lateness: (at - (desk.first(need)?.at ?? at)) / targetS,
            waiting: desk.waiting(need),
            agents: agentsOf[need]?.length ?? 1,
          });
        return best(waiting, score, (need) => desk.first(need)?.at ?? 0);
      },
      changed(agent, free) {
        for (const need of needsOf[agent] ?? []) idle[need] = (idle[need] ?? 0) + (free ? 1 : -1);
      },
    };
  });
