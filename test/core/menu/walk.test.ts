import fc from "fast-check";
import t from "tap";
import { addLabel } from "../../../src/core/menu/path.ts";
import { type MenuPlace, type MenuStep, noKey, pressKey, startMenu } from "../../../src/core/menu/walk.ts";
import type { MenuNode } from "../../../src/core/plan/node.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { anEntry, anyPlan, aPlan } from "./any-plan.ts";

const main: MenuNode = {
  kind: "menu",
  id: "main",
  label: { sv: "Huvudmeny", en: "Main menu" },
  prompt: "main",
  keys: {
    "1": { to: "group", group: "elder" },
    "2": { to: "node", node: "build" },
    "9": { to: "node", node: "main", language: "en" },
    "0": { to: "group", group: "other" },
    "*": { to: "repeat" },
  },
  waitMs: 6_000,
  tries: 3,
  fallback: { to: "group", group: "other" },
};
const build: MenuNode = {
  ...main,
  id: "build",
  label: { sv: "Bygga", en: "Build" },
  prompt: "build",
  keys: { "1": { to: "group", group: "permit" } },
};
const common = anEntry("+46846500400", { to: "node", node: "main" });
const direct = anEntry("+46846500401", { to: "group", group: "elder" });
const plan = aPlan({ numbers: [common, direct], nodes: [main, build], groups: ["other", "elder", "permit"] });
const atMain: MenuPlace = { node: "main", language: "sv", tries: 0 };

t.test("a call starts with the number's greeting and its menu", async (t) => {
  const step = startMenu(plan, common);
  t.strictSame(step, { to: "node", place: atMain, because: "start", say: ["greeting", "main"], label: null });
});

t.test("a number may lead to a group without any key", async (t) => {
  t.match(startMenu(plan, direct), {
    to: "group",
    group: "elder",
    language: "sv",
    because: "start",
    say: ["greeting"],
    label: null,
  });
});

t.test("a key leads to its group, and says so to the agent", async (t) => {
  const step = pressKey(plan, atMain, "1");
  t.match(step, { to: "group", group: "elder", because: "key", say: [] });
  t.strictSame([startMenu(plan, common), step].reduce(addLabel, [common.name]), [common.name, plan.groups.elder?.name]);
});

t.test("a key leads to the next menu, with its tries fresh", async (t) => {
  const step = pressKey(plan, { ...atMain, tries: 2 }, "2");
  t.match(step, { to: "node", place: { node: "build", language: "sv", tries: 0 }, say: ["build"], label: build.label });
});

t.test("the path is the number and the choices, without repeats and language", async (t) => {
  const english = pressKey(plan, atMain, "9");
  t.match(english, { to: "node", place: { node: "main", language: "en" } });
  const steps = [startMenu(plan, common), english, pressKey(plan, atMain, "*"), pressKey(plan, atMain, "2")];
  t.strictSame(steps.reduce(addLabel, [common.name]), [common.name, build.label]);
});

t.test("star repeats and uses up no try", async (t) => {
  const place = { ...atMain, tries: 1 };
  t.strictSame(pressKey(plan, place, "*"), { to: "repeat", place, because: "key", say: ["main"] });
});

t.test("silence and wrong keys count together: the third leads to a person", async (t) => {
  const first = pressKey(plan, atMain, "7");
  t.match(first, { to: "repeat", place: { tries: 1 }, because: "wrong-key", say: ["wrong-key", "main"] });
  const second = noKey(plan, { ...atMain, tries: 1 });
  t.match(second, { to: "repeat", place: { tries: 2 }, because: "no-key", say: ["no-key", "main"] });
  t.match(pressKey(plan, { ...atMain, tries: 2 }, "7"), { to: "group", group: "other", because: "wrong-key" });
  t.match(noKey(plan, { ...atMain, tries: 2 }), { to: "group", group: "other", because: "no-key" });
});

t.test("the chosen language stays to the end", async (t) => {
  t.match(pressKey(plan, { ...atMain, language: "en" }, "2"), { place: { language: "en" } });
  t.match(noKey(plan, { ...atMain, language: "en", tries: 2 }), { to: "group", language: "en" });
});

t.test("what no key can be is a wrong key", async (t) => {
  for (const key of ["", "A", "11", "constructor", "__proto__"]) {
    t.match(pressKey(plan, atMain, key), { to: "repeat", because: "wrong-key" }, JSON.stringify(key));
  }
});

t.test("a broken way leads to the last resort", async (t) => {
  const gone: MenuPlace = { node: "gone", language: "en", tries: 0 };
  for (const step of [pressKey(plan, gone, "1"), noKey(plan, gone)]) {
    t.match(step, { to: "group", group: "other", language: "en", because: "lost" });
  }
  const broken = aPlan({
    nodes: [
      { ...main, keys: { "1": { to: "node", node: "gone" }, "2": { to: "group", group: "gone" } }, fallback: { to: "repeat" } },
    ],
  });
  t.match(pressKey(broken, atMain, "1"), { to: "group", because: "lost" });
  t.match(pressKey(broken, atMain, "2"), { to: "group", because: "lost" });
  t.match(noKey(broken, { ...atMain, tries: 2 }), { to: "group", because: "lost" });
  t.match(startMenu(plan, anEntry("+46846500409", { to: "repeat" })), { to: "group", because: "lost" });
});

/** Most steps that silence can take: each node is left after its tries, and fallbacks never come back. */
function silenceBound(plan: Plan): number {
  return Object.values(plan.nodes).reduce((sum, node) => sum + ("tries" in node ? node.tries : 1), 0);
}

t.test("any keys on any plan, and then silence, end in a group of the plan", async () => {
  const anyKey = fc.oneof(fc.constantFrom(..."0123456789*#ABCD"), fc.string());
  fc.assert(
    fc.property(anyPlan, fc.array(anyKey, { maxLength: 30 }), (plan, pressed) => {
      let step: MenuStep = startMenu(plan, plan.numbers[0]);
      for (const key of pressed) if ("place" in step) step = pressKey(plan, step.place, key);
      for (let left = silenceBound(plan); left > 0 && "place" in step; left--) step = noKey(plan, step.place);
      return step.to === "group" && Object.hasOwn(plan.groups, step.group) && step.because !== "lost";
    }),
  );
});

t.test("nothing throws, whatever the place and the key", async () => {
  const anyPlace = fc.record({
    node: fc.oneof(fc.constantFrom("n0", "n1", "n7"), fc.string()),
    language: fc.string(),
    tries: fc.nat(),
  });
  fc.assert(
    fc.property(anyPlan, anyPlace, fc.string(), (plan, place, key) => {
      for (const step of [pressKey(plan, place, key), noKey(plan, place)]) {
        if (step.to !== "group" && step.say.length === 0) return false;
      }
      return true;
    }),
  );
});
