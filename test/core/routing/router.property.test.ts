import fc from "fast-check";
import t from "tap";
import type { LadderStep, Level } from "../../../src/core/plan/plan.ts";
import { agentFor, type Choice, callFor } from "../../../src/core/routing/choose.ts";
import { ableOf, roadTo, rungAt } from "../../../src/core/routing/ladder.ts";
import { lateness } from "../../../src/core/routing/order.ts";
import {
  add,
  busy,
  callIn,
  createRouter,
  free,
  nextStepAt,
  type Router,
  remove,
  removeAgent,
  setAgent,
} from "../../../src/core/routing/router.ts";
import { arrivalRates, callScore } from "../../../src/core/routing/scarcity.ts";
import type { Ask, Competence, GroupRules, Waiting } from "../../../src/core/routing/types.ts";

/** The router beside a plain list of agents and calls: whatever happens, it chooses what looking at everybody would choose. */

const groups = ["a", "b", "c"];
const languages = ["sv", "so", "fi"];
const districts = ["Bromma", "Farsta"];

const step = (afterMs: number, rest: Partial<LadderStep>): LadderStep => ({
  afterMs,
  minLevel: 1,
  minLanguage: "basic",
  local: false,
  secondLine: false,
  neighbours: [],
  ...rest,
});
const rules: readonly GroupRules[] = [
  {
    id: "a",
    ladder: [
      step(0, { minLevel: 4, minLanguage: "good", local: true }),
      step(10_000, { minLevel: 2, minLanguage: "good" }),
      step(20_000, { secondLine: true }),
      step(40_000, { secondLine: true, neighbours: ["b"] }),
    ],
    answerTargetMs: 60_000,
    preferMs: 15_000,
  },
  { id: "b", ladder: [step(0, {}), step(30_000, { neighbours: ["a", "c"] })], answerTargetMs: 30_000, preferMs: 15_000 },
  { id: "c", ladder: [step(0, {})], answerTargetMs: 120_000, preferMs: 5_000 },
];

const competence: fc.Arbitrary<Competence> = fc.record({
  skills: fc.uniqueArray(
    fc.record({
      group: fc.constantFrom(...groups),
      level: fc.integer({ min: 1, max: 5 }).map((level) => level as Level),
      line: fc.constantFrom(1 as const, 2 as const),
    }),
    { selector: ({ group }) => group, maxLength: 3 },
  ),
  languages: fc.dictionary(fc.constantFrom(...languages), fc.constantFrom("native" as const, "good" as const, "basic" as const)),
  districts: fc.subarray(districts),
  site: fc.constant("x"),
});
const agentIds = ["anna", "bo", "cia", "dan", "eva", "fia"];
const ask: fc.Arbitrary<Ask> = fc
  .record({
    group: fc.constantFrom(...groups),
    languages: fc.subarray(languages, { minLength: 1, maxLength: 2 }),
    district: fc.constantFrom(undefined, undefined, ...districts),
    priority: fc.constantFrom("normal" as const, "normal" as const, "urgent" as const),
    preferred: fc.constantFrom(undefined, undefined, undefined, ...agentIds),
  })
  .map(({ district, preferred, ...rest }) => ({
    ...rest,
    ...(district ? { district } : {}),
    ...(preferred ? { preferred } : {}),
  }));

/** The plain list. */
class Office {
  readonly router: Router = createRouter(rules, arrivalRates(0));
  readonly staff = new Map<string, Competence>();
  readonly idle = new Map<string, number>();
  readonly waiting = new Map<string, Waiting>();
  /** Who is on a call, and with which; null: the call went elsewhere, and the agent is not free yet. */
  readonly taken = new Map<string, Waiting | null>();
  readonly calledIn = new Set<string>();
  at = 0;
  orders = 0;
  idles = 0;

  rulesOf(waiting: Waiting): GroupRules {
    const found = rules.find(({ id }) => id === waiting.ask.group);
    if (!found) throw new Error(waiting.ask.group);
    return found;
  }

  may(agent: string, waiting: Waiting): boolean {
    const able = ableOf(agent, this.staff.get(agent) ?? none);
    const rules = this.rulesOf(waiting);
    const rung = rungAt(waiting, rules, this.at);
    return roadTo(waiting.ask, rung, rules, able, this.calledIn.has(waiting.ask.group)) !== undefined;
  }

  take(choice: Choice): void {
    const waiting = this.waiting.get(choice.call);
    if (!waiting || !this.idle.has(choice.agent)) throw new Error(`${choice.call} or ${choice.agent} is not to be had`);
    if (!this.may(choice.agent, waiting)) throw new Error(`${choice.agent} may not take ${choice.call}`);
    this.waiting.delete(choice.call);
    this.idle.delete(choice.agent);
    remove(this.router, choice.call);
    busy(this.router, choice.agent);
    this.taken.set(choice.agent, waiting);
  }

  arrive(asked: Ask): void {
    const order = this.orders++;
    const kept = asked.preferred !== undefined && this.staff.has(asked.preferred);
    this.comes({ id: `c${order}`, ask: asked, since: this.at, order, keptUntil: this.at + (kept ? 12_000 : 0) });
  }

  comes(waiting: Waiting): void {
    this.waiting.set(waiting.id, waiting);
    add(this.router, waiting);
    this.seek(waiting);
  }

  seek(waiting: Waiting): void {
    const choice = agentFor(this.router, waiting, this.at);
    if (choice) this.take(choice);
  }

  freed(agent: string): void {
    this.idle.set(agent, ++this.idles);
    free(this.router, agent, this.idles);
    this.serve(agent);
  }

  /** What a freed agent gets is the most pressing of all calls, not only of those the router looks at. */
  serve(agent: string): void {
    const choice = callFor(this.router, agent, this.at);
    const able = [...this.waiting.values()].filter((waiting) => this.may(agent, waiting));
    const inGroup = (group: string) => [...this.waiting.values()].filter(({ ask }) => ask.group === group).length;
    const isFirstLine = ({ skills }: Competence, group: string) =>
      skills.some((skill) => skill.group === group && skill.line === 1);
    const onDuty = (group: string) =>
      [...this.router.agents.values()].filter(({ onDuty, competence }) => onDuty && isFirstLine(competence, group)).length;
    const pressing = (waiting: Waiting) =>
      callScore({
        lateness: lateness(waiting, this.rulesOf(waiting), this.at, waiting.ask.preferred === agent),
        waiting: inGroup(waiting.ask.group),
        agents: Math.max(1, onDuty(waiting.ask.group)),
      });
    const best = able.sort((a, b) => pressing(b) - pressing(a) || a.order - b.order)[0];
    if (choice?.call !== best?.id) throw new Error(`${agent} got ${choice?.call}, most pressing was ${best?.id}`);
    if (choice) this.take(choice);
  }

  /** Time goes on; whose rung rises is looked at anew, in the order in which they rise. */
  pass(ms: number): void {
    const until = this.at + ms;
    for (;;) {
      const due = (waiting: Waiting) => nextStepAt(this.router, waiting, this.at) ?? Number.POSITIVE_INFINITY;
      const next = Math.min(...[...this.waiting.values()].map(due));
      if (next > until) break;
      const rise = [...this.waiting.values()].filter((waiting) => due(waiting) === next).sort((a, b) => a.order - b.order);
      this.at = next;
      for (const waiting of rise) this.seek(waiting);
      this.check();
    }
    this.at = until;
  }

  check(): void {
    for (const agent of this.idle.keys()) {
      for (const waiting of this.waiting.values()) {
        if (this.may(agent, waiting)) throw new Error(`${agent} is idle while ${waiting.id} waits`);
      }
    }
  }
}
const none: Competence = { skills: [], languages: {}, districts: [], site: "" };

type Move = (office: Office) => void;
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: ask.map(
      (asked): Move =>
        (office) =>
          office.arrive(asked),
    ),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(...agentIds).map(
      (agent): Move =>
        (office) => {
          if (!office.taken.delete(agent) || !office.staff.has(agent)) return;
          office.freed(agent);
        },
    ),
  },
  // Missed, refused, failed: the call comes back to its place, and another agent is looked for.
  {
    weight: 2,
    arbitrary: fc.constantFrom(...agentIds).map(
      (agent): Move =>
        (office) => {
          const waiting = office.taken.get(agent);
          if (!waiting) return;
          office.taken.set(agent, null);
          office.comes(waiting);
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(20).map(
      (n): Move =>
        (office) => {
          const gone = [...office.waiting.keys()][n];
          if (gone === undefined) return;
          office.waiting.delete(gone);
          remove(office.router, gone);
        },
    ),
  },
  {
    weight: 4,
    arbitrary: fc.nat(20_000).map(
      (ms): Move =>
        (office) =>
          office.pass(ms),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...agentIds), competence).map(
      ([agent, brings]): Move =>
        (office) => {
          const isNew = !office.staff.has(agent);
          office.staff.set(agent, brings);
          setAgent(office.router, agent, brings);
          if (isNew && !office.taken.has(agent)) office.freed(agent);
          else if (office.idle.has(agent)) office.serve(agent);
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...agentIds).map(
      (agent): Move =>
        (office) => {
          office.staff.delete(agent);
          office.idle.delete(agent);
          removeAgent(office.router, agent);
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...groups), fc.boolean()).map(
      ([group, calledIn]): Move =>
        (office) => {
          if (calledIn) office.calledIn.add(group);
          else office.calledIn.delete(group);
          callIn(office.router, group, calledIn);
          for (const agent of [...office.idle.keys()]) office.serve(agent);
        },
    ),
  },
);

t.test("whatever happens: the most pressing call, an agent who may, and nobody idle who could help", async () => {
  fc.assert(
    fc.property(fc.array(move, { maxLength: 120, size: "max" }), (moves) => {
      const office = new Office();
      for (const one of moves) {
        one(office);
        office.check();
      }
    }),
    { numRuns: 10_000 },
  );
});
