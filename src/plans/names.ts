import { systemPrompts } from "./languages.ts";
import { nearest } from "./nearest.ts";
import type { Named, Outline, Way } from "./outline.ts";
import type { Path, Report } from "./problem.ts";

/** Longer lists of what could have been meant are not read. */
const mostListed = 20;

/** Sections a plan may lack; names that should stand in them are then missing all the same. */
const optional = new Set(["districts", "steps", "on-duty", "hours", "prompts"]);

/** Checks that every name leads to something: groups, menus, prompts, languages, hours; and that each number rings one entry only. */
export function checkNames(outline: Outline, report: Report): void {
  const known = (what: string, names: Iterable<string>, section: string) => {
    const all = [...names];
    return (named: Named | undefined) => {
      // With the whole section missing, that is the one thing to say.
      if (!named || (!outline.sections.has(section) && !optional.has(section)) || all.includes(named.name)) return;
      const meant = nearest(named.name, all);
      const listed = all.length > 0 && all.length <= mostListed ? `, or write one of: ${all.join(", ")}` : "";
      const mend = meant ? `Did you mean "${meant}"?` : `Add it under ${section}${listed}.`;
      report.error(named.path, `There ${what === "opening hours" ? "are" : "is"} no ${what} "${named.name}".`, mend);
    };
  };
  const group = known("group", outline.groups, "groups");
  const menu = known("menu", outline.menus.keys(), "menus");
  const step = known("step", outline.steps.keys(), "steps");
  const onDuty = known("list of those on duty", outline.onDuty, "on-duty");
  const prompt = known("prompt", [...outline.prompts.keys(), ...systemPrompts], "prompts");
  const languages = [...new Set(outline.languages.map((language) => language.name).filter(isLanguage))];
  const language = known("language", languages, "languages");
  const districts = outline.districts.map(({ name }) => name);
  const district = known("district", districts, "districts");
  const hours = known("opening hours", outline.hours.keys(), "hours");
  const way = (way: Way | undefined) => {
    if (!way) return;
    language(way.language);
    district(way.district);
    if (typeof way.to !== "string") ({ group, menu, step })[way.to.kind](way.to.named);
  };

  group(outline.lastResort);
  for (const entry of outline.numbers) {
    prompt(entry.greeting);
    language(entry.language);
    way(entry.start);
    way(entry.closed);
    hours(entry.hours);
  }
  for (const named of outline.groupHours) hours(named);
  for (const { prompts, keys, otherwise } of outline.menus.values()) {
    prompts.forEach(prompt);
    for (const target of keys.values()) way(target);
    way(otherwise);
  }
  for (const { prompts, ways, group: asked, onDuty: list } of outline.steps.values()) {
    prompts.forEach(prompt);
    ways.forEach(way);
    group(asked);
    onDuty(list);
  }
  outline.groupWays.forEach(way);
  outline.waitingMenus.forEach(menu);
  outline.surveys.forEach(step);
  way(outline.admission);
  outline.districtNames.forEach(district);
  for (const { steps } of outline.routing) for (const step of steps) for (const neighbour of step.neighbours) group(neighbour);
  checkPlaceNames(outline, report);
  checkNumbers(outline, report);
  for (const [id, texts] of outline.prompts)
    for (const name of texts?.keys() ?? []) if (twoLetters.test(name)) language({ name, path: ["prompts", id, name] });
}

/** The world's own names: languages and the time zone. */
function checkPlaceNames({ languages, timezone }: Outline, report: Report): void {
  for (const { name, path } of languages) {
    if (twoLetters.test(name) && !isLanguage(name))
      report.error(path, `No language has the letters "${name}".`, "Write its two letters from ISO 639-1, as sv or en.");
  }
  if (timezone && !isTimezone(timezone.name))
    report.error(timezone.path, `There is no time zone "${timezone.name}".`, "Write its IANA name, as Europe/Stockholm.");
}

const twoLetters = /^[a-z]{2}$/;
const languageNames = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

function isLanguage(name: string): boolean {
  return twoLetters.test(name) && languageNames.of(name) !== undefined;
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function checkNumbers(outline: Outline, report: Report): void {
  const seen = new Map<string, Path>();
  for (const { name, path } of outline.numbers.flatMap((entry) => entry.numbers)) {
    const before = seen.get(name);
    if (before)
      report.error(path, `${name} stands already at ${before.join(".")}.`, "A number rings one entry: take one of the two away.");
    else seen.set(name, path);
  }
}
