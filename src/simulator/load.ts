import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { KontaktlotsError } from "../core/errors.ts";
import { type Path, type PlanProblem, problemLine, type Report } from "../plans/problem.ts";
import { checkShape, withScalars } from "../plans/shape.ts";
import { readSource, type Source } from "../plans/source.ts";
import { buildScenario } from "./build.ts";
import { checkNames, checkReach } from "./check.ts";
import type { Scenario } from "./scenario.ts";
import {
  type DraftDocument,
  draftSchema,
  type ScenarioDocument,
  scenarioSchema,
  type VariantDocument,
  variantSchema,
} from "./schema.ts";

/** A file's name, as messages say it, and its text. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** What a scenario's file may lean on. */
export interface Besides {
  /** Rules and agents in place of the scenario's own. */
  readonly draft?: TextFile;
  /** Simulate so many days instead. */
  readonly days?: number;
  /** The file of another scenario, by its id: what `based-on` names. */
  readonly find?: (id: string) => TextFile;
}

/**
 * A scenario out of the text of its file.
 *
 * @throws SCENARIO_INVALID with every problem found, each with file, line, column, what is wrong and what to mend
 *   (`details.problems`, and in the message); SCENARIO_MISSING when what it is based on cannot be read.
 */
export function readScenario(id: string, file: TextFile, { draft: draftFile, days, find }: Besides = {}): Scenario {
  const own = readSource(file.file, file.text);
  const isVariant = find !== undefined && says(own.value, ["based-on"]);
  const top = parse(own, isVariant ? variantSchema : scenarioSchema);
  const layers: Layer[] = [top];
  if (isVariant) {
    const based = find((top.document as VariantDocument)["based-on"]);
    layers.push(parse(readSource(based.file, based.text), scenarioSchema));
  }
  const { "based-on": _, ...base } = Object.assign({}, ...layers.toReversed().map(({ document }) => document)) as VariantDocument;
  const draft = draftFile && parse(readSource(draftFile.file, draftFile.text), draftSchema);
  if (draft) layers.unshift(draft);
  const problems: PlanProblem[] = [];
  const report = reportTo(layers, problems);
  const whole = base as ScenarioDocument;
  if (draft) checkDraft(whole, draft.document as DraftDocument, report);
  const document = {
    ...(draft ? drafted(whole, draft.document as DraftDocument) : whole),
    ...(days === undefined ? {} : { days }),
  };
  checkNames(document, report);
  if (problems.length > 0) throw invalid(problems);
  const scenario = buildScenario(id, document);
  checkReach(scenario, report);
  if (problems.length > 0) throw invalid(problems);
  return scenario;
}

/** A draft alone, for logs, whose groups are known only when they are read; `build` checks the rest. Errors: SCENARIO_INVALID. */
export function readDraft<T>(file: TextFile, build: (draft: DraftDocument, report: Report) => T): T {
  const layer = parse(readSource(file.file, file.text), draftSchema);
  const problems: PlanProblem[] = [];
  const built = build(layer.document as DraftDocument, reportTo([layer], problems));
  if (problems.length > 0) throw invalid(problems);
  return built;
}

/** The text of a file. @throws SCENARIO_MISSING */
export function readText(path: string): TextFile {
  try {
    const short = relative(process.cwd(), path);
    return { file: short.startsWith("..") ? path : short, text: readFileSync(path, "utf8") };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new KontaktlotsError(
      "SCENARIO_MISSING",
      `${path} cannot be read: ${reason}.`,
      "Name a file that is there.",
      { path },
      error,
    );
  }
}

/** A file, and what stands in it. */
interface Layer {
  readonly source: Source;
  readonly document: unknown;
}

/** The document, when its shape is right. */
function parse(source: Source, schema: TSchema): Layer {
  if (source.problems.length > 0) throw invalid(source.problems);
  const document = withScalars(source.value, schema);
  const problems: PlanProblem[] = [];
  checkShape(document, reportTo([{ source, document }], problems), schema);
  if (problems.length > 0) throw invalid(problems);
  return { source, document: Value.Parse(schema, document) };
}

/** What the draft says in place of the scenario. */
function drafted(base: ScenarioDocument, draft: DraftDocument): ScenarioDocument {
  const changed = Object.entries(draft.groups ?? {}).flatMap(([id, rules]) => {
    const group = base.groups[id];
    return group ? [[id, { ...group, ...rules }] as const] : [];
  });
  return {
    ...base,
    "group-defaults": { ...base["group-defaults"], ...draft["group-defaults"] },
    groups: { ...base.groups, ...Object.fromEntries(changed) },
    agents: draft.agents ?? base.agents,
  };
}

function checkDraft(base: ScenarioDocument, draft: DraftDocument, report: Report): void {
  const known = Object.keys(base.groups);
  for (const id of Object.keys(draft.groups ?? {}))
    if (!known.includes(id))
      report.error(["groups", id], `The scenario has no group "${id}".`, `It has: ${known.join(", ")}.`, "name");
}

/** Each finding where it stands: in the first file that says it, else in the last. */
function reportTo(layers: readonly Layer[], problems: PlanProblem[]): Report {
  const tell: Report["error"] = (path, what, mend, at = "value") => {
    const { source } = layers.find((layer) => says(layer.source.value, path)) ?? layers.at(-1) ?? { source: undefined };
    if (source) problems.push({ file: source.file, ...source.locate(path, at), where: path.join("."), what, mend });
  };
  return { error: tell, warning: tell };
}

function says(document: unknown, [first, ...rest]: Path): boolean {
  if (first === undefined) return true;
  if (typeof document !== "object" || document === null || !Object.hasOwn(document, first)) return false;
  return says((document as Record<string, unknown>)[first], rest);
}

function invalid(problems: readonly PlanProblem[]): KontaktlotsError {
  const sorted = [...problems].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
  const count = sorted.length === 1 ? "a problem" : `${sorted.length} problems`;
  const lines = sorted.map((problem) => `\n  ${problemLine(problem)}`).join("");
  return new KontaktlotsError(
    "SCENARIO_INVALID",
    `The scenario has ${count}:${lines}\n`,
    "Mend what is named, and simulate again.",
    {
      problems: sorted,
    },
  );
}
