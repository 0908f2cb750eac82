import { languageLevels, type Plan } from "../core/plan/plan.ts";
import { circlesOf } from "../core/routing/circles.ts";
import { members, type Outline, type OutlineRouting } from "./outline.ts";
import type { Path, Report } from "./problem.ts";

/** Checks that each ladder only ever widens, and that the second line is not called back and forth. */
export function checkLadders(outline: Outline, report: Report): void {
  for (const routing of outline.routing) {
    checkSteps(routing, report);
    checkSecondLine(routing, report);
  }
}

function checkSteps({ group, steps }: OutlineRouting, report: Report): void {
  let before: ReadonlyMap<string, unknown> | undefined;
  for (const { path, says, neighbours } of steps) {
    checkTime(path, before, says, report);
    if (before) checkWider(path, before, says, report);
    for (const { name, path } of neighbours)
      if (name === group)
        report.error(path, `The group "${name}" is named as its own neighbour.`, "Name another group, or take it away.");
    // The second line stays let in, whether or not a later step speaks of it.
    before = new Map([...says, ...(before?.get("second-line") === true ? [["second-line", true] as const] : [])]);
  }
  const last = steps.at(-1);
  if (last?.says.get("local") === true)
    report.warning(
      last.path,
      "The last step is local: a caller from a district that no agent knows reaches nobody.",
      "Add a step after it, with only after-seconds.",
    );
}

function checkTime(
  path: Path,
  before: ReadonlyMap<string, unknown> | undefined,
  says: ReadonlyMap<string, unknown>,
  report: Report,
) {
  const said = says.get("after-seconds");
  const after = number(said, 0);
  const place = said === undefined ? path : [...path, "after-seconds"];
  if (!before) {
    if (after > 0)
      report.error(place, `For the first ${after} seconds nobody may take the call.`, "Let the first step begin at 0.");
    return;
  }
  const earlier = number(before.get("after-seconds"), 0);
  if (said === undefined)
    report.error(place, "The step does not say when it begins.", `Add after-seconds: more than ${earlier}.`);
  else if (after <= earlier)
    report.error(place, `The step begins no later than the one before it, at ${earlier} seconds.`, `Write more than ${earlier}.`);
}

/** Whoever has waited longer must not reach fewer agents. */
function checkWider(path: Path, before: ReadonlyMap<string, unknown>, says: ReadonlyMap<string, unknown>, report: Report): void {
  const narrows = (setting: string, mend: string) =>
    report.error([...path, setting], `The step lets in fewer agents than the one before it: ${setting}.`, mend);
  if (says.get("local") === true && before.get("local") !== true)
    narrows("local", "Take local away, or say it in the steps before.");
  const least = number(before.get("level"), 1);
  if (number(says.get("level"), 1) > least) narrows("level", `Write at most ${least}, or leave level out.`);
  const rank = (value: unknown) => Math.max(0, (languageLevels as readonly unknown[]).indexOf(value));
  if (rank(says.get("language")) > rank(before.get("language")))
    narrows("language", `Write ${languageLevels[rank(before.get("language"))]}, or leave language out.`);
  if (says.get("second-line") === false && before.get("second-line") === true)
    narrows("second-line", "Take it away: the second line, once let in, stays.");
}

/** Between calling in and sending back there must be room, else the second line goes back and forth with each call. */
function checkSecondLine({ path, secondLine }: OutlineRouting, report: Report): void {
  const rule = members(secondLine);
  const callIn = members(rule.get("call-in"));
  const sendBack = members(rule.get("send-back"));
  const place = [...path, "second-line", "send-back"];
  const compare = (low: unknown, high: unknown, setting: string, what: string, mend: (low: number, high: number) => string) => {
    if (typeof low === "number" && typeof high === "number" && low >= high)
      report.error([...place, setting], what, mend(low, high));
  };
  compare(
    sendBack.get("waiting-at-most"),
    callIn.get("waiting"),
    "waiting-at-most",
    "The second line would be sent back while as many wait as call it in.",
    (_, waiting) => `Write less than ${waiting}.`,
  );
  compare(
    callIn.get("service-level-below-percent"),
    sendBack.get("service-level-above-percent"),
    "service-level-above-percent",
    "The second line would be sent back at a service level that calls it in.",
    (below) => `Write more than ${below}.`,
  );
}

const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** Groups that help each other in a circle: it works, and is still seldom what was meant. */
export function checkCircles(plan: Plan, report: Report): void {
  for (const circle of circlesOf(Object.values(plan.groups))) {
    const [first = ""] = circle;
    report.warning(
      ["groups", first],
      `Neighbours go in a circle: ${[...circle, first].join(" → ")}.`,
      "Groups in need would take each other's agents: let the help go one way.",
      "name",
    );
  }
}
