import { KontaktlotsError } from "../core/errors.ts";

/** Where something stands in the document: names, and list indexes as text, from the root. */
export type Path = readonly string[];

/** Something wrong with a plan. Line and column count from 1. */
export interface PlanProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The place by name: "menus.start.keys.1"; empty for the whole file. */
  readonly where: string;
  readonly what: string;
  readonly mend: string;
}

/** One line for people: file:line:column, place, what is wrong, what to do. */
export function problemLine(problem: PlanProblem): string {
  const where = problem.where === "" ? "" : ` ${problem.where}:`;
  return `${problem.file}:${problem.line}:${problem.column}${where} ${problem.what} ${problem.mend}`;
}

/** All problems of a plan in one error. */
export function planInvalid(problems: readonly PlanProblem[]): KontaktlotsError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `\n  ${problemLine(problem)}`).join("");
  return new KontaktlotsError("PLAN_INVALID", `The plan has ${count}:${lines}\n`, "Mend what is named, and start again.", {
    problems,
  });
}

/** What the checks tell their findings to; `at` says whether the name or what stands under it is wrong. */
export interface Report {
  error(path: Path, what: string, mend: string, at?: "name" | "value"): void;
  warning(path: Path, what: string, mend: string, at?: "name" | "value"): void;
}
