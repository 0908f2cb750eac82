import { readFileSync, statSync } from "node:fs";
import { relative } from "node:path";
import { KontaktlotsError } from "../core/errors.ts";

/** A text file of a plan, and its name as messages say it. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** A plan of a large city has some 40 kB. What is far larger is something else. */
const mostBytes = 2_000_000;

/** Reads a file of a plan. Errors: PLAN_MISSING, and PLAN_INVALID for what is too large or not in UTF-8. */
export function readTextFile(path: string): TextFile {
  try {
    const { size } = statSync(path);
    if (size > mostBytes)
      throw new KontaktlotsError("PLAN_INVALID", `${path} has ${size} bytes.`, "This is no plan file: name another folder.");
    // fatal: a file in another encoding would give wrong letters to read and to say.
    return { file: shortest(path), text: new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)) };
  } catch (error) {
    if (error instanceof KontaktlotsError) throw error;
    if (error instanceof TypeError)
      throw new KontaktlotsError("PLAN_INVALID", `${path} is not in UTF-8.`, "Save it in UTF-8.", { path }, error);
    const reason = error instanceof Error ? error.message : String(error);
    const mend = "Name a folder that holds a plan.yaml.";
    throw new KontaktlotsError("PLAN_MISSING", `No plan can be read at ${path}: ${reason}.`, mend, { path }, error);
  }
}

/** The path as a person at the project's folder would write it. */
export function shortest(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
