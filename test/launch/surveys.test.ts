import t from "tap";
import type { NodeOf } from "../../src/core/plan/node.ts";
import { allByKey, noGateway } from "../../src/launch/surveys.ts";
import { richPlan } from "../core/cities.ts";

const asked = richPlan.nodes.asked as NodeOf<"survey">;

t.test("where no gateway is set, surveys by SMS are told of, and asked by key; a plan without is left alone", async (t) => {
  const plan = { ...richPlan, nodes: { ...richPlan.nodes, asked: { ...asked, by: "sms" as const } } };
  t.match(noGateway(plan), { code: "SMS_UNSET", message: /\(asked\)/, mend: /SMS_URL/, details: { surveys: ["asked"] } });
  t.strictSame(allByKey(plan), richPlan);
  t.equal(noGateway(richPlan), undefined);
  t.strictSame(allByKey(richPlan), richPlan);
});
