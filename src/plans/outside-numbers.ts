import { dialable } from "../core/numbers/allowed.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { Path, Report } from "./problem.ts";

/** Checks that each number outside that the plan rings may be rung: one that may not is passed over in the call. */
export function checkOutside(plan: Plan, report: Report): void {
  const nordicMobiles = plan.callbacks?.nordicMobiles ?? false;
  for (const { number, path, whose } of outsideNumbers(plan)) {
    if (dialable(number, { nordicMobiles }) !== undefined) continue;
    const what = `${whose} rings ${number}, which may not be rung, and is passed over.`;
    const abroad =
      nordicMobiles || number.startsWith("+46") ? "" : "; of other countries mobiles, with callbacks: nordic-mobiles";
    report.warning(path, what, `Write an ordinary Swedish number, or one in 010, 020 or 077${abroad}.`);
  }
}

interface OutsideNumber {
  readonly number: string;
  readonly path: Path;
  readonly whose: string;
}

function outsideNumbers({ nodes, onDuty = {}, interpreters = {}, districtNumbers = {} }: Plan): OutsideNumber[] {
  const list = (numbers: readonly string[], path: Path, whose: string) =>
    numbers.map((number, index) => ({ number, path: [...path, "numbers", String(index)], whose }));
  const named = (section: string, numbers: Readonly<Record<string, string>>, whose: string) =>
    Object.entries(numbers).map(([name, number]) => ({ number, path: [section, name], whose: `${whose} ${name}` }));
  return [
    ...Object.values(nodes).flatMap((node) =>
      node.kind !== "dial" || typeof node.numbers === "string"
        ? []
        : list(node.numbers, ["steps", "dials", node.id], `The step "${node.id}"`),
    ),
    ...Object.entries(onDuty).flatMap(([id, { numbers }]) => list(numbers, ["on-duty", id], `The list "${id}"`)),
    ...named("interpreters", interpreters, "The interpreter of"),
    ...named("district-numbers", districtNumbers, "The district"),
  ];
}
