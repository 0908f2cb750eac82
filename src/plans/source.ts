import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type YAMLError } from "yaml";
import type { Path, PlanProblem } from "./problem.ts";

/** A YAML file as plain data, with the way back from each place in the data to its line. */
export interface Source {
  readonly file: string;
  /** Every scalar is text, as it was written: no phone number becomes a sum, and a key 1 is the key "1". */
  readonly value: unknown;
  /** What YAML itself found wrong. */
  readonly problems: readonly PlanProblem[];
  /** The wrong is such that the value may be far from what was meant. */
  readonly broken: boolean;
  /** Where a place stands, or, when it is missing, the nearest place around it. Counted from 1. */
  locate(path: Path, at: "name" | "value"): { readonly line: number; readonly column: number };
}

/** YAML's complaints after which the rest of the file can still be trusted. */
const harmless = new Set<YAMLError["code"]>(["DUPLICATE_KEY", "TAG_RESOLVE_FAILED"]);

/** Reads the text of a YAML file; `file` is its name for messages. */
export function readSource(file: string, text: string): Source {
  const counter = new LineCounter();
  const document = parseDocument(text, { schema: "failsafe", lineCounter: counter, logLevel: "error" });
  const lines = text.split("\n");
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const complaints = causesOf([...document.errors, ...document.warnings]);
  const problems = complaints.map((error): PlanProblem => {
    const place = position(error.pos[0]);
    return { file, ...place, where: "", ...inPlainWords(error, lines[place.line - 1] ?? "") };
  });
  let value: unknown;
  let broken = complaints.some((error) => !harmless.has(error.code));
  try {
    value = document.toJS();
  } catch (error) {
    // Only references (*name) throw here: to an unknown name, or too many of them.
    broken = true;
    const what = error instanceof Error ? `${error.message}.` : String(error);
    if (problems.length === 0)
      problems.push({ file, line: 1, column: 1, where: "", what, mend: "Write texts with * in quotes." });
  }
  return {
    file,
    value,
    // One slip of the pen often makes several complaints; the first of a line tells what to mend.
    problems: problems.filter((problem, index) => problems.findIndex((other) => other.line === problem.line) === index),
    broken,
    locate: (path, at) => position(offsetOf(document, path, at)),
  };
}

/** The complaints without those that only follow from others: after a slip the rest may no longer belong to anything. */
function causesOf(complaints: readonly YAMLError[]): readonly YAMLError[] {
  const tabs = complaints.filter((error) => error.code === "TAB_AS_INDENT");
  if (tabs.length > 0) return tabs;
  const causes = complaints.filter((error) => !error.message.includes("in YAML stream"));
  return causes.length > 0 ? causes : complaints.slice(0, 1);
}

function offsetOf(document: Document, path: Path, at: "name" | "value"): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      // Of a name that stands twice, the last one counts.
      const pair = node.items.findLast(({ key }) => isScalar(key) && key.value === step);
      if (!pair) break;
      const byName = at === "name" || index < path.length - 1;
      offset = (byName ? start(pair.key) : start(pair.value)) ?? start(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = start(node) ?? offset;
    } else break;
  }
  return offset;
}

/** Where a node begins; undefined for one that is empty. */
function start(node: unknown): number | undefined {
  if (!isNode(node) || !node.range) return undefined;
  const [from, to] = node.range;
  return from === to ? undefined : from;
}

/** YAML's own complaints, for those who do not know YAML. */
function inPlainWords(error: YAMLError, line: string): { readonly what: string; readonly mend: string } {
  if (/^\s*\*\s*:/.test(line)) return { what: "The key * stands without quotes.", mend: 'Write "*": with quotes.' };
  const first = (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+.*$/, "").replace(/[.:;]*$/, ".");
  switch (error.code) {
    case "DUPLICATE_KEY":
      return { what: "This name stands here a second time.", mend: "Take one of the two away, or give it another name." };
    case "TAB_AS_INDENT":
      return { what: "The line begins with a tab.", mend: "Use spaces." };
    case "BLOCK_AS_IMPLICIT_KEY":
      return { what: "A text with a colon in it stands without quotes.", mend: 'Put the text in "quotes".' };
    case "BAD_INDENT":
      return { what: `The line stands in the wrong column. ${first}`, mend: "Indent it like its neighbours, and close { and [." };
    case "MULTIPLE_DOCS":
      return { what: "A line --- divides the file.", mend: "Take that line away: one file is one plan." };
    case "TAG_RESOLVE_FAILED":
      return { what: "A text begins with an exclamation mark.", mend: 'Put the text in "quotes".' };
    default:
      return { what: first, mend: 'Correct the line; texts with special characters stand in "quotes".' };
  }
}
