import t from "tap";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { readInput } from "../../src/engine/old-inputs.ts";
import { plan } from "../core/cities.ts";

t.test("a log from before agents had a competence and groups a ladder is read on", async (t) => {
  const { ladder: _, preferMs: __, ...old } = plan.groups["b"] ?? {};
  const { districts: ___, hours: ____, calendar: _____, ...oldPlan } = { ...plan, groups: { b: old } };
  const core = emptyState();
  const inputs = [
    { at: 1, type: "plan.set", plan: oldPlan },
    { at: 1, type: "agents.set", agents: [{ id: "anna", name: "Anna", groups: ["b"] }] },
    { at: 1, type: "phones", agent: "anna", phones: { browser: true, desk: false } },
    { at: 1, type: "agent.available", agent: "anna" },
    { at: 2, type: "call.arrived", call: "c1", dialled: "+46846500401", from: null, tag: null },
  ];
  for (const input of inputs) step(core, readInput(JSON.stringify(input)));
  t.match(core.calls.get("c1")?.offer, { agent: "anna" });
  t.match(core.plan, { districts: [], hours: {}, calendar: { timezone: plan.timezone, holidays: {} } });
});
