import { pino } from "pino";
import t, { type Test } from "tap";
import type { Effect } from "../../src/core/effects.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { emptyState } from "../../src/core/state.ts";
import { Engine } from "../../src/engine/engine.ts";
import { Publisher } from "../../src/engine/publisher.ts";
import { openMemoryLog } from "../../src/store/memory.ts";
import type { Telephony } from "../../src/telephony/telephony.ts";
import { plan as calls } from "../core/cities.ts";
import { generalist } from "../support/competence.ts";

/** A city whose number is answered in Somali, and leads straight to group b. */
const plan: Plan = { ...calls, numbers: [{ ...calls.numbers[0], start: { to: "group", group: "b" }, language: "so" }] };

function rig(t: Test) {
  const performed: Effect[] = [];
  const { log, lastSeq } = openMemoryLog();
  const telephony: Telephony = {
    perform: (effect) => performed.push(effect),
    readBack: async () => [],
    beat: () => {},
    close: async () => {},
  };
  const core = emptyState();
  let at = 1000;
  const line = { engine: "serving", asterisk: "connected", store: "ok", problems: [] } as const;
  const publisher = new Publisher(core, line, () => at);
  const told: string[] = [];
  publisher.serve({
    push: (message) => void (message.type === "agent" && told.push(`${message.agent.id} ${message.agent.groups}`)),
    close: async () => {},
  });
  const engine = new Engine({
    core,
    log,
    lastSeq,
    logger: pino({ level: "silent" }),
    now: () => at++,
    telephony: () => telephony,
    onTurn: (event, turn) => publisher.onTurn(event, turn),
    onReplaced: () => t.fail("replaced"),
  });
  t.teardown(async () => {
    publisher.close();
    await engine.close();
  });
  engine.handle({ type: "plan.set", plan });
  const offers = () => performed.flatMap((effect) => (effect.do === "offer" ? [effect.agent] : []));
  return { engine, offers, told };
}

const swedish = { ...generalist(["b"]), languages: { sv: "native" } } as const;
const anna = { id: "anna", name: "Anna", competence: swedish };
const bo = { id: "bo", name: "Bo", competence: swedish };
/** Speaks Somali, and is not at work: for her a call waits, else it would not be taken in. */
const cia = { id: "cia", name: "Cia", competence: { ...swedish, languages: { sv: "native", so: "native" } } } as const;

function arrive(engine: Engine, call: string): void {
  engine.handle({ type: "call.arrived", call, dialled: "+46846500400", from: null, tag: null });
}

t.test("who adds a language while idle is offered the call that waits for it, in the same turn", async (t) => {
  const { engine, offers } = rig(t);
  engine.handle({ type: "agents.set", agents: [anna, bo, cia] });
  for (const agent of ["anna", "bo"]) {
    engine.handle({ type: "phones", agent, phones: { browser: true, desk: false } });
    engine.handle({ type: "agent.available", agent });
  }
  arrive(engine, "c1");
  t.same(offers(), [], "nobody at work speaks Somali");
  const learned = { ...bo, competence: { ...swedish, languages: { sv: "native", so: "basic" } } } as const;
  engine.handle({ type: "agents.set", agents: [anna, learned, cia] });
  t.same(offers(), ["bo"]);
  t.equal(engine.core.agents.get("bo")?.state, "ringing");

  engine.handle({ type: "agents.set", agents: [anna, bo, cia] });
  t.equal(engine.core.agents.get("bo")?.state, "ringing", "an offer that stands is not taken back");
  arrive(engine, "c2");
  t.same(offers(), ["bo"], "the next one waits again");
});

t.test("who gets a group while paused is offered its calls when available, and the page is told of the group", async (t) => {
  const { engine, offers, told } = rig(t);
  const none = { ...anna, competence: { ...generalist([]), languages: { so: "native" } } } as const;
  engine.handle({ type: "agents.set", agents: [none] });
  engine.handle({ type: "phones", agent: "anna", phones: { browser: true, desk: false } });
  engine.handle({ type: "agent.pause", agent: "anna", reason: "lunch" });
  arrive(engine, "c1");
  engine.handle({ type: "agents.set", agents: [{ ...none, competence: { ...none.competence, skills: swedish.skills } }] });
  t.same(offers(), []);
  while (!told.includes("anna b")) await new Promise((resolve) => setTimeout(resolve, 5));
  engine.handle({ type: "agent.available", agent: "anna" });
  t.same(offers(), ["anna"]);
});
