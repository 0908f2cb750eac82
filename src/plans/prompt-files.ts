import { readdirSync } from "node:fs";
import { join, parse } from "node:path";
import type { Language } from "../core/plan/plan.ts";
import { members } from "./outline.ts";
import type { Path, PlanProblem } from "./problem.ts";
import { promptFileSchema } from "./schema.ts";
import { checkShape } from "./shape.ts";
import { readSource, type Source } from "./source.ts";
import { readTextFile, type TextFile } from "./text-file.ts";

/** What a plan says in one language, in a file of its own beside the plan: `prompts/fi.yaml`. */
export interface PromptFile extends TextFile {
  readonly language: Language;
}

interface ReadFile extends PromptFile {
  readonly source: Source;
  readonly texts: ReadonlyMap<string, unknown>;
}

/** The files in a plan's `prompts/`; none without that folder. Errors: PLAN_INVALID, PLAN_MISSING. */
export function listPromptFiles(planFolder: string): PromptFile[] {
  const folder = join(planFolder, "prompts");
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // Most plans have all their texts in plan.yaml.
  }
  return names
    .filter((name) => /^[a-z]{2}\.ya?ml$/.test(name))
    .sort()
    .map((name) => ({ language: parse(name).name, ...readTextFile(join(folder, name)) }));
}

/** A plan's document with the texts of its prompt files put where those of plan.yaml stand, and the way back to each text's line. */
export interface WithPrompts {
  readonly document: unknown;
  readonly problems: readonly PlanProblem[];
  readonly broken: boolean;
  /** Where a path of the whole document stands. */
  locate(path: Path, at: "name" | "value"): { readonly file: string; readonly line: number; readonly column: number };
}

export function withPromptFiles(plan: Source, document: unknown, files: readonly PromptFile[]): WithPrompts {
  const problems: PlanProblem[] = [];
  const languages = languagesOf(document);
  const read = files.map((file): ReadFile => {
    const source = readSource(file.file, file.text);
    const error = (path: Path, what: string, mend: string, at: "name" | "value" = "value") =>
      problems.push({ file: file.file, ...source.locate(path, at), where: path.join("."), what, mend });
    problems.push(...source.problems);
    if (!source.broken) checkShape(source.value, { error, warning: () => {} }, promptFileSchema);
    if (languages.length > 0 && !languages.includes(file.language))
      error([], `There is no language "${file.language}".`, "Add it under languages of the plan, or take the file away.");
    return { ...file, source, texts: members(source.value) };
  });
  const own = members(members(document).get("prompts"));
  const merged = new Map([...own].map(([id, texts]) => [id, members(texts)]));
  for (const { language, source, texts, file } of read.filter((one) => languages.includes(one.language))) {
    for (const [id, text] of texts) {
      const said = merged.get(id) ?? new Map<string, unknown>();
      if (said.has(language)) {
        const what = `"${id}" has a text in ${language} in ${plan.file} already.`;
        problems.push({ file, ...source.locate([id], "name"), where: id, what, mend: "Take one of the two away." });
      }
      if (typeof text === "string") merged.set(id, said.set(language, text));
    }
  }
  const prompts = Object.fromEntries([...merged].map(([id, texts]) => [id, Object.fromEntries(texts)]));
  return {
    document: files.length === 0 || typeof document !== "object" ? document : { ...document, prompts },
    problems,
    broken: read.some(({ source }) => source.broken),
    locate(path, at) {
      const [section, id = "", language] = path;
      const inPlan = own.get(id);
      const isOwn = language === undefined ? inPlan !== undefined : members(inPlan).has(language);
      const file =
        section === "prompts" && !isOwn
          ? (read.find((one) => one.texts.has(id) && one.language === (language ?? one.language)) ??
            read.find((one) => one.language === language) ??
            (inPlan === undefined ? read.find((one) => one.texts.has(id)) : undefined))
          : undefined;
      if (!file) return { file: plan.file, ...plan.locate(path, at) };
      return { file: file.file, ...file.source.locate(file.texts.has(id) ? [id] : [], at) };
    },
  };
}

function languagesOf(document: unknown): unknown[] {
  const languages = members(document).get("languages");
  return Array.isArray(languages) ? languages : [];
}
