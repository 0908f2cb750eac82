import type { Outline, OutlineMenu, OutlineStep, Way } from "./outline.ts";
import type { Path, Report } from "./problem.ts";

/** More than this is hard to keep in mind, for the elderly above all. */
const mostKeys = 7;
const mostLevels = 3;

/** Checks that every caller arrives: menus and steps that are reached, that lead on, and whose silence comes to an end. */
export function checkWays(outline: Outline, report: Report): void {
  const levels = levelsOf(outline);
  for (const [id, { path, kind }] of nodesOf(outline)) {
    const level = levels.get(id);
    if (level === undefined)
      report.error(path, `Nothing leads to the ${kind} "${id}".`, "Lead a number or a key to it, or take it away.", "name");
    else if (level > mostLevels && kind === "menu")
      report.warning(path, `The menu "${id}" is ${level} levels down.`, `Keep to ${mostLevels} levels.`, "name");
  }
  for (const [id, menu] of outline.menus) checkKeys(id, menu, report);
  for (const [id, step] of outline.steps) checkStep(id, step, outline, report);
  checkSilence(outline, report);
  checkDirect(outline, report);
  checkAdmission(outline, report);
  const reached = new Set(
    [...waysOf(outline)].flatMap(({ to }) => (typeof to !== "string" && to.kind === "group" ? [to.named.name] : [])),
  );
  for (const id of outline.groups)
    if (!reached.has(id) && id !== outline.lastResort?.name)
      report.warning(["groups", id], `No key leads to the group "${id}".`, "Lead a number or a key to it.", "name");
}

/** A menu or a step, and the ways out of it. */
interface OutlineNode {
  readonly path: Path;
  readonly kind: "menu" | "step";
  readonly ways: readonly Way[];
  /** Where whoever presses nothing comes to. */
  readonly silent: Way | undefined;
}

function nodesOf(outline: Outline): Map<string, OutlineNode> {
  const nodes = new Map<string, OutlineNode>();
  for (const [id, { path, keys, otherwise }] of outline.menus)
    nodes.set(id, { path, kind: "menu", ways: [...keys.values(), ...(otherwise ? [otherwise] : [])], silent: otherwise });
  for (const [id, { path, ways, silent }] of outline.steps) nodes.set(id, { path, kind: "step", ways, silent });
  return nodes;
}

/** The level of each node that can be reached: 1 for a number's first, one more for each key; steps on the way count as none. */
function levelsOf(outline: Outline): ReadonlyMap<string, number> {
  const nodes = nodesOf(outline);
  const levels = new Map<string, number>();
  let open = [...startsOf(outline)];
  for (let level = 1; open.length > 0; level++) {
    const next: string[] = [];
    for (const id of open) {
      const node = nodes.get(id);
      if (!node || levels.has(id)) continue;
      levels.set(id, level);
      const further = node.ways.flatMap(nodeOf);
      (node.kind === "menu" ? next : open).push(...further);
    }
    open = next;
  }
  return levels;
}

/** What is led to from outside of menus: by numbers, and by groups that are closed, full, or done. */
function* startsOf(outline: Outline): Iterable<string> {
  for (const { start, closed } of outline.numbers) yield* [...nodeOf(start), ...nodeOf(closed)];
  for (const way of outline.groupWays) yield* nodeOf(way);
  for (const { name } of [...outline.waitingMenus, ...outline.surveys]) yield name;
  yield* nodeOf(outline.admission);
  for (const { way } of outline.direct) yield* nodeOf(way);
}

function checkKeys(id: string, menu: OutlineMenu, report: Report): void {
  const path = [...menu.path, "keys"];
  const keys = [...menu.keys.values()];
  const leadsOn = ({ to }: Way) => to === "end" || (typeof to !== "string" && to.named.name !== id);
  if (!keys.some(leadsOn))
    report.error(
      path,
      `The menu "${id}" is a dead end: none of its keys leads on.`,
      "Lead a key to a group or another menu.",
      "name",
    );
  // A person and once more are where they always are.
  const chosen = [...menu.keys.keys()].filter((key) => key !== "0" && key !== "*").length;
  if (chosen > mostKeys)
    report.warning(path, `The menu "${id}" has ${chosen} keys.`, `Callers keep at most ${mostKeys} in mind: divide it.`, "name");
  if (!menu.keys.has("0"))
    report.warning(path, `The menu "${id}" has no key 0.`, "Let 0 lead to a person, as callers expect.", "name");
  if (![...keys].some(({ to }) => to === "repeat"))
    report.warning(path, `No key of the menu "${id}" says it again.`, 'Add "*": repeat.', "name");
}

/** Rows of officers' own numbers: in order, and to where extensions are keyed. */
function checkDirect(outline: Outline, report: Report): void {
  for (const { path, first, last, way } of outline.direct) {
    const areNumbers = [first, last].every((end) => end?.name.startsWith("+"));
    if (first && last && areNumbers && (first.name.length !== last.name.length || first.name > last.name))
      report.error(last.path, `${last.name} does not come after ${first.name}.`, "Write a last number as long as the first.");
    for (const id of nodeOf(way)) {
      const kind = outline.steps.get(id)?.kind;
      if (kind !== undefined && kind !== "extensions")
        report.error([...path, "step"], `"${id}" is no step under extensions.`, "Name one that is.");
    }
  }
}

/** Whether callers are let in however many there are is asked of a number, as it rings: elsewhere it would be said in vain. */
function checkAdmission({ numbers, menus, sections }: Outline, report: Report): void {
  const starts = new Set(numbers.flatMap(({ start }) => nodeOf(start)));
  for (const [id, { path, admission }] of menus)
    if (admission && !starts.has(id))
      report.error([...path, "admission"], `No number starts at the menu "${id}".`, "Write admission at a number.", "name");
  if (sections.has("admission")) return;
  for (const { path, admission } of [...numbers, ...menus.values()])
    if (admission)
      report.warning([...path, "admission"], "The plan has no admission: everybody is let in.", "Add it, or take this away.");
}

function checkStep(id: string, step: OutlineStep, outline: Outline, report: Report): void {
  if (outline.menus.has(id))
    report.error(step.path, `"${id}" is a menu and a step.`, "Give one of the two another name.", "name");
  if (step.kind === "dials" && step.numbers === (step.onDuty !== undefined))
    report.error(step.path, `"${id}" needs numbers, or on-duty.`, "Write one of the two.", "name");
}

/** Follows silence from node to node: a caller who only listens must come to a group, or to an end. Each circle is told once. */
function checkSilence(outline: Outline, report: Report): void {
  const nodes = nodesOf(outline);
  const safe = new Set<string>();
  for (const first of nodes.keys()) {
    const trail: string[] = [];
    let id: string | undefined = first;
    while (id !== undefined && !safe.has(id) && !trail.includes(id)) {
      trail.push(id);
      [id] = nodeOf(nodes.get(id)?.silent);
    }
    if (id !== undefined && trail.includes(id)) {
      const circle = [...trail.slice(trail.indexOf(id)), id].join(" → ");
      const what = `Whoever presses no key never reaches anyone: ${circle}.`;
      report.error(nodes.get(id)?.silent?.path ?? [], what, "Let otherwise lead to a group.");
    }
    for (const seen of trail) safe.add(seen);
  }
}

function* waysOf(outline: Outline): Iterable<Way> {
  for (const { start, closed } of outline.numbers) {
    if (start) yield start;
    if (closed) yield closed;
  }
  for (const { ways } of nodesOf(outline).values()) yield* ways;
  yield* outline.groupWays;
  if (outline.admission) yield outline.admission;
}

function nodeOf(way: Way | undefined): string[] {
  return way && typeof way.to !== "string" && way.to.kind !== "group" ? [way.to.named.name] : [];
}
