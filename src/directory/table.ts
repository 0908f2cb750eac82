import { CsvError, type InfoRecord, parse } from "csv-parse/sync";
import { KontaktlotsError } from "../core/errors.ts";

/** A table out of a CSV file, as Excel and others write it: `;`, `,` or tab between, with or without a byte order mark. */

/** One line of a table. `line`: where it stands in the file, from 1. */
export interface TableRow {
  readonly line: number;
  /** By the column's name; "" when the line is shorter. */
  cell(column: string): string;
}

/** What is wrong with a file, and what to do. `column`: its name, "" for the whole line. */
export interface TableProblem {
  readonly line: number;
  readonly column: string;
  readonly what: string;
  readonly mend: string;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** Larger than the directory of any city in the country. */
const mostBytes = 20_000_000;
const mostShown = 50;

/** Names are compared in small letters. Errors: DIRECTORY_INVALID. `file`: its name, for messages. */
export function readTable(content: Uint8Array, file: string): Table {
  if (content.byteLength > mostBytes)
    throw directoryInvalid(file, [whole("The file is larger than 20 MB.", "Is it the right one?")]);
  const text = decoded(content, file);
  const [head, ...records] = recordsOf(text, file);
  if (!head) throw directoryInvalid(file, [whole("The file is empty.", "Write the names of the columns in the first line.")]);
  const columns = head.record.map((name) => name.trim().toLowerCase());
  const twice = columns.find((name, at) => name !== "" && columns.indexOf(name) !== at);
  if (twice !== undefined)
    throw directoryInvalid(file, [{ line: 1, column: twice, what: "The column stands there twice.", mend: "Take one away." }]);
  const long = records.filter(({ record }) => record.slice(columns.length).some((cell) => cell.trim() !== ""));
  if (long.length > 0)
    throw directoryInvalid(
      file,
      long.map(({ line }) => ({
        ...{ line, column: "", what: "The line has more cells than there are columns." },
        mend: "Put text that holds the sign between cells into quotes.",
      })),
    );
  const rows = records.filter(({ record }) => record.some((cell) => cell.trim() !== ""));
  return {
    columns,
    rows: rows.map(({ record, line }) => ({ line, cell: (column) => (record[columns.indexOf(column)] ?? "").trim() })),
  };
}

function decoded(content: Uint8Array, file: string): string {
  try {
    // Takes a byte order mark away.
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (thrown) {
    const mend = 'In Excel choose "Save as", "CSV UTF-8".';
    throw directoryInvalid(file, [whole("The file is not in UTF-8, so å, ä and ö would be lost.", mend)], thrown);
  }
}

function recordsOf(text: string, file: string): { readonly record: string[]; readonly line: number }[] {
  const [first = ""] = text.split(/\r?\n/, 1);
  const [delimiter = ";"] = [";", ",", "\t"].toSorted((a, b) => first.split(b).length - first.split(a).length);
  let line = 1;
  try {
    const options = { delimiter, info: true, relax_column_count: true, skip_empty_lines: false } as const;
    const parsed = parse(text, options) as unknown as { readonly record: string[]; readonly info: InfoRecord }[];
    return parsed.map(({ record, info }) => {
      const from = line;
      // `lines` counts those read so far; a cell in quotes may go over several.
      line = info.lines + 1;
      return { record, line: from };
    });
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const at = "lines" in thrown && typeof thrown.lines === "number" ? thrown.lines : 1;
    const what = thrown.message.replace(/\.?$/, ".");
    throw directoryInvalid(file, [{ line: at, column: "", what, mend: 'Double a quote within quotes: "".' }], thrown);
  }
}

const whole = (what: string, mend: string): TableProblem => ({ line: 1, column: "", what, mend });

/** All problems of a file in one error: nothing of it has been taken over. */
export function directoryInvalid(file: string, problems: readonly TableProblem[], cause?: unknown): KontaktlotsError {
  const count = problems.length === 1 ? "a problem" : `${problems.length} problems`;
  const lines = problems.slice(0, mostShown).map(({ line, column, what, mend }) => {
    const where = column === "" ? "" : `, column ${column}`;
    return `\n  line ${line}${where}: ${what} ${mend}`;
  });
  const more = problems.length > mostShown ? `\n  … and ${problems.length - mostShown} more` : "";
  return new KontaktlotsError(
    "DIRECTORY_INVALID",
    `${file} has ${count}:${lines.join("")}${more}\n`,
    "Nothing was taken over. Mend what is named, and import it again.",
    { problems },
    cause,
  );
}
