import t from "tap";
import { legId } from "../../../src/core/call/ids.ts";
import { linkValidMs } from "../../../src/core/nodes/survey.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { restore, snapshotOf } from "../../../src/core/snapshot.ts";
import { generalist } from "../../support/competence.ts";
import { richPlan } from "../cities.ts";
import { World } from "../world.ts";

/** Surveys that are answered on a page: who is offered that, and what becomes of it. */

const label = { sv: "Frågor", en: "Questions" };
const questions = ["solved", "kind"];
const callbacks = { attempts: 3, retryMs: 60_000, ringMs: 25_000, nordicMobiles: false };
const plan: Plan = {
  ...richPlan,
  nodes: { ...richPlan.nodes, asked: { kind: "survey", id: "asked", label, by: "sms", questions, waitMs: 5_000 } },
  callbacks,
};

/** A caller who has talked with an agent, who let go first. */
function asked(from: string | null, city = plan): { world: World; call: string } {
  const world = World.of(city, [{ id: "anna", name: "Anna", competence: generalist(["b"]) }]);
  const call = world.arrive("+46846500401", from);
  world.pickUp(legId(call, 1));
  world.deliverAll();
  world.take({ type: "agent.hang-up", agent: "anna", call });
  while (!said(world).some((prompts) => prompts[0]?.startsWith("survey-"))) world.deliver();
  return { world, call };
}
const said = (world: World) => world.facts.flatMap((fact) => (fact.type === "call.said" ? [fact.prompts] : []));
const facts = (world: World, type: string) => world.facts.filter((fact) => fact.type === type);

t.test("key 1 is a yes: the link is wanted, and who is told so is let go", async (t) => {
  const { world, call } = asked("+46701740605");
  t.strictSame(said(world).at(-1), ["survey-sms-offer"]);
  world.take({ type: "key", call, key: "1" });
  const { at } = world;
  const wanted = { at, type: "survey.link-wanted", call, group: "b", language: "sv", questions };
  t.strictSame(facts(world, "survey.link-wanted"), [wanted], "and not the number, which stands in call.arrived");
  t.strictSame(said(world).at(-1), ["survey-sms-coming", "goodbye"]);
  world.deliverAll();
  t.match(facts(world, "call.ended"), [{ stage: "talk", by: "engine" }]);
});

t.test("any other key, silence, or a restart meanwhile is no yes", async (t) => {
  const ways: readonly ((world: World, call: string) => void)[] = [
    (world, call) => world.take({ type: "key", call, key: "2" }),
    (world, call) => world.fire(`menu:${call}`),
    (world) => world.readBack(),
  ];
  for (const way of ways) {
    const { world, call } = asked("+46701740605");
    if (!world.core.timers.has(`menu:${call}`)) world.deliverAll();
    way(world, call);
    t.strictSame(said(world).at(-1), ["goodbye"]);
    world.deliverAll();
    t.strictSame(facts(world, "survey.link-wanted"), []);
    t.equal(facts(world, "call.ended").length, 1);
  }
});

t.test("who can get no text message is asked by key: withheld, no mobile, another country", async (t) => {
  const nordic = { ...plan, callbacks: { ...callbacks, nordicMobiles: true } };
  for (const from of [null, "+46850800000", "+46101234567", "+4790123456", "+15551234567"]) {
    const { world, call } = asked(from);
    t.strictSame(said(world).at(-1), ["survey-start", "solved"], `${from}`);
    world.take({ type: "key", call, key: "4" });
    t.match(facts(world, "call.survey"), [{ question: "solved", answer: 4 }]);
  }
  t.strictSame(said(asked("+4790123456", nordic).world).at(-1), ["survey-sms-offer"], "a Nordic mobile where the city says so");
});

t.test("answers on the page are the facts that keys are, also when the call is long over", async (t) => {
  const world = World.of(plan, []);
  const answers = [
    { question: "solved", answer: 5 },
    { question: "kind", answer: 2 },
  ] as const;
  t.strictSame(world.take({ type: "survey.answered", call: "long-ago", group: "b", answers }), []);
  const about = { at: world.at, type: "call.survey", call: "long-ago", group: "b" };
  const once = answers.map((answered) => ({ ...about, ...answered }));
  t.strictSame(facts(world, "call.survey"), once);
  world.take({ type: "survey.answered", call: "long-ago", group: "b", answers: [{ question: "solved", answer: 1 }] });
  world.core = restore(snapshotOf(world.core)) ?? world.core;
  world.at += linkValidMs;
  world.take({ type: "survey.answered", call: "long-ago", group: "b", answers });
  t.strictSame(facts(world, "call.survey"), once, "sent again, before and after a restart: the first ones stand");
  world.at += 1;
  world.take({ type: "survey.answered", call: "another", group: "b", answers });
  t.equal(facts(world, "call.survey").length, 4);
  t.strictSame([...world.core.answeredLinks.keys()], ["another"], "remembered for as long as a link can be answered by");
});
