import type { LadderStep, LanguageLevel, Level } from "../../src/core/plan/plan.ts";
import { agentFor, type Choice, callFor } from "../../src/core/routing/choose.ts";
import {
  add,
  busy,
  createRouter,
  free,
  nextStepAt,
  observeAsk,
  type Router,
  remove,
  setAgent,
} from "../../src/core/routing/router.ts";
import { arrivalRates } from "../../src/core/routing/scarcity.ts";
import type { Ask, GroupRules, Waiting } from "../../src/core/routing/types.ts";
import { print } from "./figures.ts";
import type { Options } from "./options.ts";
import { random } from "./routing-quality/world.ts";
import { TimeHeap } from "./time-heap.ts";

/**
 * `routing`: what one event costs when a very large centre is at its busiest: 500 groups, 12 languages, 5,000 callers waiting.
 * Calls come as others leave, so that as many wait all the time; all events of a busy hour are there, in its proportions: arrivals,
 * steps of the ladder, agents who become free, offers that fail, callers who give up.
 */
const groupCount = 500;
const languageCount = 12;
const waitingCount = 5_000;
const districtCount = 14;
const talkMs = 240_000;
const warmUp = 150_000;
const measured = 600_000;

export async function routing(options: Options): Promise<void> {
  for (const agents of options.agents === undefined ? [1_000, 10_000] : [options.agents]) {
    const hour = new BusyHour(agents);
    hour.run(warmUp);
    const { eventUs, seconds } = hour.run(measured);
    eventUs.sort();
    const at = (share: number): number => eventUs[Math.floor(share * (eventUs.length - 1))] ?? Number.NaN;
    print({
      bench: "routing",
      system: "kontaktlots",
      agents,
      groups: groupCount,
      waiting: hour.waiting,
      events_count: eventUs.length,
      p50_us: at(0.5),
      p99_us: at(0.99),
      max_us: at(1),
      mean_us: (seconds * 1e6) / eventUs.length,
      events_per_s: eventUs.length / seconds,
    });
  }
}

const group = (n: number): string => `g${n % groupCount}`;
const language = (n: number): string => `l${n % languageCount}`;

const step = (afterMs: number, minLevel: Level, rest: Partial<LadderStep> = {}): LadderStep => ({
  afterMs,
  minLevel,
  minLanguage: "basic",
  local: false,
  secondLine: false,
  neighbours: [],
  ...rest,
});
const rules: readonly GroupRules[] = Array.from({ length: groupCount }, (_, n) => ({
  id: group(n),
  ladder: [
    step(0, 3, { minLanguage: "good", local: true }),
    step(15_000, 1),
    step(45_000, 1, { secondLine: true }),
    step(90_000, 1, { secondLine: true, neighbours: [group(n + 1)] }),
  ],
  answerTargetMs: 60_000,
  preferMs: 20_000,
}));

type Event = { readonly rise: Waiting } | { readonly freed: string } | { readonly failed: Choice } | { readonly gone: Waiting };

class BusyHour {
  readonly #random = random(1);
  readonly #router: Router = createRouter(rules, arrivalRates(0));
  readonly #events = new TimeHeap<Event>();
  readonly #calls = new Map<string, Waiting>();
  #at = 0;
  #order = 0;
  #idle = 0;

  constructor(agents: number) {
    for (let n = 0; n < agents; n++) {
      const skills = new Map<string, { group: string; level: Level; line: 1 | 2 }>();
      while (skills.size < 5) {
        const id = group(Math.floor(this.#random() * groupCount));
        skills.set(id, { group: id, level: (1 + Math.floor(this.#random() * 5)) as Level, line: this.#random() < 0.1 ? 2 : 1 });
      }
      const levels: LanguageLevel[] = ["basic", "good", "native"];
      const languages: Record<string, LanguageLevel> = { l0: "native" };
      for (let k = 0; k < 2; k++) languages[language(Math.floor(this.#random() * languageCount))] ??= levels[n % 3] ?? "good";
      const districts = [`d${n % districtCount}`, `d${(n * 7) % districtCount}`];
      setAgent(this.#router, `agent${n}`, { skills: [...skills.values()], languages, districts, site: `s${n % 2}` });
      this.#events.push(this.#exponential(talkMs), { freed: `agent${n}` });
    }
    for (let n = 0; n < waitingCount; n++) this.#arrive();
  }

  get waiting(): number {
    return this.#calls.size;
  }

  /** Takes so many events; only the router's part of each is timed. */
  run(count: number): { eventUs: Float64Array; seconds: number } {
    const eventUs = new Float64Array(count);
    let seconds = 0;
    for (let n = 0; n < count; n++) {
      const short = waitingCount - this.#calls.size;
      const next = short > 0 ? undefined : this.#events.pop();
      if (next) this.#at = next.due;
      const ask = next ? undefined : this.#newCall();
      const began = performance.now();
      const choice = ask ? this.#comes(ask) : next ? this.#take(next.item) : undefined;
      const took = performance.now() - began;
      eventUs[n] = took * 1000;
      seconds += took / 1000;
      if (ask) this.#schedule(ask);
      if (next && "rise" in next.item) this.#schedule(next.item.rise);
      if (choice) this.#offered(choice);
    }
    return { eventUs, seconds };
  }

  #arrive(): void {
    const call = this.#newCall();
    const choice = this.#comes(call);
    this.#schedule(call);
    if (choice) this.#offered(choice);
  }

  #newCall(): Waiting {
    const random = this.#random;
    const order = this.#order++;
    const ask: Ask = {
      group: group(Math.floor(random() * groupCount)),
      languages: [random() < 0.85 ? "l0" : language(Math.floor(random() * languageCount))],
      priority: random() < 0.03 ? "urgent" : "normal",
      ...(random() < 0.3 ? { district: `d${Math.floor(random() * districtCount)}` } : {}),
      ...(random() < 0.02 ? { preferred: `agent${Math.floor(random() * this.#router.agents.size)}` } : {}),
    };
    const call = { id: `c${order}`, ask, since: this.#at, order, keptUntil: this.#at + (ask.preferred ? 20_000 : 0) };
    if (random() < 0.05) this.#events.push(this.#at + this.#exponential(120_000), { gone: call });
    return call;
  }

  #comes(call: Waiting): Choice | undefined {
    this.#calls.set(call.id, call);
    observeAsk(this.#router, call.ask, this.#at);
    add(this.#router, call);
    return this.#settle(agentFor(this.#router, call, this.#at));
  }

  #take(event: Event): Choice | undefined {
    const router = this.#router;
    if ("freed" in event) {
      free(router, event.freed, ++this.#idle);
      return this.#settle(callFor(router, event.freed, this.#at));
    }
    if ("rise" in event) {
      if (!router.places.has(event.rise.id)) return undefined;
      return this.#settle(agentFor(router, event.rise, this.#at));
    }
    if ("gone" in event) {
      if (router.places.has(event.gone.id)) this.#calls.delete(event.gone.id);
      remove(router, event.gone.id);
      return undefined;
    }
    const call = this.#failed.get(event.failed.call);
    this.#failed.delete(event.failed.call);
    if (!call) return undefined;
    this.#calls.set(call.id, call);
    add(router, call);
    return this.#settle(agentFor(router, call, this.#at));
  }

  readonly #failed = new Map<string, Waiting>();

  #settle(choice: Choice | undefined): Choice | undefined {
    if (!choice) return undefined;
    remove(this.#router, choice.call);
    busy(this.#router, choice.agent);
    return choice;
  }

  /** The agent talks, or, once in thirty times, does not answer. */
  #offered(choice: Choice): void {
    const call = this.#calls.get(choice.call);
    this.#calls.delete(choice.call);
    const fails = this.#random() < 0.03;
    if (fails && call) {
      this.#failed.set(call.id, call);
      this.#events.push(this.#at + 20_000, { failed: choice });
    }
    this.#events.push(this.#at + (fails ? 20_000 : this.#exponential(talkMs)), { freed: choice.agent });
  }

  #schedule(call: Waiting): void {
    const due = this.#router.places.has(call.id) ? nextStepAt(this.#router, call, this.#at) : undefined;
    if (due !== undefined) this.#events.push(due, { rise: call });
  }

  #exponential(mean: number): number {
    return -mean * Math.log(1 - this.#random());
  }
}
