import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { type Comparison, compare } from "./compare.ts";
import { drawnPage } from "./drawing.ts";
import { readScenario, readText, type TextFile } from "./load.ts";
import { compareLog } from "./log.ts";
import { jsonLines, printedTable } from "./table.ts";

/**
 * `npm run simulate -- SCENARIO [--rules FILE] [--seed N] [--days N] [--json] [--draw FILE]` and
 * `npm run simulate -- log FILE.db --rules FILE …`: what a draft of groups, skills and rules would do, beside today's rules.
 */

const folder = fileURLToPath(new URL("../../dialplans/stockholm/scenarios/", import.meta.url));
const usage = "SCENARIO | log FILE.db  [--rules FILE]  [--seed N]  [--days N]  [--json]  [--draw FILE.html]";

async function main(args: readonly string[]): Promise<void> {
  const { names, options } = argumentsOf(args);
  const [first, second] = names;
  const rules = options.rules === undefined ? undefined : readText(options.rules);
  const seed = wholeNumber("seed", options.seed) ?? 1;
  const days = wholeNumber("days", options.days);
  if (first === undefined || names.length > (first === "log" ? 2 : 1)) throw misused(`Known scenarios: ${known().join(", ")}.`);
  let comparison: Comparison;
  if (first === "log") {
    if (second === undefined || rules === undefined) throw misused("A log needs its file and --rules.");
    comparison = await compareLog(second, rules, seed, () => performance.now());
  } else {
    const besides = { find: scenarioFile, ...(rules ? { draft: rules } : {}), ...(days === undefined ? {} : { days }) };
    const file = scenarioFile(first);
    comparison = compare(readScenario(basename(first, ".yaml"), file, besides), seed, () => performance.now());
  }
  process.stdout.write(`${options.json ? jsonLines(comparison) : printedTable(comparison)}\n`);
  if (options.draw !== undefined) {
    writeFileSync(options.draw, drawnPage(comparison));
    process.stderr.write(`Ritat / drawn: ${options.draw}\n`);
  }
}

function argumentsOf(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { rules: text, seed: text, days: text, draw: text, json: { type: "boolean" } },
    });
    return { names: positionals, options: values };
  } catch (error) {
    throw misused(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value) || (name === "days" && Number(value) === 0))
    throw misused(`--${name} is "${value}", which is no number it can be.`);
  return Number(value);
}

/** A file that is there, else one of the city's scenarios by its name. */
function scenarioFile(name: string): TextFile {
  if (name.endsWith(".yaml") && existsSync(name)) return readText(name);
  if (known().includes(name)) return readText(join(folder, `${name}.yaml`));
  const mend = `Name a file, or one of: ${known().join(", ")}.`;
  throw new KontaktlotsError("SCENARIO_MISSING", `There is no scenario "${name}".`, mend, { name });
}

function known(): string[] {
  return readdirSync(folder)
    .flatMap((file) => (file.endsWith(".yaml") ? [basename(file, ".yaml")] : []))
    .sort();
}

function misused(what: string): KontaktlotsError {
  return new KontaktlotsError("COMMAND_INVALID", what, `Write: npm run simulate -- ${usage}`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const told = asKontaktlotsError(error);
  process.stderr.write(`${told.line}\n`);
  process.exitCode = 1;
}
