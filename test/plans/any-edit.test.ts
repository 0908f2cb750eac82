import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { type MenuStep, noKey, pressKey, startMenu } from "../../src/core/menu/walk.ts";
import { keys, type Plan } from "../../src/core/plan/plan.ts";
import { readPlan } from "../../src/plans/load.ts";

const small = await readFile(join(import.meta.dirname, "small.yaml"), "utf8");

/** One careless edit: characters typed over, a line lost, or two lines swapped. */
const edit: fc.Arbitrary<(text: string) => string> = fc.oneof(
  fc
    .tuple(
      fc.nat(small.length),
      fc.nat(3),
      fc.oneof(fc.constantFrom(..."{}[]:#*&!|>'\"-, \n\t", "repeat", "start"), fc.string({ maxLength: 5 })),
    )
    .map(
      ([at, over, typed]) =>
        (text: string) =>
          text.slice(0, at) + typed + text.slice(at + over),
    ),
  fc.nat(60).map((line) => (text: string) => text.split("\n").toSpliced(line, 1).join("\n")),
  fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => (text: string) => {
    const lines = text.split("\n");
    return lines.with(a % lines.length, lines[b % lines.length] ?? "").join("\n");
  }),
);

/** Whether every key, and silence, leads every caller to a group that exists. */
function servesEveryone(plan: Plan): boolean {
  const bound = Object.values(plan.nodes).reduce((sum, node) => sum + ("tries" in node ? node.tries : 1), 0);
  const arrives = (start: MenuStep): boolean => {
    let step = start;
    for (let left = bound; left > 0 && "place" in step; left--) step = noKey(plan, step.place);
    return step.to === "group" && step.because !== "lost" && Object.hasOwn(plan.groups, step.group);
  };
  return plan.numbers.every((entry) => {
    const start = startMenu(plan, entry);
    return arrives(start) && (!("place" in start) || keys.every((key) => arrives(pressKey(plan, start.place, key))));
  });
}

t.test("any edit gives a plan that serves everyone, or problems that say where", async (t) => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      try {
        const { plan } = readPlan(
          "plan.yaml",
          edits.reduce((text, change) => change(text), small),
        );
        accepted++;
        return servesEveryone(plan);
      } catch (error) {
        return error instanceof KontaktlotsError && error.code === "PLAN_INVALID" && /plan\.yaml:\d+:\d+/.test(error.message);
      }
    }),
    { numRuns: 400 },
  );
  t.ok(accepted > 0, `some edits do no harm (${accepted})`);
});
