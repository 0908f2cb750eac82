import type { SystemMaker } from "./simulate.ts";
import { best, onDesk } from "./systems.ts";
import { agents, type Call, type Deal, groups, random } from "./world.ts";

/**
 * Whom a queue rings, as app_queue.c has it (calc_metric, find_best): the lowest number of `penalty · 1,000,000` plus, for who has had a
 * call of *this queue* (`shared_lastcall` is off unless set), `1,000,000` less the whole seconds since it ended; of equals the last
 * named in queues.conf. So a member of penalty 1 who has had no call yet is the equal of one of penalty 0 whose call has just ended.
 */
export class Members {
  readonly #deal: Deal;
  /** Per need and agent: when their last call ended, s; undefined: none yet. */
  readonly #lastEnd: (number | undefined)[][];

  constructor(deal: Deal) {
    this.#deal = deal;
    this.#lastEnd = deal.shares.map(() => []);
  }

  best(need: number, free: readonly number[], at: number): number | undefined {
    const metric = (agent: number): number => {
      const end = this.#lastEnd[need]?.[agent];
      const recent = end === undefined ? 0 : 1e6 - (Math.floor(at) - Math.floor(end));
      return this.#penalty(agent, need) * 1e6 + recent;
    };
    return best(
      free,
      (agent) => -metric(agent),
      (agent) => -agent,
    );
  }

  ended(agent: number, need: number, at: number): void {
    const ends = this.#lastEnd[need];
    if (ends) ends[agent] = at;
  }

  /** The place of the skill among the agent's; a language has none. */
  #penalty(agent: number, need: number): number {
    return need >= groups ? 0 : (this.#deal.needsOf[agent]?.indexOf(need) ?? 0);
  }
}

/**
 * app_queue with `strategy = leastrecent`, `autofill = yes`, a queue per need, penalties by the order of an agent's skills. Queues
 * do not know of each other (`weight` and `force_longest_waiting_caller` are off unless set): each caller at the head looks once a
 * second, and whose look falls first after an agent came free is chance. The time until that look is left out, in app_queue's favour;
 * what that means is measured by `app-queue-model`.
 */
export const appQueue = (seed: number): SystemMaker =>
  onDesk((desk) => {
    const next = random(seed);
    const members = new Members(desk.deal);
    return {
      agent: (call, free) => members.best(call.need, free, call.at),
      need: (waiting) => waiting[Math.floor(next() * waiting.length)],
      ended: (agent, need, at) => members.ended(agent, need, at),
    };
  });

interface Waiting {
  readonly call: Call;
  lookAt: number;
}

/** Of a live run, s: a caller's first look comes up to `arrival` after their INVITE, the next up to `slack` more than `every` after it. */
const looks = { arrival: 0.01, every: 1, slack: 0.0016 } as const;

/**
 * The same with its looks (app_queue.c, wait_our_turn): a caller looks on arrival and every second from then on, and is taken by
 * that look when fewer callers of the queue wait before them than the queue has free agents. So an agent stays free until
 * a look, a caller who arrives meanwhile overtakes those of other queues, and with two agents free even one of the same queue.
 */
export const appQueueLooking =
  (seed: number): SystemMaker =>
  (deal) => {
    const next = random(seed);
    const members = new Members(deal);
    const queues = deal.shares.map((): Waiting[] => []);
    const free = Array<boolean>(agents).fill(true);
    const needInTalk: number[] = [];
    const look = (waiting: Waiting): { agent: number; call: Call } | undefined => {
      const { call, lookAt } = waiting;
      const queue = queues[call.need] ?? [];
      const before = queue.indexOf(waiting);
      const able = (deal.agentsOf[call.need] ?? []).filter((agent) => free[agent]);
      const agent = before < able.length ? members.best(call.need, able, lookAt) : undefined;
      if (agent === undefined) {
        waiting.lookAt += looks.every + next() * looks.slack;
        return undefined;
      }
      queue.splice(before, 1);
      free[agent] = false;
      needInTalk[agent] = call.need;
      return { agent, call };
    };
    const nextToLook = (): Waiting | undefined =>
      best(
        queues.flat(),
        ({ lookAt }) => -lookAt,
        ({ call }) => call.id,
      );
    return {
      arrive(call) {
        queues[call.need]?.push({ call, lookAt: call.at + next() * looks.arrival });
        return undefined;
      },
      freed(agent, at) {
        members.ended(agent, needInTalk[agent] ?? -1, at);
        free[agent] = true;
        return undefined;
      },
      nextLook: () => nextToLook()?.lookAt ?? Number.POSITIVE_INFINITY,
      look() {
        const waiting = nextToLook();
        return waiting && look(waiting);
      },
    };
  };
