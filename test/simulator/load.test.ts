import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import type { PlanProblem } from "../../src/plans/problem.ts";
import { readScenario, readText } from "../../src/simulator/load.ts";

const small = readFileSync(join(import.meta.dirname, "small.yaml"), "utf8");
const folder = new URL("../../dialplans/stockholm/scenarios/", import.meta.url).pathname;

function problemsOf(read: () => unknown): readonly PlanProblem[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof KontaktlotsError) || error.code !== "SCENARIO_INVALID") throw error;
    return error.details.problems as readonly PlanProblem[];
  }
}

function changed(from: string, to: string): string {
  if (!small.includes(from)) throw new Error(`The small scenario has no ${JSON.stringify(from)}.`);
  return small.replace(from, () => to);
}

const lineOf = (text: string, mark: string): number => text.slice(0, text.indexOf(mark)).split("\n").length;

/** One slip each: what is changed, at which text the problem is told, and words of the message. */
const slips: readonly (readonly [name: string, from: string, to: string, at: string, says: RegExp])[] = [
  [
    "a group that is missing",
    "bygglov: 2 }",
    "parker: 2 }",
    "parker: 2",
    /There is no group "parker".*Known are: aldre, bygglov/,
  ],
  ["a group misspelt", "bygglov: 2 }", "byglov: 2 }", "byglov: 2", /Did you mean "bygglov"/],
  ["a neighbour that is missing", "[bygglov] }", "[skatt] }", "[skatt]", /There is no group "skatt"/],
  ["a negative rate", "calls-per-day: 80", "calls-per-day: -80", "-80", /-80 does not fit here.*from 0 to/],
  ["a rate that is no number", "calls-per-day: 80", "calls-per-day: many", "many", /"many" does not fit here/],
  ["a talk of no time", "{ mean: 150, cv: 0.8 }", "{ mean: 0, cv: 0.8 }", "{ gamma: { mean: 0", /gamma.*above 0/],
  ["a distribution nobody knows", "{ exponential: 200 }", "{ weibull: 200 }", "{ weibull", /exponential.*or never/],
  [
    "a language that is not listed",
    "languages: { sv: 9, so: 1 }",
    "languages: { sv: 9, ar: 1 }",
    "ar: 1",
    /There is no language "ar"/,
  ],
  ["a district that is missing", "districts: [Farsta]\n", "districts: [Fasta]\n", "Fasta", /Did you mean "Farsta"/],
  ["a setting misspelt", "patience:", "patienc:", "patienc:", /Did you mean "patience"/],
  ["a step out of order", "after-seconds: 30", "after-seconds: 5", "after-seconds: 5", /no later than the one before/],
  [
    "a first step that begins late",
    "after-seconds: 0, level: 4",
    "after-seconds: 3, level: 4",
    "after-seconds: 3",
    /begins late/,
  ],
  ["weights that are too few", "[1, 2, 2, 2, 2, 2, 1, 1]", "[1, 2]", "[1, 2]", /2 weights stand here for 8 half hours/],
  ["a shift that ends before it begins", 'to: "12:15"', 'to: "07:00"', "shift: {", /07:00 is not after 07:45/],
  ["days that are none", "days: 2\n", "days: 0\n", "days: 0", /does not fit here/],
  ["no agents", small.slice(small.indexOf("agents:")), "agents: []\n", "agents: []", /list of agents/],
  ["a line that is no YAML", "days: 2\n", "days: 2: 3\n", "days: 2", /./],
];

for (const [name, from, to, at, says] of slips) {
  t.test(name, async (t) => {
    const text = changed(from, to);
    const [problem, ...others] = problemsOf(() => readScenario("small", { file: "small.yaml", text }));
    t.match(`${problem?.what} ${problem?.mend}`, says);
    t.equal(problem?.file, "small.yaml");
    t.equal(problem?.line, lineOf(text, at));
    t.ok((problem?.mend ?? "") !== "", "says what to do");
    t.equal(others.length, 0, "and nothing else");
  });
}

t.test("callers whom nobody can help are found before they wait for ever", async (t) => {
  const speechless = small.replaceAll("so: native", "sv: native").replaceAll(", so: good", "");
  const nobody = problemsOf(() =>
    readScenario("small", { file: "small.yaml", text: speechless.replace("sv: good, sv: native", "sv: native") }),
  );
  t.match(nobody[0]?.what, /No agent speaks so, which callers of "aldre" do/);
  const unserved = small
    .replace("aldre: 5, bygglov: 2", "aldre: 5")
    .replace("bygglov: 5, aldre: { level: 3, line: second }", "aldre: 3");
  const alone = problemsOf(() => readScenario("small", { file: "small.yaml", text: unserved }));
  t.match(alone[0]?.what, /Nobody answers the group "bygglov"/);
  t.equal(alone[0]?.line, lineOf(unserved, "bygglov:\n"));
  const short = small
    .replace(", neighbours: [bygglov] }", " }")
    .replace("after-seconds: 30, second-line: true", "after-seconds: 30, level: 4");
  const steep = problemsOf(() => readScenario("small", { file: "small.yaml", text: short }));
  t.match(steep[0]?.what, /The ladder of "aldre" never reaches anyone who speaks so/);
});

t.test("a draft changes rules and agents, and is told of in its own lines", async (t) => {
  const file = { file: "small.yaml", text: small };
  const draft = (text: string) => ({ file: "draft.yaml", text });
  const changedRules = draft("groups:\n  bygglov:\n    answer-target-seconds: 30\n");
  const scenario = readScenario("small", file, { draft: changedRules });
  t.equal(scenario.groups.find(({ id }) => id === "bygglov")?.rules.answerTargetMs, 30_000);
  t.equal(scenario.groups.find(({ id }) => id === "aldre")?.rules.answerTargetMs, 60_000);
  const [unknown] = problemsOf(() => readScenario("small", file, { draft: draft("groups:\n  skatt:\n    ring-seconds: 30\n") }));
  t.match(unknown, { file: "draft.yaml", line: 2, what: /no group "skatt"/ });
  const agents = "agents:\n  - team: alla\n    skills: { aldre: 5, parker: 3 }\n    languages: { sv: native }\n";
  const [wrong] = problemsOf(() => readScenario("small", file, { draft: draft(agents) }));
  t.match(wrong, { file: "draft.yaml", line: 3, what: /no group "parker"/ });
});

t.test("every scenario of the city is right", async (t) => {
  const find = (id: string) => readText(join(folder, `${id}.yaml`));
  for (const file of readdirSync(folder)) {
    const scenario = readScenario(basename(file, ".yaml"), readText(join(folder, file)), { find });
    t.ok(scenario.agents.length > 0 && scenario.groups.length > 0, file);
  }
  const centre = readScenario("full-centre", find("full-centre"), { find });
  t.same([centre.agents.length, centre.groups.length, centre.languages.length], [85, 16, 10]);
  t.equal(new Set(centre.agents.map(({ competence }) => competence.site)).size, 2);
  const crisis = readScenario("crisis", find("crisis"), { find });
  const busiest = 4000 * 1.05 * (18 / 112);
  t.ok(Math.abs((crisis.bursts[0]?.calls ?? 0) / (1.2 / 1.05) / busiest - 10) < 0.5, "ten times the busiest hour of the week");
});

t.test("a file that is not there", async (t) => {
  t.throws(() => readText("/nowhere/scenario.yaml"), { code: "SCENARIO_MISSING" });
});
