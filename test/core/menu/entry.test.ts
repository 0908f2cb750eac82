import fc from "fast-check";
import t from "tap";
import { entryFor } from "../../../src/core/menu/entry.ts";
import { anEntry, anyPlan, aPlan } from "./any-plan.ts";

const toOther = { to: "group", group: "other" } as const;
const common = anEntry("+46846500400", toOther, ["+46850800000"]);
const elder = anEntry("+46846500401", toOther);
const plan = aPlan({ numbers: [common, elder] });

t.test("every way to write a number rings its entry", async (t) => {
  for (const dialled of ["+46846500401", "46846500401", "0046846500401", "0846500401", "08-465 004 01", "+46 (8) 465 004 01"]) {
    t.equal(entryFor(plan, dialled), elder, dialled);
  }
});

t.test("aliases ring their entry", async (t) => {
  const aliased = aPlan({ numbers: [elder, common] });
  t.equal(entryFor(aliased, "0850800000"), common);
  t.equal(entryFor(aliased, "+46850800000"), common);
});

t.test("an unknown number rings the common one", async (t) => {
  for (const dialled of ["+46846500999", "", "anonymous", "s", "0", "00", "401", "01", "0401"]) {
    t.equal(entryFor(plan, dialled), common, dialled);
  }
});

t.test("a national number of another country's length is not mistaken", async (t) => {
  // 0 and the last six digits would leave a country code of five digits.
  t.equal(entryFor(plan, "0500401"), common);
});

t.test("any text finds an entry", async () => {
  fc.assert(fc.property(anyPlan, fc.string(), (plan, dialled) => plan.numbers.includes(entryFor(plan, dialled))));
});
