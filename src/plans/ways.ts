import type { Outline, OutlineMenu, Way } from "./outline.ts";
import type { Report } from "./problem.ts";

/** More than this is hard to keep in mind, for the elderly above all. */
const mostKeys = 7;
const mostLevels = 3;

/** Checks that every caller arrives: menus that are reached, that lead on, and whose silence ends in a group. */
export function checkWays(outline: Outline, report: Report): void {
  const levels = levelsOf(outline);
  for (const [id, menu] of outline.menus) {
    const level = levels.get(id);
    if (level === undefined)
      report.error(menu.path, `Nothing leads to the menu "${id}".`, "Lead a number or a key to it, or take it away.", "name");
    else if (level > mostLevels)
      report.warning(menu.path, `The menu "${id}" is ${level} levels down.`, `Keep to ${mostLevels} levels.`, "name");
    checkKeys(id, menu, report);
  }
  checkSilence(outline, report);
  const reached = new Set(
    [...waysOf(outline)].flatMap(({ to }) => (to !== "repeat" && to.kind === "group" ? [to.named.name] : [])),
  );
  for (const id of outline.groups)
    if (!reached.has(id) && id !== outline.lastResort?.name)
      report.warning(["groups", id], `No key leads to the group "${id}".`, "Lead a number or a key to it.", "name");
}

/** The level of each menu that can be reached: 1 for a number's first menu, one more for each key. */
function levelsOf(outline: Outline): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  let open = outline.numbers.flatMap((entry) => menuOf(entry.start));
  for (let level = 1; open.length > 0; level++) {
    const next: string[] = [];
    for (const id of open) {
      const menu = outline.menus.get(id);
      if (!menu || levels.has(id)) continue;
      levels.set(id, level);
      next.push(...[...menu.keys.values(), menu.otherwise].flatMap(menuOf));
    }
    open = next;
  }
  return levels;
}

function checkKeys(id: string, menu: OutlineMenu, report: Report): void {
  const path = [...menu.path, "keys"];
  const keys = [...menu.keys.values()];
  const leadsOn = ({ to }: Way) => to !== "repeat" && !(to.kind === "menu" && to.named.name === id);
  if (!keys.some(leadsOn))
    report.error(
      path,
      `The menu "${id}" is a dead end: none of its keys leads on.`,
      "Lead a key to a group or another menu.",
      "name",
    );
  if (keys.length > mostKeys)
    report.warning(
      path,
      `The menu "${id}" has ${keys.length} keys.`,
      `Callers keep at most ${mostKeys} in mind: divide it.`,
      "name",
    );
  if (!menu.keys.has("0"))
    report.warning(path, `The menu "${id}" has no key 0.`, "Let 0 lead to a person, as callers expect.", "name");
  if (![...keys].some(({ to }) => to === "repeat"))
    report.warning(path, `No key of the menu "${id}" says it again.`, 'Add "*": repeat.', "name");
}

/** Follows `otherwise` from menu to menu: a caller who only listens must reach a group. Each circle is told once. */
function checkSilence(outline: Outline, report: Report): void {
  const safe = new Set<string>();
  for (const first of outline.menus.keys()) {
    const trail: string[] = [];
    let id: string | undefined = first;
    while (id !== undefined && !safe.has(id) && !trail.includes(id)) {
      trail.push(id);
      [id] = menuOf(outline.menus.get(id)?.otherwise);
    }
    if (id !== undefined && trail.includes(id)) {
      const circle = [...trail.slice(trail.indexOf(id)), id].join(" → ");
      const what = `Whoever presses no key never reaches anyone: ${circle}.`;
      report.error(["menus", id, "otherwise"], what, "Let otherwise lead to a group.");
    }
    for (const seen of trail) safe.add(seen);
  }
}

function* waysOf(outline: Outline): Iterable<Way> {
  for (const { start } of outline.numbers) if (start) yield start;
  for (const menu of outline.menus.values()) {
    yield* menu.keys.values();
    if (menu.otherwise) yield menu.otherwise;
  }
}

function menuOf(way: Way | undefined): string[] {
  return way && way.to !== "repeat" && way.to.kind === "menu" ? [way.to.named.name] : [];
}
