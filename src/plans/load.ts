import { readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { Value } from "typebox/value";
import { KontaktlotsError } from "../core/errors.ts";
import type { Plan } from "../core/plan/plan.ts";
import { listRecordings } from "../telephony/prompts/recordings.ts";
import { buildPlan } from "./build.ts";
import { checkHours } from "./hours.ts";
import { checkCircles, checkLadders } from "./ladders.ts";
import { checkNames } from "./names.ts";
import { nearest } from "./nearest.ts";
import { outlineOf } from "./outline.ts";
import { type PlanProblem, planInvalid, type Report } from "./problem.ts";
import { planSchema } from "./schema.ts";
import { checkShape, withScalars } from "./shape.ts";
import { readSource, type Source } from "./source.ts";
import { checkWays } from "./ways.ts";

/** The one file of a plan's folder; recordings stand beside it in `recordings/`. */
export const planFile = "plan.yaml";
/** A plan of a large city has some 40 kB. What is far larger is something else. */
const mostBytes = 2_000_000;

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
  const path = join(folder, planFile);
  const { plan, warnings } = readPlan(shortest(path), await readText(path));
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
 * A plan from the text of its file; `file` is its name for messages, `year` the one whose holidays matter. Errors: PLAN_INVALID.
 */
export function readPlan(
  file: string,
  text: string,
  year = new Date().getUTCFullYear(),
): { readonly plan: Plan; readonly warnings: readonly PlanProblem[] } {
  const source = readSource(file, text);
  const errors: PlanProblem[] = [...source.problems];
  const warnings: PlanProblem[] = commentedKeys(file, text);
  // What YAML cannot read it leaves out or guesses, and checks of guesses only confuse.
  if (source.broken) throw planInvalid(errors);
  const document = withScalars(source.value);
  const report = reportTo(source, errors, warnings);
  const outline = outlineOf(document);
  checkShape(document, report);
  checkNames(outline, report);
  checkWays(outline, report);
  checkLadders(outline, report);
  checkHours(outline, report);
  if (errors.length > 0) throw planInvalid(inOrder(errors));
  const plan = buildPlan(Value.Parse(planSchema, document), year);
  checkCircles(plan, report);
  return { plan, warnings: inOrder(warnings) };
}

function reportTo(source: Source, errors: PlanProblem[], warnings: PlanProblem[]): Report {
  const into =
    (list: PlanProblem[]): Report["error"] =>
    (path, what, mend, at = "value") =>
      list.push({ file: source.file, ...source.locate(path, at), where: path.join("."), what, mend });
  return { error: into(errors), warning: into(warnings) };
}

function inOrder(problems: readonly PlanProblem[]): PlanProblem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
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

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > mostBytes)
      throw new KontaktlotsError("PLAN_INVALID", `${path} has ${size} bytes.`, "This is no plan file: name another folder.");
    // fatal: a file in another encoding would give wrong letters to read and to say.
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  } catch (error) {
    if (error instanceof KontaktlotsError) throw error;
    if (error instanceof TypeError)
      throw new KontaktlotsError("PLAN_INVALID", `${path} is not in UTF-8.`, "Save it in UTF-8.", { path }, error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new KontaktlotsError(
      "PLAN_MISSING",
      `No plan can be read at ${path}: ${reason}.`,
      `Name a folder that holds a ${planFile}.`,
      { path },
      error,
    );
  }
}

/** The path as a person at the project's folder would write it. */
function shortest(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
