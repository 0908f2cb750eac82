import type { Language } from "../core/plan/plan.ts";
import { checkText, systemPrompts, type Texts } from "./languages.ts";
import type { Outline } from "./outline.ts";
import type { Report } from "./problem.ts";

/** More names of missing texts than these are not read. */
const mostNamed = 3;

/**
 * Checks that everything is said: in the main language all of it, or the plan is refused; in each other language all of it, or that
 * language is not offered, which is a warning.
 */
export function checkTexts(outline: Outline, defaults: ReadonlyMap<Language, Texts>, report: Report): void {
  const [main] = outline.languages;
  for (const { name: language, path } of outline.languages) {
    const tell = language === main?.name ? report.error : report.warning;
    const hint = language === main?.name ? "" : ` Until then ${language} is not offered.`;
    const says = (id: string) => outline.prompts.get(id)?.has(language) || defaults.get(language)?.[id] !== undefined;
    for (const [id, texts] of outline.prompts)
      if (texts && !says(id))
        tell(
          ["prompts", id, language],
          `The prompt "${id}" has no text in ${language}.`,
          `Add ${language}: under it.${hint}`,
          "name",
        );
    const missing = systemPrompts.filter((id) => !outline.prompts.has(id) && !says(id));
    if (missing.length === 0) continue;
    const named = missing.length > mostNamed ? `${missing.slice(0, mostNamed).join(", ")} …` : missing.join(", ");
    const what = `${missing.length} prompts that every plan says have no text in ${language}: ${named}`;
    tell(path, `${what}.`, `Add them under prompts, or to dialplans/languages/${language}.yaml.${hint}`);
  }
  for (const [id, texts] of outline.prompts)
    for (const [language, text] of texts ?? []) checkText(["prompts", id, language], id, text, report);
  checkUse(outline, report);
}

function checkUse(outline: Outline, report: Report): void {
  const said = new Set<string | undefined>([
    ...systemPrompts,
    ...outline.numbers.map((entry) => entry.greeting?.name),
    ...[...outline.menus.values(), ...outline.steps.values()].flatMap(({ prompts }) => prompts.map(({ name }) => name)),
  ]);
  for (const id of outline.prompts.keys())
    if (!said.has(id))
      report.warning(["prompts", id], `No number and no menu says the prompt "${id}".`, "Use it, or take it away.", "name");
}
