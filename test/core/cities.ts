import type { AgentProfile } from "../../src/core/events.ts";
import type { NodeOf } from "../../src/core/plan/node.ts";
import type { Group, LadderStep, Level, Plan } from "../../src/core/plan/plan.ts";
import { plainLadder } from "../../src/core/routing/ladder.ts";
import type { Competence } from "../../src/core/routing/types.ts";
import { plainRouting } from "../support/competence.ts";

/** Made-up cities for tests of the core. */

const text = (sv: string) => ({ sv, en: sv });
const group = (id: string, wrapUpMs: number): Group => ({
  id,
  name: text(id),
  board: "Nämnden",
  ringMs: 20_000,
  wrapUpMs,
  answerTargetMs: 60_000,
  shortAbandonMs: 5_000,
  fcrTargetPercent: 70,
  placeEveryMs: 45_000,
  ...plainRouting,
});

/** A small plan: key 1 leads to group a (with wrap-up), 2 to b (none), silence to a. */
export const plan: Plan = {
  id: "test",
  city: "Teststad",
  timezone: "Europe/Stockholm",
  languages: ["sv"],
  spoken: ["sv"],
  agentLanguages: ["sv"],
  numbers: [
    {
      number: "+46846500400",
      aliases: [],
      name: text("Staden"),
      greeting: "greeting",
      start: { to: "node", node: "top" },
      language: "sv",
    },
    {
      number: "+46846500401",
      aliases: [],
      name: text("Äldre"),
      greeting: "greeting",
      start: { to: "group", group: "b" },
      language: "sv",
    },
  ],
  nodes: {
    top: {
      kind: "menu",
      id: "top",
      label: text("Meny"),
      prompt: "top",
      keys: { "1": { to: "group", group: "a" }, "2": { to: "group", group: "b" }, "*": { to: "repeat" } },
      waitMs: 5_000,
      tries: 3,
      fallback: { to: "group", group: "a" },
    },
  },
  groups: { a: group("a", 30_000), b: group("b", 0) },
  prompts: {},
  districts: [],
  hours: {},
  calendar: { timezone: "Europe/Stockholm", holidays: {} },
  lastResort: "a",
};

const rung = (afterMs: number, more: Partial<LadderStep>): LadderStep => ({ ...plainLadder[0], afterMs, ...more });

/** The same city with everything routing knows: ladders, neighbours, districts, languages, a second line, urgent calls. */
export const richPlan: Plan = {
  ...plan,
  onDuty: { duty: { name: text("Jour"), numbers: ["+46701234561", "+46701234562"] } },
  interpreters: { fi: "+46701234569" },
  busySpeakers: { askAfterMs: 8_000, askAgainMs: 30_000 },
  languages: ["sv", "fi"],
  spoken: ["sv", "fi"],
  districts: ["Bromma"],
  numbers: [
    plan.numbers[0],
    { ...anEntry("+46846500401"), start: { to: "group", group: "b" } },
    { ...anEntry("+46846500402"), start: { to: "group", group: "a", language: "fi" } },
    { ...anEntry("+46846500403"), start: { to: "group", group: "a", priority: "urgent", district: "Bromma" } },
    { ...anEntry("+46846500404"), start: { to: "node", node: "duty" } },
  ],
  nodes: {
    ...plan.nodes,
    duty: {
      kind: "dial",
      id: "duty",
      label: text("Jour"),
      says: [],
      numbers: "duty",
      ringMs: 20_000,
      rounds: 2,
      fallback: { to: "group", group: "a", priority: "urgent" },
    },
    // What who waits for group a may choose: something to hear and back, the other group, the end, or to wait on.
    waiting: {
      kind: "menu",
      id: "waiting",
      label: text("I kö"),
      prompt: "waiting",
      keys: {
        "1": { to: "node", node: "news" },
        "2": { to: "group", group: "b" },
        "9": { to: "end" },
        "*": { to: "node", node: "duty" },
      },
      waitMs: 5_000,
      tries: 1,
      fallback: { to: "back" },
    },
    news: { kind: "message", id: "news", label: text("Nytt"), says: ["news"], next: { to: "back" } },
    asked: { kind: "survey", id: "asked", label: text("Frågor"), questions: ["solved", "kind"], waitMs: 5_000 },
  },
  groups: {
    a: {
      ...group("a", 30_000),
      waitingMenu: "waiting",
      full: { waiting: 3, next: { to: "group", group: "b" } },
      preferMs: 15_000,
      ladder: [
        rung(0, { minLevel: 3, minLanguage: "good", local: true }),
        rung(10_000, {}),
        rung(30_000, { secondLine: true }),
        rung(60_000, { secondLine: true, neighbours: ["b"] }),
      ],
      secondLine: {
        callIn: { waiting: 3, serviceLevelBelowPercent: 50 },
        sendBack: { waitingAtMost: 0, serviceLevelAbovePercent: 80 },
        windowMs: 600_000,
      },
    },
    b: { ...group("b", 0), survey: "asked", ladder: [rung(0, {}), rung(20_000, { neighbours: ["a"] })] },
  },
};

export const richStaff: readonly AgentProfile[] = [
  someone("x", { sv: "native" }, ["Bromma"], { a: [5, 1], b: [2, 1] }),
  someone("y", { sv: "good", fi: "basic" }, [], { a: [2, 1] }),
  someone("z", { sv: "native", fi: "native" }, [], { b: [4, 1], a: [5, 2] }),
];

const daily = (...intervals: readonly (readonly [from: number, to: number])[]) => {
  const day = intervals.map(([from, to]) => ({ from, to }));
  return { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
};

/** The same city where citizens are rung back: key 3 leads there for group a, 4 for b; a is open at times, from 01:00 local time. */
export const callbackPlan: Plan = {
  ...richPlan,
  nodes: {
    ...richPlan.nodes,
    // Who waits for group a may give the place to a callback.
    waiting: {
      ...menuOf(richPlan, "waiting"),
      keys: { ...menuOf(richPlan, "waiting").keys, "3": { to: "node", node: "back-a" } },
    },
    top: {
      ...menuOf(plan, "top"),
      keys: {
        "1": { to: "group", group: "a" },
        "2": { to: "group", group: "b" },
        "3": { to: "node", node: "back-a" },
        "4": { to: "node", node: "back-b" },
      },
    },
    linked: { kind: "survey", id: "linked", label: text("Länk"), by: "sms", questions: ["solved"], waitMs: 5_000 },
    "back-a": aCallback("a"),
    "back-b": aCallback("b"),
  },
  groups: {
    a: { ...groupIn(richPlan, "a"), hours: "office", survey: "linked" },
    b: groupIn(richPlan, "b"),
  },
  hours: { office: { id: "office", week: daily([60, 90], [100, 300], [600, 700]), exceptions: {} } },
  callbacks: { attempts: 3, retryMs: 60_000, ringMs: 25_000, nordicMobiles: true },
};

function menuOf({ nodes }: Plan, id: string): NodeOf<"menu"> {
  const found = nodes[id];
  if (found?.kind !== "menu") throw new Error(id);
  return found;
}

function groupIn({ groups }: Plan, id: string): Group {
  const found = groups[id];
  if (!found) throw new Error(id);
  return found;
}

function aCallback(group: string): NodeOf<"callback"> {
  const node = { kind: "callback", id: `back-${group}`, label: text("Återuppringning"), group } as const;
  return { ...node, waitMs: 5_000, tries: 3, fallback: { to: "group", group }, next: { to: "end" } };
}

function someone(
  id: string,
  languages: Competence["languages"],
  districts: readonly string[],
  skills: Readonly<Record<string, readonly [Level, 1 | 2]>>,
): AgentProfile {
  const all = Object.entries(skills).map(([group, [level, line]]) => ({ group, level, line }));
  return { id, name: id, competence: { skills: all, languages, districts, site: "x" } };
}

function anEntry(number: string) {
  return { ...plan.numbers[0], number };
}
