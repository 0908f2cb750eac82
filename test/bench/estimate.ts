import type { Fact } from "../../src/core/facts.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { plan } from "../core/cities.ts";
import { Office } from "../stats/office.ts";
import { mean, percentile, print } from "./figures.ts";
import type { Options } from "./options.ts";
import { random } from "./routing-quality/world.ts";

/**
 * `estimate`: how good the waits are that callers are told. A day is played through the core, and what each caller was told on
 * entering the queue is held against how long they then waited. One in five should wait less than the range says, one in five more.
 */
export async function estimate(options: Options): Promise<void> {
  for (const agents of options.agents === undefined ? [3, 10, 40] : [options.agents]) measure(agents, options.calls ?? 6_000);
}

/** Two groups, each with a number that leads straight to it. */
const direct: Plan = {
  ...plan,
  numbers: [{ ...plan.numbers[0], start: { to: "group", group: "a" } }, ...plan.numbers.slice(1)],
};
const talkMs = 180_000;
/** What `Office` adds to each talk: picking up, and wrap-up. */
const besidesMs = 23_000;
const occupancy = 0.95;

function measure(agents: number, calls: number): void {
  const next = random(agents);
  const office = new Office(
    direct,
    Array.from({ length: agents }, (_, n) => `a${n}`),
    0,
  );
  const exponential = (middle: number): number => -middle * Math.log(1 - next());
  let at = 0;
  for (let n = 0; n < calls; n++) {
    at += exponential((talkMs + besidesMs) / agents / occupancy);
    const talk = Math.round(exponential(talkMs));
    const course = { answered: true, talkMs: talk, outcome: "answered" } as const;
    const dialled = next() < 0.5 ? "+46846500401" : "+46846500400";
    office.arrive({ call: `c${n}`, at: Math.round(at), dialled, course });
  }
  office.shift(0, at + 24 * 3_600_000);
  const told = new Map<string, { readonly fromMs: number; readonly toMs: number }>();
  const queued = new Set<string>();
  const held: { readonly waitedMs: number; readonly fromMs: number; readonly toMs: number }[] = [];
  let waitedUntold = 0;
  for (const { sort, json } of office.run()) {
    if (sort !== "fact") continue;
    const fact = JSON.parse(json) as Fact;
    if (fact.type === "call.queued") queued.add(fact.call);
    else if (fact.type === "call.estimated") told.set(fact.call, fact);
    else if (fact.type === "call.answered") {
      const range = told.get(fact.call);
      if (range) held.push({ waitedMs: fact.waitedMs, ...range });
      else if (fact.waitedMs > 10_000) waitedUntold++;
    }
  }
  const share = (fits: (one: (typeof held)[number]) => boolean): number => (100 * held.filter(fits).length) / held.length;
  print({
    bench: "estimate",
    system: "kontaktlots",
    agents,
    calls,
    occupancy,
    told_count: held.length,
    waited_untold_count: waitedUntold,
    inside_percent: share(({ waitedMs, fromMs, toMs }) => waitedMs >= fromMs && waitedMs <= toMs),
    shorter_percent: share(({ waitedMs, fromMs }) => waitedMs < fromMs),
    longer_percent: share(({ waitedMs, toMs }) => waitedMs > toMs),
    error_p50_s: percentile(
      held.map(({ waitedMs, fromMs, toMs }) => Math.abs(waitedMs - (fromMs + toMs) / 2) / 1000),
      0.5,
    ),
    wait_mean_s: mean(held.map(({ waitedMs }) => waitedMs / 1000)),
  });
}
