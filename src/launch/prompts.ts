import { fileURLToPath } from "node:url";
import { asKontaktlotsError, KontaktlotsError } from "../core/errors.ts";
import { loadPlanWithWarnings } from "../plans/load.ts";
import { problemLine } from "../plans/problem.ts";
import { readSettings } from "../settings/settings.ts";
import { provision } from "../telephony/asterisk/index.ts";
import { espeak, listRecordings, preparePrompts } from "../telephony/prompts/index.ts";
import { checkReport, languageTable } from "./prompt-tables.ts";
import { soundsDir } from "./system.ts";

/**
 * `npm run prompts -- check | list LANGUAGE | make`: what is said, in each language of the plan. Settings as for `npm start`.
 * check: what is missing; ends with 1 when a language that is offered, or has recordings begun, is not complete.
 * list: all texts of a language beside the Swedish ones, as a Markdown table for a native speaker to check.
 * make: every sound now, which `npm start` would otherwise do beside the calls.
 */

const root = fileURLToPath(new URL("../..", import.meta.url));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main([command, language, ...rest]: readonly string[]): Promise<void> {
  const settings = readSettings(process.env, root);
  const { planDir, cacheDir } = settings;
  const known = (command === "list") === (language !== undefined) && rest.length === 0;
  if (!known || !["check", "list", "make"].includes(command ?? "")) throw misused();
  const { plan, warnings } = await loadPlanWithWarnings(planDir);
  if (command === "list" && language !== undefined) {
    if (!plan.languages.includes(language)) throw misused(`The plan's languages are ${plan.languages.join(", ")}.`);
    return say(languageTable(plan, language));
  }
  const tools = await soundTools(settings);
  const voice = espeak(tools.espeakNg);
  const sounds = { recordings: await listRecordings(planDir), voices: await voice.languages() };
  if (command === "check") {
    for (const warning of warnings) say(problemLine(warning));
    const { lines, complete } = checkReport(plan, sounds);
    for (const line of lines) say(line);
    if (!complete) process.exitCode = 1;
    return;
  }
  const { spoken } = await preparePrompts(plan, planDir, soundsDir(settings), voice, { sox: tools.sox, cacheDir });
  say(`All sounds are made: ${spoken.join(", ")}.`);
}

/** What speaks is installed with Asterisk, unless another Asterisk is used. */
async function soundTools({ asterisk, cacheDir }: ReturnType<typeof readSettings>): Promise<{ espeakNg: string; sox: string }> {
  if (asterisk.remote) return { espeakNg: "espeak-ng", sox: "sox" };
  const told = (line: string): void => void process.stderr.write(`${line}\n`);
  return provision(told, [], { asterisk: asterisk.binary, cacheDir });
}

function misused(more = ""): KontaktlotsError {
  const what = "npm run prompts knows: check, list LANGUAGE, make.";
  return new KontaktlotsError("SETTING_INVALID", what, more || "Write npm run prompts -- check.");
}

main(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${asKontaktlotsError(thrown).line}\n`);
  process.exitCode = 1;
});
