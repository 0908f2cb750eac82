import t from "tap";
import type { PlanNode } from "../../../src/core/plan/node.ts";
import type { Group, Plan } from "../../../src/core/plan/plan.ts";
import { plan as plainPlan } from "../cities.ts";
import { World } from "../world.ts";

const label = { sv: "Steg", en: "Step" };
const asking = { waitMs: 5_000, tries: 2, fallback: { to: "group", group: "b" } } as const;
const hours = (from: number, to: number) => {
  const day = [{ from, to }];
  return { week: { mon: day, tue: day, wed: day, thu: day, fri: day, sat: [], sun: [] }, exceptions: {} };
};

/** The small plan with other parts, and a call at its first menu. */
function city(parts: Partial<Plan> & { readonly steps?: readonly PlanNode[]; readonly a?: Partial<Group> }): World {
  const { steps = [], a = {}, ...rest } = parts;
  const first = steps[0];
  const [entry, ...others] = plainPlan.numbers;
  const start = first ? ({ to: "node", node: first.id } as const) : entry.start;
  const plan: Plan = {
    ...plainPlan,
    numbers: [{ ...entry, start }, ...others],
    ...rest,
    nodes: { ...plainPlan.nodes, ...Object.fromEntries(steps.map((node) => [node.id, node])) },
    groups: { ...plainPlan.groups, a: { ...(plainPlan.groups.a as Group), ...a } },
  };
  return World.of(plan, []);
}
const said = (world: World) => world.facts.flatMap((fact) => (fact.type === "call.said" ? [fact.prompts] : []));
const facts = (world: World, type: string) => world.facts.filter((fact) => fact.type === type);
const press = (world: World, call: string, ...pressed: ("0" | "1" | "2" | "3" | "4" | "5" | "9" | "#" | "*")[]) => {
  for (const key of pressed) world.take({ type: "key", call, key });
};

t.test("a group that is closed says when it opens, and leads elsewhere; it takes calls once it is open", async (t) => {
  const closed: PlanNode = {
    ...{ kind: "menu", id: "closed", label, ...asking, says: ["closed", "$opens"], prompt: "closed-choices" },
    keys: { "1": { to: "end" } },
  };
  const made = city({
    steps: [{ kind: "message", id: "hello", label, says: ["hello"], next: { to: "group", group: "a" } }, closed],
    hours: { office: { id: "office", ...hours(8 * 60, 16 * 60 + 30) } },
    calendar: { timezone: "Europe/Stockholm", holidays: { "2026-11-24": { kind: "holiday", name: label } } },
    a: { hours: "office", closed: { to: "node", node: "closed" } },
  });
  made.at = Date.parse("2026-11-23T17:00:00+01:00");
  const late = made.arrive();
  made.deliverAll();
  t.match(facts(made, "call.turned-away"), [{ group: "a", because: "closed" }]);
  t.strictSame(
    said(made).at(-1),
    ["closed", "opens-at", "day-tomorrow", "clock-8", "closed-choices"],
    "no holiday is known here",
  );
  press(made, late, "1");
  made.deliverAll();
  t.strictSame(said(made).at(-1), ["goodbye"]);
  t.equal(made.core.calls.has(late), false, "it has been let go");
  t.match(facts(made, "call.ended"), [{ stage: "menu", by: "engine" }]);
  made.at = Date.parse("2026-11-24T09:00:00+01:00");
  const early = made.arrive();
  made.deliverAll();
  t.equal(made.core.calls.get(early)?.stage.name, "queue");
});

t.test("a full group leads elsewhere, but never an urgent call", async (t) => {
  const entries = plainPlan.numbers;
  const made = city({
    numbers: [
      { ...entries[0], start: { to: "group", group: "a" } },
      { ...entries[0], number: "+46846500405", start: { to: "group", group: "a", priority: "urgent" } },
    ],
    a: { full: { waiting: 1, next: { to: "group", group: "b" } } },
  });
  const [first, second, urgent] = [made.arrive(), made.arrive(), made.arrive("+46846500405")];
  const groupOf = (call: string) => made.core.calls.get(call)?.queued?.ask.group;
  t.strictSame([groupOf(first), groupOf(second), groupOf(urgent)], ["a", "b", "a"]);
});

t.test("groups that are closed and send on to each other hold nobody for ever", async (t) => {
  const shut = { id: "never", week: hours(0, 0).week, exceptions: {} };
  const never = {
    ...shut,
    week: Object.fromEntries(Object.keys(shut.week).map((day) => [day, []])) as unknown as typeof shut.week,
  };
  const made = city({
    hours: { never },
    a: { hours: "never", closed: { to: "group", group: "a" } },
    numbers: [{ ...plainPlan.numbers[0], start: { to: "group", group: "a" } }],
  });
  const call = made.arrive();
  t.equal(made.core.calls.get(call)?.stage.name, "queue");
});

t.test("who waits chooses something else, keeps the place meanwhile, and comes back to it", async (t) => {
  const waiting: PlanNode = {
    ...{ kind: "menu", id: "waiting", label, ...asking, prompt: "waiting-choices" },
    keys: { "1": { to: "node", node: "news" }, "3": { to: "group", group: "b" }, "2": { to: "end" } },
  };
  const news: PlanNode = { kind: "message", id: "news", label, says: ["news"], next: { to: "back" } };
  const made = city({
    numbers: [{ ...plainPlan.numbers[0], start: { to: "group", group: "a" } }],
    nodes: { ...plainPlan.nodes },
    steps: [],
    a: { waitingMenu: "waiting" },
  });
  made.take({
    type: "plan.set",
    plan: { ...(made.core.plan as Plan), nodes: { ...plainPlan.nodes, waiting, news } },
  });
  const [first, second] = [made.arrive(), made.arrive()];
  made.deliverAll();
  const place = made.core.calls.get(first)?.queued;
  press(made, first, "9");
  t.equal(made.core.calls.get(first)?.stage.name, "queue", "a key that means nothing is no mistake");
  press(made, first, "1");
  t.equal(made.core.calls.get(first)?.aside, true);
  t.strictSame(said(made).at(-1), ["news"]);
  made.deliverAll();
  t.equal(made.core.calls.get(first)?.stage.name, "queue");
  t.equal(made.core.calls.get(first)?.queued, place, "the same place");
  t.strictSame(said(made).at(-1), ["place-first"]);
  press(made, first, "3");
  t.equal(made.core.calls.get(first)?.queued?.ask.group, "b");
  press(made, second, "2");
  made.deliverAll();
  t.match(facts(made, "call.left-queue"), [{ call: second, group: "a" }]);
});

t.test("who waits, rings those on duty and reaches nobody comes back to the old place, urgent now, and is told", async (t) => {
  const numbers = ["+46701740650"];
  const dial = { kind: "dial", label, says: [], numbers, ringMs: 5_000, rounds: 1 } as const;
  const steps: PlanNode[] = [
    {
      ...{ kind: "menu", id: "waiting", label, ...asking, prompt: "waiting-choices" },
      keys: {
        "1": { to: "node", node: "duty" },
        "2": { to: "node", node: "other" },
        "3": { to: "group", group: "a", language: "en" },
      },
    },
    { ...dial, id: "duty", fallback: { to: "group", group: "a", priority: "urgent" } },
    { ...dial, id: "other", fallback: { to: "group", group: "a" } },
  ];
  const start = { to: "group", group: "a" } as const;
  const made = city({
    steps,
    numbers: [
      { ...plainPlan.numbers[0], start },
      { ...plainPlan.numbers[0], number: "+46846500405", start: { ...start, priority: "urgent" } },
    ],
    languages: ["sv", "en"],
    a: { waitingMenu: "waiting" },
  });
  const queued = (call: string) => made.core.calls.get(call)?.queued;
  const unreached = (call: string, key: "1" | "2") => {
    press(made, call, key);
    made.deliverAll();
    made.pass(10_000);
    made.deliverAll();
    t.equal(made.core.calls.get(call)?.stage.name, "queue");
  };
  const [first, second] = [made.arrive(), made.arrive()];
  made.deliverAll();
  const before = queued(second);
  unreached(second, "1");
  t.match(queued(second), { ask: { group: "a", priority: "urgent" }, order: before?.order, since: before?.since });
  t.match(facts(made, "call.queued").at(-1), { call: second, priority: "urgent", since: before?.since });
  t.ok(said(made).some((prompts) => prompts[0] === "nobody-answered" && prompts.includes("place-2")));
  t.match(queued(first), { ask: { priority: "normal" } });
  const urgent = made.arrive("+46846500405");
  made.deliverAll();
  unreached(urgent, "2");
  t.match(queued(urgent), { ask: { priority: "urgent" } }, "who was urgent stays so");
  const asked = facts(made, "call.queued").length;
  unreached(first, "2");
  t.equal(facts(made, "call.queued").length, asked, "nothing new is asked, and nothing told");
  press(made, first, "3");
  t.match(
    queued(first),
    { ask: { group: "a", languages: ["en"] }, order: 1 },
    "another language in the same group, in the same place",
  );
  t.equal(made.core.calls.get(first)?.language, "en");
});

t.test("the choice of languages: each in itself, remembered for the next call unless the number is withheld", async (t) => {
  const steps: PlanNode[] = [{ kind: "languages", id: "languages", label, ...asking, next: { to: "node", node: "top" } }];
  const made = city({ steps, languages: ["sv", "en", "fi", "so"], spoken: ["sv", "en", "fi"] });
  const call = made.arrive();
  t.strictSame(said(made).at(-1), ["greeting", "en:language-choice-1", "fi:language-choice-2"], "Somali has no sound yet");
  press(made, call, "3");
  t.strictSame(said(made).at(-1)?.[0], "wrong-key", "and is not to be had");
  press(made, call, "2");
  t.match(made.facts.at(-1), { type: "call.said", prompts: ["top"], language: "fi" });
  made.arrive();
  t.match(made.facts.at(-1), { type: "call.said", language: "fi" }, "the same number again");
});

t.test("the district by postal code, the longest beginning that is known", async (t) => {
  const steps: PlanNode[] = [{ kind: "district", id: "where", label, ...asking, next: { to: "group", group: "a" } }];
  const made = city({ steps, districts: ["Bromma", "Kista"], postcodes: { "164": "Kista", "1671": "Bromma" } });
  const call = made.arrive();
  press(made, call, "1", "2", "3", "4", "5");
  t.strictSame(said(made).at(-1)?.slice(0, 2), ["wrong-key", "postcode-unknown"]);
  press(made, call, "1", "2", "*", "1", "4", "*");
  for (const key of ["1", "6", "7", "1", "2"] as const) made.take({ type: "key", call, key });
  t.equal(made.core.calls.get(call)?.queued?.ask.district, "Bromma");
  t.match(facts(made, "call.district"), [{ call, district: "Bromma" }]);
});

t.test("speech stops when a key goes down, and a key that never comes leaves nobody in silence", async (t) => {
  const made = city({});
  const call = made.arrive();
  const before = made.effects.length;
  made.take({ type: "key.down", call, key: "5" });
  t.match(made.effects.slice(before), [{ do: "stop-play" }, { do: "music", on: true, bed: true }, { do: "timer" }]);
  made.fire(`menu:${call}`);
  t.strictSame(said(made).at(-1), ["no-key", "top"]);
});

t.test("that a key went down is told of late: what answers that key is spoken on", async (t) => {
  const made = city({});
  const call = made.arrive();
  made.take({ type: "key", call, key: "7" });
  t.strictSame(said(made).at(-1), ["wrong-key", "top"]);
  const before = made.effects.length;
  made.take({ type: "key.down", call, key: "7" });
  t.strictSame(made.effects.slice(before), []);
  made.take({ type: "key.down", call, key: "8" });
  t.match(made.effects.slice(before), [{ do: "stop-play" }, { do: "music" }, { do: "timer" }], "another key is a new one");
});
