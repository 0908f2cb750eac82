import assert from "node:assert/strict";
import fc from "fast-check";
import t from "tap";
import type { Plan } from "../../src/core/plan/plan.ts";
import { forgetBefore, remember } from "../../src/core/remembered.ts";
import { restore, snapshotOf } from "../../src/core/snapshot.ts";
import { emptyState } from "../../src/core/state.ts";
import { step } from "../../src/core/step.ts";
import { generalist } from "../support/competence.ts";
import { plan as base } from "./cities.ts";
import { World } from "./world.ts";

/** What is remembered of callers for their next call, and when it is forgotten. */

const dayMs = 86_400_000;
const caller = "+46701740605";
const other = "+46701740606";
const label = { sv: "Språk", en: "Languages" };
const [first] = base.numbers;
const plan: Plan = {
  ...base,
  languages: ["sv", "fi"],
  spoken: ["sv", "fi"],
  districts: ["Bromma"],
  postcodes: { "167": "Bromma" },
  nodes: {
    ...base.nodes,
    languages: {
      ...{ kind: "languages", id: "languages", label, waitMs: 5_000, tries: 2, fallback: { to: "group", group: "a" } },
      next: { to: "group", group: "a" },
    },
    where: {
      ...{ kind: "district", id: "where", label, waitMs: 5_000, tries: 2, fallback: { to: "group", group: "a" } },
      next: { to: "group", group: "a" },
    },
  },
  numbers: [
    { ...first, start: { to: "node", node: "languages" } },
    { ...first, number: "+46846500401", start: { to: "node", node: "where" } },
  ],
};
const cityOf = (more: Partial<Plan> = {}): World =>
  World.of({ ...plan, ...more }, [{ id: "anna", name: "Anna", competence: generalist(["a"]) }]);

/** Rings, chooses Finnish, says where they live, and hangs up. */
function tells(world: World, from: string | null): void {
  const chosen = world.arrive("+46846500400", from);
  world.take({ type: "key", call: chosen, key: "1" });
  const lives = world.arrive("+46846500401", from);
  for (const key of ["1", "6", "7", "3", "3"] as const) world.take({ type: "key", call: lives, key });
  for (const call of [chosen, lives]) world.hangUp(call);
  world.deliverAll();
}
function isKnown(world: World, from: string): { readonly language: string | undefined; readonly district: string | undefined } {
  const call = world.core.calls.get(world.arrive("+46846500400", from));
  world.hangUp(call?.id ?? "");
  world.deliverAll();
  return { language: call?.language, district: call?.district?.name };
}
const known = { language: "fi", district: "Bromma" };
const unknown = { language: "sv", district: undefined };

t.test("for 90 days after the last call, whatever the plan does not say; then nothing of it is in the state", async (t) => {
  const world = cityOf();
  tells(world, caller);
  tells(world, other);
  tells(world, null);
  t.equal(world.core.lastLanguages.size, 2, "nothing of who withholds the number");
  world.at += 60 * dayMs;
  t.strictSame(isKnown(world, caller), known);
  world.at += 60 * dayMs;
  t.strictSame(isKnown(world, caller), known, "who keeps ringing stays known");
  t.strictSame([...world.core.lastLanguages.keys()], [caller]);
  t.strictSame([...world.core.lastDistricts.keys()], [caller]);
  t.notMatch(snapshotOf(world.core), other, "who has not rung for 90 days is nowhere, whoever rings next");
  world.at += 90 * dayMs + 1;
  t.strictSame(isKnown(world, caller), unknown);
});

t.test("for as long as the plan says", async (t) => {
  const world = cityOf({ rememberCallersMs: dayMs });
  tells(world, caller);
  world.at += dayMs;
  t.strictSame(isKnown(world, caller), known);
  world.at += dayMs + 1;
  t.strictSame(isKnown(world, caller), unknown);
});

t.test("who spoke with a caller last is gone after a day, by the next call of anybody", async (t) => {
  const world = cityOf();
  world.core.lastAgents.set(caller, { agent: "anna", at: world.at });
  world.at += dayMs;
  world.arrive(undefined, other);
  t.equal(world.core.lastAgents.size, 1);
  world.at += 1;
  world.arrive(undefined, other);
  t.equal(world.core.lastAgents.size, 0);
});

t.test("stored and taken up again at any moment, the same events give the same state", async () => {
  const world = cityOf();
  tells(world, caller);
  world.at += 50 * dayMs;
  tells(world, other);
  world.at += 50 * dayMs;
  isKnown(world, other);
  world.take({ type: "survey.answered", call: "c1", group: "a", answers: [{ question: "solved", answer: 4 }] });
  const whole = snapshotOf(world.core);
  for (let cut = 0; cut <= world.events.length; cut++) {
    const core = emptyState();
    for (const event of world.events.slice(0, cut)) step(core, event);
    const again = restore(snapshotOf(core));
    assert.ok(again);
    for (const event of world.events.slice(cut)) step(again, event);
    assert.equal(snapshotOf(again), whole, `cut at ${cut}`);
  }
});

t.test("stored before it was kept when they rang: known on, for as long from then", async (t) => {
  const world = cityOf();
  tells(world, caller);
  world.core.lastAgents.set(caller, { agent: "anna", at: world.at });
  const stored = JSON.parse(snapshotOf(world.core)) as object;
  const old = { ...stored, lastLanguages: [[caller, "fi"]], lastDistricts: [[caller, "Bromma"]], answeredLinks: undefined };
  const restored = () => restore(JSON.stringify(old)) ?? world.core;
  world.core = restored();
  t.strictSame(isKnown(world, caller), known);
  world.core = restored();
  world.at += 90 * dayMs + 1;
  t.strictSame(isKnown(world, caller), unknown);
});

t.test("of however many, the newest stay, oldest first, and none from before the limit", async () => {
  const puts = fc.array(fc.record({ key: fc.nat(20), wait: fc.nat(5), keepMs: fc.option(fc.nat(20)) }), { maxLength: 200 });
  fc.assert(
    fc.property(puts, fc.integer({ min: 1, max: 12 }), (puts, most) => {
      const map = new Map<number, { readonly at: number }>();
      let kept: { readonly key: number; readonly at: number }[] = [];
      let at = 0;
      for (const { key, wait, keepMs } of puts) {
        at += wait;
        remember(map, key, { at }, most);
        kept = [...kept.filter((one) => one.key !== key), { key, at }].slice(-most);
        if (keepMs !== null) {
          forgetBefore(map, at - keepMs);
          kept = kept.filter((one) => one.at >= at - keepMs);
        }
        assert.deepEqual(
          [...map].map(([key, { at }]) => ({ key, at })),
          kept,
        );
      }
    }),
  );
});
