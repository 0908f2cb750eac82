import { type Able, ableOf, roadTo } from "../core/routing/ladder.ts";
import type { Ask } from "../core/routing/types.ts";
import { nearest } from "../plans/nearest.ts";
import type { Path, Report } from "../plans/problem.ts";
import type { StepDocument } from "../plans/schema-routing.ts";
import { clockMs } from "./build.ts";
import type { Scenario, ScenarioGroup } from "./scenario.ts";
import type { ScenarioDocument } from "./schema.ts";

/** Checks that every name in a document of the right shape leads to something, and that times make sense. */
export function checkNames(document: ScenarioDocument, report: Report): void {
  const group = knownIn("group", Object.keys(document.groups), report);
  const language = knownIn("language", document.languages, report);
  const district = knownIn("district", document.districts ?? [], report);
  const settings = (set: ScenarioDocument["group-defaults"], path: Path): void => {
    for (const name of Object.keys(set.languages ?? {})) language(name, [...path, "languages", name], "name");
    if (set.languages && Object.values(set.languages).every((share) => share === 0))
      report.error([...path, "languages"], "No language has a share of the callers.", "Give one a number above 0.");
    for (const [index, step] of (set.ladder ?? []).entries()) {
      const at = [...path, "ladder", String(index)];
      for (const [place, name] of (step.neighbours ?? []).entries()) group(name, [...at, "neighbours", String(place)]);
      checkStep(step, set.ladder?.[index - 1], at, report);
    }
  };
  settings(document["group-defaults"], ["group-defaults"]);
  for (const [id, set] of Object.entries(document.groups)) {
    settings(set, ["groups", id]);
    for (const [index, step] of (set.ladder ?? []).entries())
      if (step.neighbours?.includes(id))
        report.error(
          ["groups", id, "ladder", String(index), "neighbours"],
          `The group "${id}" is its own neighbour.`,
          "Take it away.",
        );
  }
  for (const [index, team] of document.agents.entries()) {
    const path = ["agents", String(index)];
    for (const name of Object.keys(team.skills)) group(name, [...path, "skills", name], "name");
    for (const [place, name] of (team.districts ?? []).entries()) district(name, [...path, "districts", String(place)]);
    const { from, to } = team.shift ?? document.open;
    checkTimes(from, to, [...path, "shift"], report);
    for (const [place, pause] of (team.breaks ?? []).entries())
      if (pause.until !== undefined) checkTimes(pause.at, pause.until, [...path, "breaks", String(place)], report);
  }
  checkOpen(document, report);
}

/** Reports a name that stands for nothing. */
export function knownIn(what: string, names: readonly string[], report: Report) {
  return (name: string, path: Path, at: "name" | "value" = "value"): void => {
    if (names.includes(name)) return;
    const meant = nearest(name, names);
    const mend = meant
      ? `Did you mean "${meant}"?`
      : names.length > 0
        ? `Known are: ${names.join(", ")}.`
        : `Add it under ${what}s.`;
    report.error(path, `There is no ${what} "${name}".`, mend, at);
  };
}

function checkStep(step: StepDocument, before: StepDocument | undefined, path: Path, report: Report): void {
  const after = step["after-seconds"] ?? 0;
  if (!before && after !== 0)
    report.error([...path, "after-seconds"], "The first step begins late.", "Let it begin after 0 seconds.");
  if (before && after <= (before["after-seconds"] ?? 0))
    report.error([...path, "after-seconds"], "The step comes no later than the one before.", "Put the steps in order of time.");
}

function checkTimes(from: string, to: string, path: Path, report: Report): void {
  if (clockMs(from) >= clockMs(to)) report.error(path, `${to} is not after ${from}.`, "Let the end come after the beginning.");
}

function checkOpen(document: ScenarioDocument, report: Report): void {
  const { open } = document;
  checkTimes(open.from, open.to, ["open", "to"], report);
  const first = Date.parse(`${document["first-day"]}T00:00:00Z`);
  if (Number.isNaN(first)) report.error(["first-day"], "There is no such day.", "Write a day, as 2008-01-31.");
  for (const [index, day] of (open.closed ?? []).entries())
    if (Number.isNaN(Date.parse(`${day}T00:00:00Z`)))
      report.error(["open", "closed", String(index)], "There is no such day.", "Write a day, as 2008-01-31.");
  const halfHours = Math.ceil((clockMs(open.to) - clockMs(open.from)) / 1_800_000);
  const weights = open["half-hours"];
  if (weights && weights.length !== halfHours)
    report.error(
      ["open", "half-hours"],
      `${weights.length} weights stand here for ${halfHours} half hours.`,
      `Write ${halfHours} numbers.`,
    );
  if (weights?.every((weight) => weight === 0))
    report.error(["open", "half-hours"], "No half hour has any weight.", "Give one a number above 0.");
  for (const [index, burst] of (document.bursts ?? []).entries()) {
    const day = Date.parse(`${burst.day}T00:00:00Z`);
    if (Number.isNaN(day) || day < first || day >= first + document.days * 86_400_000)
      report.error(
        ["bursts", String(index), "day"],
        "The day lies outside the simulated ones.",
        "Write one of them, or simulate more days.",
      );
  }
}

/** Checks that every caller can reach somebody, at the last step of the ladder at least: asked of the live routing's own rule. */
export function checkReach(scenario: Scenario, report: Report): void {
  const agents = scenario.agents.map(({ id, competence }) => ableOf(id, competence));
  for (const group of scenario.groups) {
    if (group.callsPerDay === 0) continue;
    const path = ["groups", group.id];
    const reaches = (agent: Able, language: string, district: string | undefined): boolean =>
      roadTo(askOf(group, language, district), group.rules.ladder.length - 1, group.rules, agent, false) !== undefined;
    if (
      !agents.some((agent) => Object.keys(agent.competence.languages).some((language) => reaches(agent, language, undefined)))
    ) {
      const mend = `Give an agent the skill ${group.id}, or its ladder neighbours or the second line.`;
      report.error(path, `Nobody answers the group "${group.id}".`, mend, "name");
      continue;
    }
    for (const { value: language, share } of group.mix.languages) {
      if (share === 0) continue;
      const at = [...path, "languages", language];
      const speaking = agents.filter((agent) => agent.competence.languages[language] !== undefined);
      const alone = group.mix.districts.find(
        ({ value, share }) => share > 0 && !speaking.some((agent) => reaches(agent, language, value)),
      );
      if (speaking.length === 0) {
        const what = `No agent speaks ${language}, which callers of "${group.id}" do.`;
        report.error(at, what, `Give an agent the language ${language}.`, "name");
      } else if (alone) {
        const from = alone.value === undefined ? "" : ` for callers from ${alone.value}`;
        const what = `The ladder of "${group.id}" never reaches anyone who speaks ${language}${from}.`;
        report.error(at, what, "Widen its last step: a lower level, the second line, neighbours, not local.", "name");
      }
    }
  }
}

function askOf({ id }: ScenarioGroup, language: string, district: string | undefined): Ask {
  return { group: id, languages: [language], priority: "normal", ...(district === undefined ? {} : { district }) };
}
