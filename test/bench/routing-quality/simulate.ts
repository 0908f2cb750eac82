import { agents, type Call, type Deal } from "./world.ts";

/** Who chooses. Agents are numbers; every agent is free at first. A system keeps its own queues and its own list of the free. */
export interface System {
  /** A call comes: the agent who takes it at once; undefined: it waits. */
  arrive(call: Call): number | undefined;
  /** An agent has ended a talk: the waiting call they take; undefined: they are free. */
  freed(agent: number, at: number): Call | undefined;
  /** When it next looks by itself whether a waiting call can be taken; a system without it never does. */
  nextLook?(): number;
  /** That look. */
  look?(): { readonly agent: number; readonly call: Call } | undefined;
}

export type SystemMaker = (deal: Deal) => System;

/** Mean waits, s. */
export interface Waits {
  readonly all: number;
  /** Of the calls of needs from..to (to not included). */
  of(from: number, to: number): number;
}

/**
 * Takes the calls through a system, to the end of the last talk; `told` hears of each call that is taken and how long it waited.
 * Throws when a call never came to an agent who may take it.
 */
export function simulate(
  deal: Deal,
  calls: readonly Call[],
  makeSystem: SystemMaker,
  told?: (call: Call, agent: number, waitS: number) => void,
): Waits {
  const system = makeSystem(deal);
  const talks = new Talks();
  const sum = new Float64Array(deal.shares.length);
  const count = new Float64Array(deal.shares.length);
  const talk = (agent: number, call: Call, at: number) => {
    if (!deal.needsOf[agent]?.includes(call.need)) throw new Error(`agent ${agent} was given a call of need ${call.need}`);
    sum[call.need] = (sum[call.need] ?? 0) + at - call.at;
    count[call.need] = (count[call.need] ?? 0) + 1;
    told?.(call, agent, at - call.at);
    talks.add(at + call.talkS, agent);
  };
  const endUntil = (until: number) => {
    for (;;) {
      const at = talks.nextAt;
      const lookAt = system.nextLook?.() ?? Number.POSITIVE_INFINITY;
      if (Math.min(at, lookAt) >= until) return;
      if (lookAt < at) {
        const taken = system.look?.();
        if (taken) talk(taken.agent, taken.call, lookAt);
      } else {
        const agent = talks.take();
        const call = system.freed(agent, at);
        if (call) talk(agent, call, at);
      }
    }
  };
  for (const call of calls) {
    endUntil(call.at);
    const agent = system.arrive(call);
    if (agent !== undefined) talk(agent, call, call.at);
  }
  endUntil(Number.POSITIVE_INFINITY);
  const of = (from: number, to: number) => total(sum.subarray(from, to)) / total(count.subarray(from, to));
  if (total(count) !== calls.length) throw new Error(`${calls.length - total(count)} calls were left waiting`);
  return { all: of(0, sum.length), of };
}

const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** Who talks, by the end of the talk: a heap in two arrays. */
class Talks {
  size = 0;
  readonly #at = new Float64Array(agents);
  readonly #agent = new Int32Array(agents);

  get nextAt(): number {
    return this.size > 0 ? (this.#at[0] ?? 0) : Number.POSITIVE_INFINITY;
  }

  add(at: number, agent: number): void {
    let place = this.size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#at[parent] ?? 0) <= at) break;
      this.#move(parent, place);
      place = parent;
    }
    this.#set(place, at, agent);
  }

  take(): number {
    const first = this.#agent[0] ?? 0;
    const last = --this.size;
    const at = this.#at[last] ?? 0;
    const agent = this.#agent[last] ?? 0;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= last) break;
      if (child + 1 < last && (this.#at[child + 1] ?? 0) < (this.#at[child] ?? 0)) child++;
      if ((this.#at[child] ?? 0) >= at) break;
      this.#move(child, place);
      place = child;
    }
    this.#set(place, at, agent);
    return first;
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#at[from] ?? 0, this.#agent[from] ?? 0);
  }

  #set(place: number, at: number, agent: number): void {
    this.#at[place] = at;
    this.#agent[place] = agent;
  }
}
