import { readFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { KontaktlotsError } from "../../src/core/errors.ts";
import { readPlan } from "../../src/plans/load.ts";
import type { PlanProblem } from "../../src/plans/problem.ts";

const small = await readFile(join(import.meta.dirname, "small.yaml"), "utf8");

/** The small plan with some of its text changed; every `from` must stand in it. */
function changed(...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The small plan has no ${JSON.stringify(from)}.`);
    return text.replace(from, () => to);
  }, small);
}

function problemsOf(text: string): readonly PlanProblem[] {
  try {
    readPlan("plan.yaml", text);
    return [];
  } catch (error) {
    if (!(error instanceof KontaktlotsError) || error.code !== "PLAN_INVALID") throw error;
    return error.details.problems as readonly PlanProblem[];
  }
}

/** Where the marked text stands: `line:column`, counted from 1. */
function placeOf(text: string, mark: string): string {
  const before = text.slice(0, text.indexOf(mark)).split("\n");
  return `${before.length}:${(before.at(-1) ?? "").length + 1}`;
}

/** One slip each: what is changed, the text at whose place the problem is told, and words of the message. */
const slips: readonly (readonly [name: string, from: string, to: string, at: string, says: RegExp])[] = [
  [
    "a key that no telephone has",
    "1: { group: alla }",
    "12: { group: alla }",
    "12: {",
    /"12" does not belong here.*keys of a telephone/,
  ],
  ["a key with a zero before it", "1: { group: alla }", "01: { group: alla }", "01: {", /"01" does not belong here/],
  ["a key twice", "2: { menu: second }", "1: { menu: second }", "1: { menu: second }", /second time/],
  ["a key twice, once in quotes", "2: { menu: second }", '"1": { menu: second }', '"1": { menu', /second time/],
  ["a star without quotes", '"*": repeat', "*: repeat", "*: repeat", /The key \* stands without quotes/],
  ["a key that leads nowhere", "1: { group: alla }", "1:", "1:\n", /Nothing stands here.*repeat, back, end, \{ group/],
  ["a key that leads two ways", "1: { group: alla }", "1: { group: alla, menu: second }", "{ group: alla, menu", /does not fit/],
  ["a way misspelt", "1: { group: alla }", "1: { grupp: alla }", "{ grupp", /does not fit.*\{ group/],
  [
    "a group that is missing",
    "1: { group: alla }",
    "1: { group: skatt }",
    "skatt",
    /There is no group "skatt".*one of: alla, andra/,
  ],
  [
    "admission that is neither yes nor no",
    "start: { menu: start }",
    "start: { menu: start }\n    admission: never",
    "never",
    /true or false/,
  ],
  [
    "admission at a menu where no number starts",
    "tries: 3",
    "tries: 3\n    admission: false",
    "admission: false",
    /No number starts at the menu "second"/,
  ],
  ["a group misspelt", "1: { group: alla }", "1: { group: ala }", "ala }", /There is no group "ala".*mean "alla"/],
  ["a menu that is missing", "1: { group: alla }", "1: { menu: secnd }", "secnd", /There is no menu "secnd".*mean "second"/],
  ["a prompt that is missing", "prompt: choices", "prompt: nowhere", "nowhere", /There is no prompt "nowhere"/],
  ["a last resort that is missing", "last-resort: alla", "last-resort: ingen", "ingen", /There is no group "ingen"/],
  ["a greeting that is missing", "greeting: greeting", "greeting: hello", "hello", /There is no prompt "hello"/],
  [
    "a prompt without the main language",
    "{ sv: Hej., en: Hello. }",
    "{ en: Hello. }",
    "greeting: { en",
    /"greeting" has no text in sv/,
  ],
  [
    "a language the plan lacks",
    "{ sv: Hej., en: Hello. }",
    "{ sv: Hej., en: Hello., fi: Hei. }",
    "Hei.",
    /There is no language "fi"/,
  ],
  [
    "a key into a language the plan lacks",
    "2: { menu: second }",
    "2: { menu: second, language: fi }",
    "fi }",
    /There is no language "fi"/,
  ],
  ["a language of no people", "[sv, en]", "[sv, en, xx]", "xx]", /No language has the letters "xx"/],
  ["a text without words", "{ sv: Hej., en: Hello. }", "{ sv: '…', en: Hello. }", "'…'", /no words/],
  ["a text with a control character", "{ sv: Hej., en: Hello. }", '{ sv: "Hej\\e.", en: Hello. }', '"Hej', /control character/],
  ["a text without end", "{ sv: Hej., en: Hello. }", `{ sv: ${"hej ".repeat(300)}, en: Hello. }`, "hej hej", /keep to 1000/],
  ["a place that is not said", '"Nummer {n}."', "Nummer.", "Nummer.", /does not say the number/],
  [
    "a place said elsewhere",
    "{ sv: Hej., en: Hello. }",
    '{ sv: "Hej {n}.", en: Hello. }',
    '"Hej {n}',
    /\{n\} has no meaning here/,
  ],
  ["a number with spaces", "+46846500400", "+46 8 465 004 00", '"+46', /without spaces, as \+46846500400/],
  ["a number in national form", "+46846500400", "0846500400", '"0846', /with \+ and country code/],
  [
    "a number that is its own alias",
    "name: { sv: Staden",
    'aliases: ["+46846500400"]\n    name: { sv: Staden',
    '"+46846500400"]',
    /stands already at numbers.0.number/,
  ],
  ["a ring time out of range", "ring-seconds: 20", "ring-seconds: 200", "200", /from 5 to 120/],
  ["a ring time with a unit", "ring-seconds: 20", "ring-seconds: 20 s", "20 s", /"20 s" does not fit.*whole number of seconds/],
  ["a setting misspelt", "tries", "trie", "trie", /"trie" is not known here.*mean "tries"/],
  ["a setting left out", "    otherwise: { menu: start }\n", "", "second:\n", /"otherwise" is missing.*\{ group/],
  ["a group without a board", "    board: Nämnden\n  andra", "  andra", "alla:\n", /"board" is missing/],
  [
    "a group's id in Swedish letters",
    "  andra:\n",
    "  andra:\n    board: x\n    name: { sv: a, en: b }\n  åter:\n",
    "åter",
    /"åter" does not belong.*small letters/,
  ],
  ["a time zone of nowhere", "Europe/Stockholm", "Europe/Bromma", "Europe/Bromma", /no time zone/],
  ["a menu that nothing leads to", "      2: { menu: second }\n", "", "second:\n", /Nothing leads to the menu "second"/],
  [
    "a menu that leads nowhere",
    "      1: { group: andra }\n      0: { group: alla }\n",
    "",
    'keys:\n      "*"',
    /"second" is a dead end/,
  ],
  [
    "silence that goes in circles",
    "otherwise: { group: alla }",
    "otherwise: { menu: second }",
    "{ menu: second }\n  second",
    /start → second → start/,
  ],
  [
    "silence that stays",
    "otherwise: { group: alla }",
    "otherwise: { menu: start }",
    "{ menu: start }\n  second",
    /start → start/,
  ],
  [
    "silence that repeats for ever",
    "otherwise: { group: alla }",
    "otherwise: repeat",
    "repeat\n  second",
    /"repeat" does not fit/,
  ],
  [
    "a colon in a text",
    "greeting: { sv: Hej., en: Hello. }",
    "greeting:\n    sv: Hej: hej\n    en: Hello.",
    "Hej: hej",
    /colon.*quotes/,
  ],
  ["a tab", "  wrap-up", "\twrap-up", "\twrap-up", /tab/],
  [
    "a step before its time",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ after-seconds: 5 }]\nprompts",
    "5 }",
    /For the first 5 seconds nobody.*begin at 0/,
  ],
  [
    "a step without its time",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{}, { local: false }]\nprompts",
    "{ local: false",
    /does not say when it begins.*more than 0/,
  ],
  [
    "steps in the wrong order",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{}, { after-seconds: 20 }, { after-seconds: 20, level: 1 }]\nprompts",
    "20, level",
    /at 20 seconds.*more than 20/,
  ],
  [
    "a step that asks a higher level",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ level: 2 }, { after-seconds: 9, level: 3 }]\nprompts",
    "3 }]",
    /fewer agents.*at most 2/,
  ],
  [
    "a step that asks a better language",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ level: 2 }, { after-seconds: 9, language: good }]\nprompts",
    "good }]",
    /fewer agents.*Write basic/,
  ],
  [
    "a step that is local again",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ local: false }, { after-seconds: 9, local: true }, { after-seconds: 10 }]\nprompts",
    "true }",
    /fewer agents.*local/,
  ],
  [
    "a second line that is left out again",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ second-line: true }, { after-seconds: 9 }, { after-seconds: 10, second-line: false }]\nprompts",
    "false }]",
    /once let in, stays/,
  ],
  [
    "a neighbour that is missing",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ neighbours: [ala] }]\nprompts",
    "ala] }",
    /no group "ala".*mean "alla"/,
  ],
  [
    "a neighbour that is itself",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ neighbours: [andra] }]\nprompts",
    "andra] }",
    /its own neighbour/,
  ],
  [
    "yes for true",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ local: yes }]\nprompts",
    "yes }",
    /"yes" does not fit.*true or false/,
  ],
  [
    "a language level of nobody",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    ladder: [{ language: fluent }]\nprompts",
    "fluent",
    /"fluent" does not fit.*basic, good, native/,
  ],
  [
    "a second line sent back while it is called in",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    second-line:\n      call-in: { waiting: 5, service-level-below-percent: 60 }\n      send-back: { waiting-at-most: 5, service-level-above-percent: 80 }\n      window-minutes: 15\nprompts",
    "5, service-level-above",
    /while as many wait.*less than 5/,
  ],
  [
    "a second line sent back at a level that calls it in",
    "    board: Nämnden\nprompts",
    "    board: Nämnden\n    second-line:\n      call-in: { waiting: 5, service-level-below-percent: 60 }\n      send-back: { waiting-at-most: 1, service-level-above-percent: 60 }\n      window-minutes: 15\nprompts",
    "60 }\n      window",
    /at a service level that calls it in.*more than 60/,
  ],
  [
    "a district that is missing",
    "1: { group: andra }",
    "1: { group: andra, district: Bromma }",
    "Bromma }",
    /There is no district "Bromma".*Add it under districts/,
  ],
  [
    "a priority of nobody",
    "1: { group: andra }",
    "1: { group: andra, priority: high }",
    "{ group: andra, priority",
    /does not fit.*priority: urgent/,
  ],
  ["a reference to nothing", "city: Småstad", "city: *stad", "id: small", /quotes/],
];

for (const [name, from, to, at, says] of slips) {
  t.test(name, async (t) => {
    const text = changed([from, to]);
    const problems = problemsOf(text);
    t.equal(problems.length, 1, problems.map((problem) => problem.what).join("\n"));
    const [problem] = problems;
    t.match(`${problem?.what} ${problem?.mend}`, says);
    t.equal(problem?.file, "plan.yaml");
    t.equal(`${problem?.line}:${problem?.column}`, placeOf(text, at));
  });
}

/** Opening hours, several of them wrong in one way each. */
const hours = `hours:
  kontor:
    days:
      mon-thu: "08:00-16:30"
      fri: ["08:00-12:00", "13:00-15:00"]
    eves: "08:00-12:00"
    holidays: closed
    exceptions:
      "2026-12-23": "08:00-12:00"
      "2027-01-04": closed
  dygnet-runt: always
holidays:
  country: SE
  closed-eves: [julafton]
  short-eves: [nyårsafton]
menus:`;

const hoursSlips: readonly (readonly [name: string, from: string, to: string, at: string, says: RegExp])[] = [
  [
    "an hour of no day",
    '"08:00-16:30"',
    '"08:00-25:00"',
    '"08:00-25',
    /"08:00-25:00" does not fit.*08:00-16:30, at most to 24:00/,
  ],
  ["an hour without its zero", '"08:00-16:30"', '"8-16"', '"8-16', /"8-16" does not fit.*closed, hours as 08:00-16:30/],
  [
    "an hour of no day, in a list",
    '"13:00-15:00"]',
    '"13:00-15:60"]',
    '"13:00-15:60',
    /"13:00-15:60" does not fit.*as 08:00-16:30/,
  ],
  [
    "an end before its beginning",
    '"08:00-16:30"',
    '"22:00-06:00"',
    '"22:00',
    /ends before.*22:00-24:00, and 00:00-06:00 the day after/,
  ],
  ["an end at its beginning", '"08:00-16:30"', '"08:00-08:00"', '"08:00-08', /no time at all.*00:00-24:00/],
  ["hours that overlap", '"13:00-15:00"]', '"11:30-15:00"]', '"11:30', /11:30-15:00 overlaps 08:00-12:00/],
  ["hours that overlap, in the wrong order", '"13:00-15:00"]', '"07:00-09:00"]', '"07:00', /07:00-09:00 overlaps 08:00-12:00/],
  ["eves that end before they begin", 'eves: "08:00-12:00"', 'eves: "12:00-08:00"', '"12:00-08', /12:00-08:00 ends before/],
  ["a day of another language", "      fri:", "      lör:", "lör:", /"lör" does not belong here.*mon or mon-fri \(mon tue wed/],
  ["days with a day of another language", "      fri:", "      fri-sön:", "fri-sön:", /"fri-sön" does not belong here/],
  ["days that go backwards", "      fri:", "      sat-fri:", "sat-fri:", /sat-fri go backwards.*sat and fri in two/],
  ["a day twice", "      fri:", "      thu-fri:", "thu-fri:", /thu stands already in mon-thu/],
  ["a date of no year", '"2027-01-04"', '"2027-02-29"', '"2027-02', /There is no day 2027-02-29/],
  ["a date in another form", '"2027-01-04"', '"4/1 2027"', '"4/1', /"4\/1 2027" does not belong.*as 2026-12-23/],
  [
    "an exception that ends before it begins",
    '"2026-12-23": "08:00',
    '"2026-12-23": "13:00',
    '"13:00-12',
    /13:00-12:00 ends before/,
  ],
  ["holidays that are not said", "    holidays: closed\n", "", "kontor:", /"holidays" is missing.*closed, hours as/],
  [
    "days that are not said",
    '    days:\n      mon-thu: "08:00-16:30"\n      fri: ["08:00-12:00", "13:00-15:00"]\n',
    "",
    "kontor:",
    /"days" is missing/,
  ],
  ["a part misspelt", "    eves:", "    eve:", "eve:", /"eve" is not known here.*mean "eves"/],
  ["always misspelt", "dygnet-runt: always", "dygnet-runt: allways", "allways", /"allways" does not fit.*always, or \{ days/],
  ["a country whose holidays nobody knows", "country: SE", "country: NO", "NO\n", /"NO" does not fit.*SE/],
  [
    "an eve that is none",
    "[nyårsafton]",
    "[midsomarafton]",
    "midsom",
    /"midsomarafton" does not fit.*trettondagsafton, skärtorsdagen/,
  ],
  ["an eve both closed and short", "[nyårsafton]", "[julafton]", "julafton]\nmenus", /julafton stands also among closed-eves/],
  [
    "a number with unknown hours",
    "start: { menu: start }",
    "start: { menu: start }\n    hours: kontr",
    "kontr\n",
    /are no opening hours "kontr".*mean "kontor"/,
  ],
  [
    "a group with unknown hours",
    "board: Nämnden\n  andra",
    "board: Nämnden\n    hours: natt\n  andra",
    "natt\n",
    /no opening hours "natt".*one of: kontor, dygnet-runt/,
  ],
  ["defaults with unknown hours", "ring-seconds: 20", "ring-seconds: 20\n  hours: natt", "natt\n", /no opening hours "natt"/],
];

for (const [name, from, to, at, says] of hoursSlips) {
  t.test(name, async (t) => {
    const text = changed(["menus:", hours], [from, to]);
    const problems = problemsOf(text);
    t.equal(problems.length, 1, problems.map((problem) => problem.what).join("\n"));
    const [problem] = problems;
    t.match(`${problem?.what} ${problem?.mend}`, says);
    t.equal(`${problem?.line}:${problem?.column}`, placeOf(text, at));
  });
}

t.test("hours in a plan that has none are missing", async (t) => {
  const problems = problemsOf(changed(["ring-seconds: 20", "ring-seconds: 20\n  hours: kontor"]));
  t.match(problems, [{ where: "group-defaults.hours", what: /no opening hours "kontor"/, mend: "Add it under hours." }]);
});

t.test("several slips in the hours are all told", async (t) => {
  const text = changed(["menus:", hours], ['"08:00-16:30"', '"08:00-25:00"'], ["      fri:", "      lör:"], ["eves:", "eve:"]);
  t.equal(problemsOf(text).length, 3);
});

t.test("all problems are told at once, from the top of the file down", async (t) => {
  const text = changed(
    ["Europe/Stockholm", "Europe/Bromma"],
    ["1: { group: alla }", "1: { group: ala }"],
    ["ring-seconds: 20", "ring-seconds: 200"],
    ["    board: Nämnden\n  andra", "    boar: Nämnden\n  andra"],
    ["{ sv: Hej., en: Hello. }", "{ en: Hello. }"],
  );
  try {
    readPlan("dialplans/small/plan.yaml", text);
    t.fail("the plan should be refused");
  } catch (error) {
    t.ok(error instanceof KontaktlotsError);
    const { code, message, mend } = error as KontaktlotsError;
    t.equal(code, "PLAN_INVALID");
    t.ok(mend);
    const told = [...message.matchAll(/dialplans\/small\/plan\.yaml:(\d+):\d+/g)].map(([, line]) => Number(line));
    t.equal(told.length, 6);
    t.strictSame(
      told,
      [...told].sort((a, b) => a - b),
    );
  }
});

t.test("a main language the system does not speak must have all its texts in the plan; any other is not offered", async (t) => {
  const problems = problemsOf(changed(["[sv, en]", "[de, sv, en]"]));
  t.match(problems[0], { what: /prompts that every plan says have no text in de/, mend: /languages\/de\.yaml/ });
  t.match(problems[1], { where: "prompts.greeting.de" });
  const { plan, warnings } = readPlan("plan.yaml", changed(["[sv, en]", "[sv, en, de]"]));
  t.strictSame(plan.spoken, ["sv", "en"]);
  t.match(warnings[0], { where: "languages.2", mend: /de is not offered/ });
});

t.test("however many there are", async (t) => {
  const text = small.replaceAll(/-seconds: \d+/g, "-seconds: soon").replaceAll("en: ", "eng: ");
  const wrong = text.match(/: soon|eng: /g)?.length ?? 0;
  const prompts = text.slice(text.indexOf("prompts:")).match(/eng: /g)?.length ?? 0;
  // Each name lacks its English, and has something unknown in its place; a prompt without English is only not said in English.
  t.equal(problemsOf(text).length, 5 + 2 * (wrong - 5) - prompts);
});

t.test("of what stands twice, the last is looked at, for that is the one YAML keeps", async (t) => {
  const text = changed(["city: Småstad", "city: { a: b }\ncity: { a: b }"]);
  const problems = problemsOf(text);
  t.strictSame(
    problems.map((problem) => problem.line),
    [3, 3],
  );
});

t.test("what is no plan at all is refused with one line", async (t) => {
  for (const text of ["", "hej", "- 1", "{", "&", "\u0000", "a: b: c", "---\n---\n"]) {
    const problems = problemsOf(text);
    t.equal(problems.length, 1, JSON.stringify(text));
    t.match(problems[0], { line: Number, column: Number, what: /./, mend: /./ });
  }
});

/** Rows of officers' own numbers. */
const row = (first: string, last: string, step: string) =>
  `direct-numbers: [{ first: "${first}", last: "${last}", step: ${step} }]\n`;
const steps = `steps:
  extensions: { ext: { label: { sv: x, en: x }, digits: 4, otherwise: { group: alla } } }
  messages: { hint: { label: { sv: x, en: x }, says: [greeting], next: { group: alla } } }
`;
const rows: readonly (readonly [name: string, text: string, at: string, says: RegExp])[] = [
  [
    "a row that runs backwards",
    row("+46850813000", "+46850812000", "ext"),
    '"+46850812000"',
    /does not come after \+46850813000/,
  ],
  ["a row whose ends differ in length", row("+46850812000", "+468508129999", "ext"), '"+468508129999"', /as long as the first/],
  [
    "a row at a step that knows no extensions",
    row("+46850812000", "+46850812999", "hint"),
    "hint }]",
    /no step under extensions/,
  ],
  ["a row at a step that is missing", row("+46850812000", "+46850812999", "exd"), "exd }]", /There is no step "exd".*mean "ext"/],
  ["a row without a plus", row("0850812000", "+46850812999", "ext"), '"0850812000"', /with \+ and country code/],
];

for (const [name, direct, at, says] of rows) {
  t.test(`${name} is refused`, async (t) => {
    const reached = ["1: { group: alla }", "1: { group: alla }\n      3: { step: hint }\n      4: { step: ext }"] as const;
    const text = changed(reached, ["group-defaults:", `${steps}${direct}group-defaults:`]);
    t.strictSame(
      problemsOf(text.replace(direct, row("+46850812000", "+46850812999", "ext"))),
      [],
      "with the row mended all is well",
    );
    const problems = problemsOf(text);
    t.equal(problems.length, 1, JSON.stringify(problems));
    t.match(`${problems[0]?.what} ${problems[0]?.mend}`, says);
    t.equal(`${problems[0]?.line}:${problems[0]?.column}`, placeOf(text, at));
  });
}

t.test("a number that may not be rung is a warning, with whose it is; those that only take calls may be", async (t) => {
  const dials = `steps:
  dials:
    jour: { label: { sv: x, en: x }, numbers: ["+46701740650", "+4620123456", "+469001234567"], otherwise: { group: alla } }
    lista: { label: { sv: x, en: x }, on-duty: natt, otherwise: { group: alla } }
on-duty: { natt: { name: { sv: Natt, en: Night }, numbers: ["+4520123456", "+46112112"] } }
interpreters: { so: "+46771567567", ar: "+12025550100" }
districts: [Bromma]
district-numbers: { Bromma: "+46944123456" }
`;
  const reached = ["1: { group: alla }", "1: { group: alla }\n      3: { step: jour }\n      4: { step: lista }"] as const;
  const told = (more: string) => {
    const { warnings } = readPlan("plan.yaml", changed(reached, ["group-defaults:", `${dials}${more}group-defaults:`]));
    return warnings.map(({ where, what }) => `${where}: ${what.split(",")[0]}`);
  };
  const always = [
    'steps.dials.jour.numbers.2: The step "jour" rings +469001234567',
    'on-duty.natt.numbers.1: The list "natt" rings +46112112',
    "interpreters.ar: The interpreter of ar rings +12025550100",
    "district-numbers.Bromma: The district Bromma rings +46944123456",
  ];
  t.strictSame(told(""), [always[0], 'on-duty.natt.numbers.0: The list "natt" rings +4520123456', ...always.slice(1)]);
  const nordic = "callbacks: { attempts: 1, retry-minutes: 1, ring-seconds: 30, nordic-mobiles: true }\n";
  t.strictSame(told(nordic), always, "a Danish mobile, when the city says so");
});

const warnings: readonly (readonly [name: string, edits: readonly (readonly [string, string])[], at: string, says: RegExp])[] = [
  [
    "eight keys",
    [["      1: { group: alla }\n", [1, 3, 4, 5, 6, 7, 8].map((key) => `      ${key}: { group: alla }\n`).join("")]],
    "keys:",
    /"start" has 8 keys/,
  ],
  ["no way to a person", [["      0: { group: alla }\n", ""]], "keys:", /no key 0/],
  ["no way to hear it again", [['      "*": repeat\n', ""]], "keys:", /No key of the menu "start" says it again/],
  [
    "a key lost in a comment",
    [["      1: { group: alla }", "      1: { group: alla }\n      #: repeat"]],
    "#: repeat",
    /comment.*"#":/,
  ],
  ["a group nobody reaches", [["1: { group: andra }", "1: { group: alla }"]], "andra:", /No key leads to the group "andra"/],
  ["hours without holidays", [["menus:", "hours: { natt: always }\nmenus:"]], "hours:", /which days are holidays.*country: SE/],
  [
    "a prompt nobody says",
    [["  greeting: {", "  hint: { sv: Tips., en: Hint. }\n  greeting: {"]],
    "hint:",
    /says the prompt "hint"/,
  ],
];

for (const [name, edits, at, says] of warnings) {
  t.test(`${name} is a warning`, async (t) => {
    const text = changed(...edits);
    const { warnings } = readPlan("plan.yaml", text);
    t.equal(warnings.length, 1);
    t.match(`${warnings[0]?.what} ${warnings[0]?.mend}`, says);
    t.equal(`${warnings[0]?.line}:${warnings[0]?.column}`, placeOf(text, at));
  });
}

t.test("a fourth level is a warning", async (t) => {
  const menu = (id: string, next: string) =>
    `  ${id}:\n    label: { sv: x, en: x }\n    prompt: choices\n    keys:\n      1: { menu: ${next} }\n      0: { group: andra }\n      "*": repeat\n    otherwise: { group: alla }\n`;
  const text = changed(
    ["1: { group: andra }", "1: { menu: third }"],
    ["group-defaults:", `${menu("third", "fourth")}${menu("fourth", "start")}group-defaults:`],
  );
  const { warnings } = readPlan("plan.yaml", text);
  t.equal(warnings.length, 1);
  t.match(warnings[0], { where: "menus.fourth", what: /4 levels down/ });
});
