import type { Plan } from "../../core/plan/plan.ts";
import { textProblem } from "./text.ts";

export interface PromptProblem {
  readonly prompt: string;
  readonly language: string;
  readonly what: string;
  readonly mend: string;
}

/** What keeps a plan's prompts from being spoken: a text in the main language missing, names and texts that no voice gets. */
export function checkPrompts(plan: Plan): PromptProblem[] {
  const problems: PromptProblem[] = [];
  const [main = "sv"] = plan.languages;
  for (const prompt of Object.keys(plan.prompts)) {
    const add = (language: string, what: string, mend: string) => problems.push({ prompt, language, what, mend });
    const texts = Object.entries(plan.prompts[prompt] ?? {});
    // Both become parts of a file's name.
    for (const name of [prompt, ...texts.map(([language]) => language)])
      if (!/^[a-z0-9-]+$/.test(name))
        add(main, `"${name}" cannot be a file's name.`, "Use small letters a–z, digits and hyphens.");
    if (!texts.some(([language]) => language === main)) add(main, "There is no text.", `Add one in ${main}.`);
    for (const [language, text] of texts) {
      const problem = textProblem(text);
      if (problem) add(language, problem.what, problem.mend);
    }
  }
  return problems;
}
