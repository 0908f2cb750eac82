import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { openSqliteLog } from "../../src/store/sqlite/log.ts";
import { brommaEntries, brommaGroup, brommaWeeks } from "../stats/bromma.ts";

const main = new URL("../../src/simulator/main.ts", import.meta.url).pathname;
const simulate = (...args: readonly string[]) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });

t.test("Bromma 2008 comes out as the city measured it", async (t) => {
  const page = join(t.testdir(), "bromma.html");
  const { stdout, status } = simulate("bromma-2008", "--json", "--draw", page);
  t.equal(status, 0);
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const today = lines.find(({ policy, all }) => policy === "today" && all !== undefined)?.all as Record<string, number>;
  const share = (100 * (today["answered"] ?? 0)) / (today["offered"] ?? 1);
  t.ok(Math.abs((today["offered"] ?? 0) / 46_700 - 1) < 0.02, `${today["offered"]} calls in four months`);
  t.ok(Math.abs(share - 96.5) < 0.5, `${share} % answered`);
  const aldre = lines.find(({ policy, group }) => policy === "today" && group === "aldre") as Record<string, number>;
  const percents = brommaWeeks().map(({ percent }) => percent);
  const aldreShare = (100 * (aldre["answered"] ?? 0)) / (aldre["offered"] ?? 1);
  t.ok(aldreShare >= Math.min(...percents) && aldreShare <= Math.max(...percents), `elder care ${aldreShare} %, as in its weeks`);
  const drawn = readFileSync(page, "utf8");
  t.match(drawn, /^<!doctype html>/);
  t.match(drawn, "Äldre och funktionsnedsättning");
  t.match(drawn, "Elder and disability care");
  t.equal(drawn.match(/<svg/g)?.length, 3, "the day, the weeks, the waits");
  t.notMatch(drawn, /NaN|undefined|https?:/, "whole, and needs nothing else");
});

t.test("a table for people, in both languages", async (t) => {
  const { stdout } = simulate("full-centre", "--days", "6", "--seed", "4");
  t.match(stdout, /Fullt kontaktcenter \/ The full contact centre/);
  t.match(stdout, /Tillgänglighet %/);
  t.match(stdout, /Availability %/);
  t.match(stdout, /somaliska/);
  t.match(stdout, /Somali/);
  t.equal(
    simulate("full-centre", "--days", "6", "--seed", "4").stdout.replace(/[\d,]+ s$/gm, ""),
    stdout.replace(/[\d,]+ s$/gm, ""),
  );
});

t.test("ten times the busiest hour within five minutes: every caller is accounted for", async (t) => {
  const { stdout } = simulate("crisis", "--json");
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  for (const { all } of lines.filter((line) => line["all"] !== undefined)) {
    const { offered = 0, answered = 0, abandoned = 0, stranded = 0 } = all as Record<string, number>;
    t.ok(offered > 10_000, `${offered} calls`);
    t.equal(offered, answered + abandoned + stranded);
    t.equal(stranded, 0);
  }
});

t.test("a log on disk against a draft", async (t) => {
  const folder = t.testdir();
  const [file, draft] = [join(folder, "log.db"), join(folder, "draft.yaml")];
  const { log } = await openSqliteLog({ file });
  log.append(await brommaEntries());
  await log.close();
  const agents = `agents:\n  - team: aldre\n    count: 5\n    skills: { ${brommaGroup}: 5 }\n    languages: { sv: native }\n`;
  writeFileSync(draft, agents);
  const { stdout, stderr, status } = simulate("log", file, "--rules", draft, "--json");
  t.equal(status, 0, stderr);
  const { all, days } = JSON.parse(stdout.split("\n")[0] ?? "") as { all: Record<string, number>; days: number };
  t.equal(
    all["offered"],
    brommaWeeks().reduce((sum, { offered }) => sum + offered, 0),
  );
  t.equal(days, 54, "from Monday of the first week to Friday of the eighth");
});

t.test("what cannot be simulated is told with a code and what to do", async (t) => {
  for (const [args, says] of [
    [["nowhere"], /^SCENARIO_MISSING: There is no scenario "nowhere".*bromma-2008, crisis, full-centre/],
    [[], /^COMMAND_INVALID:.*npm run simulate/],
    [["bromma-2008", "--seed", "many"], /^COMMAND_INVALID: --seed is "many"/],
    [["bromma-2008", "--speed", "2"], /^COMMAND_INVALID/],
    [["log", "/nowhere.db"], /^COMMAND_INVALID: A log needs its file and --rules/],
    [["bromma-2008", "--rules", "/nowhere.yaml"], /^SCENARIO_MISSING/],
  ] as const) {
    const { stderr, status } = simulate(...args);
    t.equal(status, 1);
    t.match(stderr, says);
  }
});
