import Type, { type TSchema } from "typebox";
import { Value } from "typebox/value";
import type { PhoneNumber } from "../core/plan/plan.ts";
import { nearest } from "../plans/nearest.ts";
import type { OfficerRecord } from "../store/officer-port.ts";
import { directoryInvalid, readTable, type TableProblem, type TableRow } from "./table.ts";

/** What the city's plan has, which officers may name. Lists that are empty are not checked against. */
export interface KnownNames {
  readonly groups: readonly string[];
  readonly districts: readonly string[];
}

const text = (most: number) => Type.String({ minLength: 1, maxLength: most });

/** What a cell may hold, and in words. A column whose words begin with "nothing, or" may be empty or left out. */
const columns = {
  id: [Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._@-]{0,79}$" }), "letters a–z, digits, dots and hyphens: anna.berg"],
  name: [text(100), "a name of at most 100 letters"],
  extension: [Type.String({ pattern: "^\\d{2,8}$" }), "two to eight digits: 12345"],
  number: [Type.String({ pattern: "^\\+[1-9]\\d{6,14}$" }), "a telephone number: +46850812345 or 08-508 12 345"],
  functions: [Type.Array(text(80), { maxItems: 30 }), "nothing, or functions with commas between"],
  subjects: [Type.Array(text(80), { maxItems: 100 }), "nothing, or subjects with commas between"],
  districts: [Type.Array(text(80), { maxItems: 100 }), "nothing, or districts with commas between"],
  colleague: [Type.String({ pattern: "^\\d{2,8}$" }), "nothing, or the extension of whoever stands in"],
  group: [text(40), "nothing, or the id of an answer group of the plan"],
  email: [Type.String({ pattern: "^[^\\s@,;<>]{1,64}@[^\\s@,;<>]{1,190}$" }), "nothing, or an e-mail address"],
} as const satisfies Readonly<Record<keyof OfficerRecord, readonly [schema: TSchema, words: string]>>;
type Column = keyof typeof columns;
const names = Object.keys(columns) as Column[];
const isOptional = (column: Column): boolean => columns[column][1].startsWith("nothing, or");

/**
 * The officers of a CSV file, one a line.
 *
 * @throws DIRECTORY_INVALID with every problem in it.
 */
export function readOfficers(content: Uint8Array, file: string, known: KnownNames): OfficerRecord[] {
  const table = readTable(content, file);
  const problems: TableProblem[] = [];
  for (const column of names.filter((name) => !isOptional(name) && !table.columns.includes(name)))
    problems.push({ line: 1, column, what: "The column is missing.", mend: `Columns are ${names.join(", ")}.` });
  for (const column of table.columns.filter((name) => name !== "" && !(name in columns)))
    problems.push({ line: 1, column, what: "There is no such column.", mend: meant(column, names) });
  if (problems.length > 0) throw directoryInvalid(file, problems);

  const lines = table.rows.map((row) => ({ row, officer: officerOf(row, problems) }));
  for (const column of ["id", "extension"] as const) {
    const seen = new Map<string, number>();
    for (const { row, officer } of lines) {
      const value = officer[column];
      const before = seen.get(value);
      if (before !== undefined && value !== "")
        problems.push({
          line: row.line,
          column,
          what: `${value} stands in line ${before} already.`,
          mend: "Each has one of its own.",
        });
      else seen.set(value, row.line);
    }
  }
  const extensions = new Set(lines.map(({ officer }) => officer.extension));
  for (const { row, officer } of lines) {
    const { colleague, group } = officer;
    const wrong = (column: Column, what: string, mend: string) => problems.push({ line: row.line, column, what, mend });
    if (colleague !== undefined && colleague === officer.extension)
      wrong("colleague", "Nobody stands in for themselves.", "Give another's extension, or nothing.");
    else if (colleague !== undefined && !extensions.has(colleague))
      wrong("colleague", `Nobody has the extension ${colleague}.`, "Give one that stands in this file, or nothing.");
    if (group !== undefined && known.groups.length > 0 && !known.groups.includes(group))
      wrong("group", `The plan has no group ${group}.`, meant(group, known.groups));
    for (const district of known.districts.length > 0 ? officer.districts : [])
      if (!known.districts.includes(district))
        wrong("districts", `The plan has no district ${district}.`, meant(district, known.districts));
  }
  if (lines.length === 0)
    problems.push({ line: 1, column: "", what: "There is nobody in it.", mend: "An empty list would remove all officers." });
  if (problems.length > 0)
    throw directoryInvalid(
      file,
      problems.toSorted((a, b) => a.line - b.line),
    );
  return lines.map(({ officer }) => officer);
}

function officerOf(row: TableRow, problems: TableProblem[]): OfficerRecord {
  const cells = new Map<Column, unknown>();
  for (const column of names) {
    const cell = row.cell(column);
    const value = cellValue(column, cell);
    const [schema, words] = columns[column];
    if (value === undefined && isOptional(column)) continue;
    cells.set(column, value ?? "");
    if (!Value.Check(schema, value))
      problems.push({ line: row.line, column, what: `${shown(cell)} is not right.`, mend: `Write ${words}.` });
  }
  return Object.fromEntries(cells) as unknown as OfficerRecord;
}

function cellValue(column: Column, cell: string): string | readonly string[] | undefined {
  if (column === "functions" || column === "subjects" || column === "districts") {
    const parts = cell.split(",").map((part) => part.trim());
    return [...new Set(parts.filter((part) => part !== ""))];
  }
  if (cell === "") return undefined;
  return column === "number" ? e164(cell) : cell;
}

/** National numbers are Sweden's. Left as it is when it is none, so that the check refuses it. */
function e164(text: string): PhoneNumber {
  // In "+46 (0)8" the nought is for those who ring from within the country.
  const digits = text.replace("(0)", "").replaceAll(/[\s()/-]/g, "");
  if (digits.startsWith("00")) return `+${digits.slice(2)}`;
  return digits.startsWith("0") ? `+46${digits.slice(1)}` : digits;
}

function meant(name: string, all: readonly string[]): string {
  const near = nearest(name, all);
  return near === undefined ? `There are ${all.slice(0, 30).join(", ")}.` : `Did you mean ${near}?`;
}

const shown = (cell: string): string => (cell === "" ? "An empty cell" : JSON.stringify(cell.slice(0, 60)));
