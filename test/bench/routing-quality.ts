import { type BenchLine, mean, print, say } from "./figures.ts";
import type { Options } from "./options.ts";
import { appQueue } from "./routing-quality/app-queue.ts";
import { live } from "./routing-quality/live.ts";
import { type SystemMaker, simulate } from "./routing-quality/simulate.ts";
import { type Part, plain, pooled, separate, sparing } from "./routing-quality/systems.ts";
import { calls, type Deal, deal, firstLanguage, firstScarce } from "./routing-quality/world.ts";

interface Compared {
  readonly name: BenchLine["system"];
  readonly make: SystemMaker;
  /** Which part of the rules is in force, when not all. */
  readonly only?: Part;
  /** What becomes of the agents' skills in this system. */
  readonly skills?: (deal: Deal) => Deal;
}

/** The first is what `ratio_to_plain` is to, the second what `ratio_to_pooled` is to. */
const systems: readonly Compared[] = [
  { name: "longest-idle", make: plain },
  { name: "pooled", make: plain, skills: pooled },
  { name: "kontaktlots", make: live },
  { name: "kontaktlots", make: sparing("agent"), only: "agent" },
  { name: "kontaktlots", make: sparing("call"), only: "call" },
  { name: "separate", make: plain, skills: separate },
  { name: "app_queue", make: appQueue(1) },
];

/**
 * `routing-quality`: what better choosing is worth. Every system is given the same agents, arrivals and talk times; how much longer
 * or shorter callers wait is told per system, with the 95 % confidence interval over the deals. `--calls`, `--rounds` (deals) make it smaller.
 */
export async function routingQuality(options: Options): Promise<void> {
  const count = options.calls ?? 200_000;
  const deals = Math.max(2, options.rounds ?? 30);
  for (const [skills, occupancy] of [
    [5, 0.92],
    [3, 0.92],
    [3, 0.8],
    [5, 0.8],
  ] as const)
    groupsOnly(skills, occupancy, deals, count);
  for (const occupancy of [0.8, 0.85, 0.92]) withLanguages(occupancy, deals, count);
}

function groupsOnly(skills: number, occupancy: number, deals: number, count: number): void {
  say(`${skills} skills, occupancy ${occupancy}: ${deals} deals of ${count} calls`);
  const waits = systems.map((): number[] => []);
  for (let seed = 1; seed <= deals; seed++) {
    const who = deal(seed, skills, false);
    const stream = calls(seed, who, occupancy, count);
    for (const [n, { make, skills: as = same }] of systems.entries()) waits[n]?.push(simulate(as(who), stream, make).all);
  }
  const [toPlain = [], toPooled = []] = waits;
  for (const [n, { name, only }] of systems.entries()) {
    const own = waits[n] ?? [];
    print({
      ...{ bench: "routing-quality", system: name, ...(only ? { only } : {}), skills, occupancy, deals, calls: count },
      ...interval("mean_wait_s", own),
      ...interval(
        "ratio_to_plain",
        own.map((wait, i) => wait / (toPlain[i] ?? Number.NaN)),
      ),
      ...interval(
        "ratio_to_pooled",
        own.map((wait, i) => wait / (toPooled[i] ?? Number.NaN)),
      ),
    });
  }
}

function withLanguages(occupancy: number, deals: number, count: number): void {
  say(`languages, occupancy ${occupancy}: ${deals} deals of ${count} calls`);
  const compared = systems.filter(({ skills }) => skills === undefined);
  const waits = compared.map(() => ({ swedish: [] as number[], common: [] as number[], scarce: [] as number[] }));
  for (let seed = 1; seed <= deals; seed++) {
    const who = deal(seed, 5, true);
    const stream = calls(seed, who, occupancy, count);
    for (const [n, { make }] of compared.entries()) {
      const waited = simulate(who, stream, make);
      waits[n]?.swedish.push(waited.of(0, firstLanguage));
      waits[n]?.common.push(waited.of(firstLanguage, firstScarce));
      waits[n]?.scarce.push(waited.of(firstScarce, who.shares.length));
    }
  }
  const swedishPlain = waits[0]?.swedish ?? [];
  for (const [n, { name, only }] of compared.entries()) {
    const { swedish = [], common = [], scarce = [] } = waits[n] ?? {};
    print({
      ...{
        bench: "routing-quality",
        system: name,
        ...(only ? { only } : {}),
        languages: 9,
        skills: 5,
        occupancy,
        deals,
        calls: count,
      },
      ...interval("scarce_wait_s", scarce),
      ...interval("language_wait_s", common),
      ...interval("swedish_wait_s", swedish),
      // Of the means, not the mean of ratios: at low occupancy a deal's wait is near nothing.
      swedish_ratio_to_plain: mean(swedish) / mean(swedishPlain),
    });
  }
}

const same = (deal: Deal): Deal => deal;

/** The mean and half the width of its 95 % confidence interval (Student's t), over independent deals. */
function interval(name: string, values: readonly number[]): Record<string, number> {
  const middle = mean(values);
  const free = values.length - 1;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / free);
  return { [name]: middle, [`${name}_ci95`]: (t975(free) * deviation) / Math.sqrt(values.length) };
}

/** 97.5 % point of Student's t, by the expansion about the normal's (Abramowitz and Stegun 26.7.5); within 0.3 % from 5 degrees on. */
function t975(free: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * free) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * free ** 2);
}
