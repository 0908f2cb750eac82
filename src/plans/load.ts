import { join } from "node:path";
import { Value } from "typebox/value";
import type { Plan } from "../core/plan/plan.ts";
import { listRecordings } from "../telephony/prompts/recordings.ts";
import { buildPlan } from "./build.ts";
import { checkHours } from "./hours.ts";
import { checkCircles, checkLadders } from "./ladders.ts";
import { defaultTexts } from "./languages.ts";
import { checkNames } from "./names.ts";
import { nearest } from "./nearest.ts";
import { outlineOf } from "./outline.ts";
import { checkOutside } from "./outside-numbers.ts";
import { type PlanProblem, planInvalid, type Report } from "./problem.ts";
import { listPromptFiles, type PromptFile, type WithPrompts, withPromptFiles } from "./prompt-files.ts";
import { planSchema } from "./schema.ts";
import { checkShape, withScalars } from "./shape.ts";
import { readSource } from "./source.ts";
import { readTextFile, shortest } from "./text-file.ts";
import { checkTexts } from "./texts.ts";
import { checkWays } from "./ways.ts";

/** The main file of a plan's folder; texts may stand beside it in `prompts/`, recordings in `recordings/`. */
export const planFile = "plan.yaml";

/**
 * Reads a city's plan from its folder (`dialplans/stockholm`).
 *
 * @throws PLAN_MISSING when the folder has no plan file; PLAN_INVALID with every problem found, each with file, line, column,
 *   what is wrong and what to mend (`details.problems`, and in the message).
 */
export async function loadPlan(folder: string): Promise<Plan> {
  return (await loadPlanWithWarnings(folder)).plan;
}

/** The same, with what works and is still better changed. */
export async function loadPlanWithWarnings(
  folder: string,
): Promise<{ readonly plan: Plan; readonly warnings: readonly PlanProblem[] }> {
  const { file, text } = readTextFile(join(folder, planFile));
  const { plan, warnings } = readPlan(file, text, listPromptFiles(folder));
  return { plan, warnings: [...warnings, ...(await unusedRecordings(folder, plan))] };
}

/** Recordings that stand beside no text: most often a name misspelt, and the synthetic voice is heard in their place. */
async function unusedRecordings(folder: string, plan: Plan): Promise<PlanProblem[]> {
  const recordings = await listRecordings(folder);
  const unused = recordings.filter(({ prompt, language }) => !Object.hasOwn(plan.prompts[prompt] ?? {}, language));
  return unused.map(({ file, prompt, language }) => {
    const meant = nearest(prompt, Object.keys(plan.prompts));
    const mend =
      meant && meant !== prompt ? `Did you mean "${meant}"?` : "Name it recordings/LANGUAGE/PROMPT.wav, or take it away.";
    return {
      file: shortest(file),
      line: 1,
      column: 1,
      where: "",
      what: `No prompt "${prompt}" has a text in ${language}.`,
      mend,
    };
  });
}

/**
 * A plan from the text of its file, and of its prompt files; `file` is its name for messages, `year` the one whose holidays matter. What
 * the system itself says comes from `dialplans/languages/`, in the plan's languages only, where the plan says nothing else. Errors:
 * PLAN_INVALID.
 */
export function readPlan(
  file: string,
  text: string,
  promptFiles: readonly PromptFile[] = [],
  year = new Date().getUTCFullYear(),
): { readonly plan: Plan; readonly warnings: readonly PlanProblem[] } {
  const source = readSource(file, text);
  const warnings: PlanProblem[] = commentedKeys(file, text);
  // What YAML cannot read it leaves out or guesses, and checks of guesses only confuse.
  if (source.broken) throw planInvalid(source.problems);
  const whole = withPromptFiles(source, withScalars(source.value), promptFiles);
  const errors: PlanProblem[] = [...source.problems, ...whole.problems];
  if (whole.broken) throw planInvalid(errors);
  const report = reportTo(whole, errors, warnings);
  const outline = outlineOf(whole.document);
  const defaults = new Map(outline.languages.map(({ name }) => [name, defaultTexts(name)]));
  checkShape(whole.document, report);
  checkNames(outline, report);
  checkTexts(outline, defaults, report);
  checkWays(outline, report);
  checkLadders(outline, report);
  checkHours(outline, report);
  if (errors.length > 0) throw planInvalid(inOrder(errors));
  const plan = buildPlan(Value.Parse(planSchema, whole.document), defaults, year);
  checkCircles(plan, report);
  checkOutside(plan, report);
  return { plan, warnings: inOrder(warnings) };
}

function reportTo(whole: WithPrompts, errors: PlanProblem[], warnings: PlanProblem[]): Report {
  const into =
    (list: PlanProblem[]): Report["error"] =>
    (path, what, mend, at = "value") =>
      list.push({ ...whole.locate(path, at), where: path.join("."), what, mend });
  return { error: into(errors), warning: into(warnings) };
}

function inOrder(problems: readonly PlanProblem[]): PlanProblem[] {
  return [...problems].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column);
}

/** `#: repeat` is a comment to YAML and a key to everyone else. */
function commentedKeys(file: string, text: string): PlanProblem[] {
  return text.split("\n").flatMap((line, index) => {
    const column = line.search(/#\s?:/) + 1;
    if (!/^\s*#\s?:/.test(line)) return [];
    return [
      {
        file,
        line: index + 1,
        column,
        where: "",
        what: "This line is a comment.",
        mend: 'If the key # is meant, write "#": in quotes.',
      },
    ];
  });
}
