import { execFile } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { checkReport, languageTable } from "../../src/launch/prompt-tables.ts";
import { loadPlan } from "../../src/plans/load.ts";
import { tone, wav } from "../telephony/prompts/tones.ts";

const root = join(import.meta.dirname, "../..");
const stockholm = join(root, "dialplans/stockholm");
const plan = await loadPlan(stockholm);
const voices = new Set(["sv", "en", "fi", "ar", "fa", "es", "pl", "tr", "ku"]);

/** `npm run prompts -- ...` for a plan: its exit code and what it wrote. */
function prompts(planDir: string, stateDir: string, ...args: string[]) {
  const env = { ...process.env, PLAN: planDir, STATE_DIR: stateDir };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [join(root, "src/launch/prompts.ts"), ...args], { cwd: root, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

t.test("the check says what is missing in each language, and fails for one that callers expect", async (t) => {
  const fine = checkReport(plan, { recordings: [], voices });
  t.ok(fine.complete, "that nothing speaks Somali yet is no fault");
  t.match(fine.lines[0], /^sv \(Swedish\): complete, \d+ prompts, all by the voice$/);
  t.match(fine.lines[4], /^so \(Somali\): not offered, .* without a voice or a recording .*recordings\/so/);

  const begun = checkReport(plan, { recordings: [{ prompt: "goodbye", language: "so" }], voices });
  t.notOk(begun.complete, "a language of which some is recorded is to be completed");
  const silent = checkReport(plan, { recordings: [], voices: new Set(["en"]) });
  t.notOk(silent.complete, "the main language must be heard");

  const { "menu-start": menu = {}, ...others } = plan.prompts;
  const { fi: _, ...withoutFinnish } = menu;
  const lacking = checkReport({ ...plan, prompts: { ...others, "menu-start": withoutFinnish } }, { recordings: [], voices });
  t.notOk(lacking.complete);
  t.match(lacking.lines[2], /^fi \(Finnish\): not offered, .*1 without a text \(menu-start\)/);
});

t.test("the table holds every text beside the Swedish one", async (t) => {
  const lines = languageTable(plan, "pl").split("\n");
  t.equal(lines.filter((line) => line.startsWith("| ")).length, Object.keys(plan.prompts).length + 2);
  t.ok(lines.includes("| clock-14 | klockan fjorton | o czternastej |"));
  t.ok(lines.includes("| language-choice-3 | För svenska, tryck 3. | Po polsku, naciśnij 3. |"));
  t.match(languageTable({ ...plan, prompts: { a: { sv: "a | b" } } }, "pl"), /\| a \| a \\\| b \| \*\*missing\*\* \|/);
});

t.test("the commands", async (t) => {
  const dir = t.testdir();
  const state = join(dir, "state");
  const checked = await prompts(stockholm, state, "check");
  t.equal(checked.code, 0, checked.err);
  t.match(checked.out, /^ku \(Kurdish\): complete/m);

  const listed = await prompts(stockholm, state, "list", "ku");
  t.equal(listed.code, 0);
  t.match(listed.out, /^\| weekday-1 \| på måndag \| roja duşemê \|$/m);
  t.match(await prompts(stockholm, state, "list", "de"), { code: 1, err: /languages are sv, en/ });
  t.match(await prompts(stockholm, state, "sing"), { code: 1, err: /check, list LANGUAGE, make/ });

  const city = join(dir, "city");
  await cp(stockholm, city, { recursive: true });
  await mkdir(join(city, "recordings/so"), { recursive: true });
  await writeFile(join(city, "recordings/so/goodbye.wav"), wav(tone(440, 0.5)));
  t.match(await prompts(city, state, "check"), { code: 1, out: /so \(Somali\): not offered/ });
  await rm(join(city, "recordings"), { recursive: true });
  const finnish = join(city, "prompts/fi.yaml");
  await writeFile(finnish, (await readFile(finnish, "utf8")).replace(/^greeting: .*$/m, ""));
  t.match(await prompts(city, state, "check"), { code: 1, out: /fi\.yaml:1:1 prompts\.greeting\.fi: .*no text in fi/ });
});
