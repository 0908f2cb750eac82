import { KontaktlotsError } from "../core/errors.ts";
import type { PlanNode } from "../core/plan/node.ts";
import type { Plan } from "../core/plan/plan.ts";

/** What becomes of surveys by text message where nothing can send one. */

const bySms = (node: PlanNode): boolean => node.kind === "survey" && node.by === "sms";

/** The plan with all surveys answered by key. */
export function allByKey(plan: Plan): Plan {
  const nodes = Object.entries(plan.nodes).map(([id, node]): [string, PlanNode] => {
    if (node.kind !== "survey" || !bySms(node)) return [id, node];
    const { by: _, ...rest } = node;
    return [id, rest];
  });
  return { ...plan, nodes: Object.fromEntries(nodes) };
}

/** What is to be said of a plan with such surveys: SMS_UNSET; undefined when it has none. */
export function noGateway({ nodes }: Plan): KontaktlotsError | undefined {
  const surveys = Object.values(nodes).flatMap((node) => (bySms(node) ? [node.id] : []));
  if (surveys.length === 0) return undefined;
  return new KontaktlotsError(
    "SMS_UNSET",
    `The plan has surveys by SMS (${surveys.join(", ")}), and no gateway for text messages is set: callers are asked by key.`,
    "Set SMS_URL and what goes with it (.env.example), or take by: sms out of the plan.",
    { surveys },
  );
}
