import type { Synonym } from "../store/officer-port.ts";
import { directoryInvalid, readTable, type TableProblem } from "./table.ts";

/** What districts call things: columns `word`, `means`, and `district` (empty: everywhere). */

const mostLetters = 80;

/** Whether the file is one of synonyms, by its columns. Errors: DIRECTORY_INVALID. */
export function isSynonyms(content: Uint8Array, file: string): boolean {
  return readTable(content, file).columns.includes("word");
}

/** @throws DIRECTORY_INVALID with every problem in it. */
export function readSynonyms(content: Uint8Array, file: string, districts: readonly string[]): Synonym[] {
  const table = readTable(content, file);
  const problems: TableProblem[] = [];
  if (!table.columns.includes("means"))
    problems.push({ line: 1, column: "means", what: "The column is missing.", mend: "Columns are district, word, means." });
  const synonyms = table.rows.map((row): Synonym => {
    const [district, word, means] = [row.cell("district"), row.cell("word"), row.cell("means")];
    for (const [column, value] of [["word", word] as const, ["means", means] as const])
      if (value === "" || value.length > mostLetters)
        problems.push({
          line: row.line,
          column,
          what: "The cell is empty, or too long.",
          mend: `Write 1 to ${mostLetters} letters.`,
        });
    if (district !== "" && districts.length > 0 && !districts.includes(district))
      problems.push({
        ...{ line: row.line, column: "district", what: `The plan has no district ${district}.` },
        mend: `There are ${districts.join(", ")}; nothing means everywhere.`,
      });
    return district === "" ? { word, means } : { district, word, means };
  });
  if (problems.length > 0) throw directoryInvalid(file, problems);
  return synonyms;
}
