import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import type { CoreEvent } from "../../src/core/events.ts";
import type { Fact } from "../../src/core/facts.ts";
import type { Level, Plan } from "../../src/core/plan/plan.ts";
import { ableOf, roadTo, rungAt } from "../../src/core/routing/ladder.ts";
import type { Ask, Competence, Skill, Waiting } from "../../src/core/routing/types.ts";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { stateFiles } from "../../src/settings/runtime.ts";
import { openSqliteReader } from "../../src/store/sqlite/reader.ts";
import { sippPair } from "../support/sip/sipp-pair.ts";
import { testSystem } from "../support/system.ts";

/** Many calls on a real Asterisk, to agents of mixed skills and languages: each reached somebody who may take it. */

t.setTimeout(600_000);
const agentCount = 60;
const callCount = Number(process.env.CALLS ?? 2_000);
const planDir = fileURLToPath(new URL("../fixtures/plans/routing", import.meta.url));
const groups = ["ett", "tva", "tre", "fyra", "fem", "sex"];

/** Two or three groups each, levels from 1 to 5, every fourth in the second line of one; English for every other, few speak Finnish or Spanish. */
function competenceOf(n: number): Competence {
  const group = (k: number): string => groups[(n + k) % groups.length] ?? "";
  const level = (k: number): Level => (((n * 7 + k * 3) % 5) + 1) as Level;
  const skills: Skill[] = [
    { group: group(0), level: level(0), line: 1 },
    { group: group(1 + (n % 3)), level: level(1), line: n % 4 === 0 ? 2 : 1 },
  ];
  if (n % 5 === 0) skills.push({ group: group(5), level: level(2), line: 1 });
  return {
    skills,
    languages: {
      sv: "native",
      ...(n % 2 === 0 ? { en: n % 4 === 0 ? "native" : "basic" } : {}),
      ...(n % 6 === 1 ? { fi: "good" } : {}),
      ...(n % 9 === 2 ? { es: "basic" } : {}),
    },
    districts: n % 3 === 0 ? ["Bromma"] : [],
    site: n % 2 === 0 ? "norr" : "söder",
  };
}

t.test(`${callCount} calls to ${agentCount} agents of mixed skills and languages`, async (t) => {
  const pair = await sippPair(t);
  const agents = Object.fromEntries(
    Array.from({ length: agentCount }, (_, n) => [`a${String(n).padStart(2, "0")}`, competenceOf(n)] as const),
  );
  const phones = Object.keys(agents).map((id) => ({ id, staticContact: pair.contactOf(`d-${id}`) }));
  const sys = await testSystem(t, { agents, planDir, instance: { agents: phones }, env: { LOG_LEVEL: "warn" } });
  const desks = await pair.agents.start({ scenario: "agent", pauseMs: 700 });
  for (const id of Object.keys(agents)) {
    await sys.agent(id, (view) => view.reachable);
    await sys.command({ type: "available", agent: id });
  }
  // Those of the second line do casework until they are called in.
  for (const [id, { skills }] of Object.entries(agents)) {
    if (skills.some(({ line }) => line === 2)) await sys.command({ type: "pause", agent: id, reason: "casework" });
  }
  const plan = await loadPlan(planDir);
  const callers = await pair.callers.start({
    scenario: "caller",
    remote: sys.server,
    calls: callCount,
    rate: 40,
    limit: 38,
    // Numbers of scarce languages more seldom than those in Swedish.
    dials: plan.numbers
      .flatMap(({ number, language }) => Array<string>(language === "sv" ? 6 : language === "en" ? 2 : 1).fill(number))
      .map((number, k) => ({ number: `0${number.slice(3)}`, from: `07017406${String(k).padStart(2, "0")}` })),
    limitMs: 400_000,
  });
  t.match(await callers.done, { code: 0, successful: callCount, failed: 0 });
  t.match(await desks.finish(), { failed: 0 });
  await sys.empty();
  await sys.facts("call.ended", callCount);

  const facts = await sys.allFacts();
  t.strictSame(wronglyOffered(facts, plan, agents), [], "every call reached an agent who may take it, at the step it was on");
  t.strictSame(ringsBeside(facts), [], "no agent was rung for two calls, no call rang at two agents");
  t.equal(facts.filter(({ type }) => type === "call.answered").length, callCount, "each was answered once");
  const waited = facts.flatMap((fact) => (fact.type === "call.answered" && fact.waitedMs > 1_000 ? [fact.waitedMs] : []));
  t.ok(waited.length > 0, `${waited.length} waited more than a second`);
  t.ok(
    facts.some((fact) => fact.type === "call.offered" && fact.why.road === "second-line") || callCount < 500,
    "the second line helped",
  );

  t.strictSame(await replayed(join(sys.stateDir, stateFiles.log)), facts, "the log replays to the same decisions");
});

/** Offers to agents who may not take the call on the step of the ladder it had reached. */
function wronglyOffered(facts: readonly Fact[], plan: Plan, agents: Readonly<Record<string, Competence>>): string[] {
  const queued = new Map<string, Waiting>();
  const calledIn = new Set<string>();
  const wrong: string[] = [];
  for (const fact of facts) {
    if (fact.type === "group.second-line") fact.calledIn ? calledIn.add(fact.group) : calledIn.delete(fact.group);
    else if (fact.type === "call.queued") {
      const ask: Ask = {
        group: fact.group,
        languages: fact.languages ?? [fact.language],
        priority: fact.priority ?? "normal",
        ...(fact.district === undefined ? {} : { district: fact.district }),
      };
      queued.set(fact.call, { id: fact.call, ask, since: fact.at, order: queued.size, keptUntil: fact.at });
    } else if (fact.type === "call.offered") {
      const waiting = queued.get(fact.call);
      const rules = plan.groups[waiting?.ask.group ?? ""];
      const competence = agents[fact.agent];
      if (!waiting || !rules || !competence) wrong.push(`${fact.call} is unknown`);
      else {
        const rung = rungAt(waiting, rules, fact.at);
        const road = roadTo(waiting.ask, rung, rules, ableOf(fact.agent, competence), calledIn.has(rules.id));
        if (road !== fact.why.road) wrong.push(`${fact.call} to ${fact.agent} by ${fact.why.road}, may come by ${road}`);
      }
    }
  }
  return wrong;
}

/** Offers that began while the same agent or the same call had another one. */
function ringsBeside(facts: readonly Fact[]): string[] {
  const agents = new Map<string, string>();
  const calls = new Map<string, string>();
  const wrong: string[] = [];
  for (const fact of facts) {
    if (fact.type === "call.offered") {
      if (agents.has(fact.agent)) wrong.push(`${fact.agent} has ${agents.get(fact.agent)} and is offered ${fact.call}`);
      if (calls.has(fact.call)) wrong.push(`${fact.call} rings at ${calls.get(fact.call)} and ${fact.agent}`);
      agents.set(fact.agent, fact.call);
      calls.set(fact.call, fact.agent);
    } else if (fact.type === "call.talked" || (fact.type === "call.offer-ended" && fact.how !== "answered")) {
      agents.delete(fact.agent);
      calls.delete(fact.call);
    }
  }
  return wrong;
}

/** All facts that follow from the inputs in the log, taken by a core that starts from nothing. */
async function replayed(file: string): Promise<Fact[]> {
  const reader = openSqliteReader({ file });
  const core = emptyState();
  const facts: Fact[] = [];
  for await (const page of reader.read({ sort: "input" })) {
    for (const { json } of page) facts.push(...step(core, JSON.parse(json) as CoreEvent).facts);
  }
  await reader.close();
  return facts;
}
