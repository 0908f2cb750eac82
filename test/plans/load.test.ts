import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import t from "tap";
import { plainLadder } from "../../src/core/routing/ladder.ts";
import { loadPlan, loadPlanWithWarnings, readPlan } from "../../src/plans/load.ts";
import { publishedSchema } from "../../src/plans/schema.ts";

const root = join(import.meta.dirname, "../..");
const small = await readFile(join(import.meta.dirname, "small.yaml"), "utf8");

t.test("a document becomes the core's plan", async (t) => {
  const { plan, warnings } = readPlan("plan.yaml", small);
  t.strictSame(warnings, []);
  t.match(plan, { id: "small", city: "Småstad", languages: ["sv", "en"], lastResort: "alla" });
  t.strictSame(plan.numbers, [
    {
      number: "+46846500400",
      aliases: [],
      name: { sv: "Staden", en: "The city" },
      greeting: "greeting",
      start: { to: "node", node: "start" },
      language: "sv",
    },
  ]);
  t.strictSame(plan.nodes.second, {
    kind: "menu",
    id: "second",
    label: { sv: "Andra", en: "Second" },
    prompt: "choices",
    keys: { "0": { to: "group", group: "alla" }, "1": { to: "group", group: "andra" }, "*": { to: "repeat" } },
    waitMs: 6_000,
    tries: 3,
    fallback: { to: "node", node: "start" },
  });
  t.strictSame(plan.groups.andra, {
    id: "andra",
    name: { sv: "Andra", en: "Others" },
    board: "Nämnden",
    ringMs: 20_000,
    wrapUpMs: 60_000,
    answerTargetMs: 60_000,
    shortAbandonMs: 5_000,
    fcrTargetPercent: 70,
    placeEveryMs: 45_000,
    ladder: plainLadder,
    preferMs: 0,
  });
});

t.test("a group may say otherwise than the defaults", async (t) => {
  const text = small.replace(
    "    board: Nämnden\n  andra",
    "    board: Nämnden\n    ring-seconds: 10\n    place-every-seconds: 0\n  andra",
  );
  const { plan } = readPlan("plan.yaml", text);
  t.match(plan.groups.alla, { ringMs: 10_000, wrapUpMs: 60_000, placeEveryMs: 0 });
  t.match(plan.groups.andra, { ringMs: 20_000, placeEveryMs: 45_000 });
});

/** The small plan with districts, and with routing among the defaults and in the group `andra`. */
const routed = (defaults: string, andra = "") =>
  small
    .replace("numbers:\n", "districts: [Bromma, Farsta]\nnumbers:\n")
    .replace("\ngroups:\n", `\n${defaults}groups:\n`)
    .replace("    board: Nämnden\nprompts", `    board: Nämnden\n${andra}prompts`);

t.test("a ladder only widens: what a step does not ask falls away, what was let in stays", async (t) => {
  const text = routed(
    "  prefer-seconds: 20\n  ladder:\n    - { local: true, level: 3, language: good }\n    - { after-seconds: 15, level: 2 }\n" +
      "    - { after-seconds: 45, second-line: true }\n    - { after-seconds: 90, neighbours: [andra] }\n",
    "    prefer-seconds: 0\n    second-line:\n      call-in: { waiting: 5, service-level-below-percent: 60 }\n" +
      "      send-back: { waiting-at-most: 1, service-level-above-percent: 80 }\n      window-minutes: 15\n",
  ).replace("1: { group: andra }", "1: { group: andra, priority: urgent, district: Bromma }");
  const { plan, warnings } = readPlan("plan.yaml", text);
  t.strictSame(warnings, []);
  t.strictSame(plan.districts, ["Bromma", "Farsta"]);
  t.strictSame(plan.nodes.second?.kind === "menu" && plan.nodes.second.keys["1"], {
    to: "group",
    group: "andra",
    priority: "urgent",
    district: "Bromma",
  });
  const any = { minLevel: 1, minLanguage: "basic", local: false, secondLine: false, neighbours: [] };
  const ladder = [
    { ...any, afterMs: 0, minLevel: 3, minLanguage: "good", local: true },
    { ...any, afterMs: 15_000, minLevel: 2 },
    { ...any, afterMs: 45_000, secondLine: true },
    { ...any, afterMs: 90_000, secondLine: true, neighbours: ["andra"] },
  ];
  t.match(plan.groups.alla, { preferMs: 20_000, ladder });
  t.notOk(plan.groups.alla?.secondLine);
  t.match(plan.groups.andra, { preferMs: 0, ladder: ladder.slice(0, 3) });
  t.equal(plan.groups.andra?.ladder.length, 3, "nobody is their own neighbour");
  t.strictSame(plan.groups.andra?.secondLine, {
    callIn: { waiting: 5, serviceLevelBelowPercent: 60 },
    sendBack: { waitingAtMost: 1, serviceLevelAbovePercent: 80 },
    windowMs: 900_000,
  });
});

t.test("hours by weekday, eve, holiday and date; who names them and who does not", async (t) => {
  const text = small
    .replace(
      "menus:",
      'hours:\n  kontor:\n    days: { mon-thu: ["13:00-16:30", "08:00-12:00"], fri: "22:00-24:00", sat: closed }\n' +
        '    eves: "08:00-12:00"\n    holidays: closed\n    exceptions: { 2026-12-23: "08:00-12:00", "2027-01-04": closed }\n' +
        "  dygnet-runt: always\nholidays: { country: SE }\nmenus:",
    )
    .replace("start: { menu: start }", "start: { menu: start }\n    hours: dygnet-runt")
    .replace("ring-seconds: 20", "ring-seconds: 20\n  hours: kontor")
    .replace("board: Nämnden\n  andra", "board: Nämnden\n    hours: dygnet-runt\n  andra");
  const { plan, warnings } = readPlan("plan.yaml", text, [], 2026);
  t.strictSame(warnings, []);
  const halves = [
    { from: 480, to: 720 },
    { from: 780, to: 990 },
  ];
  t.strictSame(plan.hours.kontor, {
    id: "kontor",
    week: { mon: halves, tue: halves, wed: halves, thu: halves, fri: [{ from: 1320, to: 1440 }], sat: [], sun: [] },
    eves: [{ from: 480, to: 720 }],
    holidays: [],
    exceptions: { "2026-12-23": [{ from: 480, to: 720 }], "2027-01-04": [] },
  });
  t.strictSame(
    [plan.numbers[0].hours, plan.groups.alla?.hours, plan.groups.andra?.hours],
    ["dygnet-runt", "dygnet-runt", "kontor"],
  );
  t.equal(plan.calendar.holidays["2026-12-24"]?.kind, "holiday");
});

t.test("a plan without hours has none, and no holidays", async (t) => {
  const { plan } = readPlan("plan.yaml", small);
  t.strictSame(plan.hours, {});
  t.strictSame(plan.calendar, { timezone: "Europe/Stockholm", holidays: {} });
  t.notOk("hours" in plan.numbers[0] || "hours" in (plan.groups.alla ?? {}));
});

t.test("neighbours in a circle, and a last step that is local, are warnings", async (t) => {
  const help = (group: string) => `    ladder: [{}, { after-seconds: 30, neighbours: [${group}] }]\n`;
  const circle = routed("", help("alla")).replace("    board: Nämnden\n  andra", `    board: Nämnden\n${help("andra")}  andra`);
  t.match(readPlan("plan.yaml", circle).warnings, [{ where: "groups.alla", what: /alla → andra → alla/ }]);
  t.match(readPlan("plan.yaml", routed("", help("alla"))).warnings, []);
  const local = routed("", "    ladder: [{ local: true }]\n");
  t.match(readPlan("plan.yaml", local).warnings, [{ where: "groups.andra.ladder.0", what: /last step is local/ }]);
});

t.test("the prompt place-n becomes place-2 to place-20", async (t) => {
  const { prompts } = readPlan("plan.yaml", small).plan;
  t.strictSame(prompts["place-2"], { sv: "Nummer 2.", en: "Number 2." });
  t.strictSame(prompts["place-20"], { sv: "Nummer 20.", en: "Number 20." });
  t.notOk("place-n" in prompts || "place-1" in prompts || "place-21" in prompts);
});

t.test("numbers and keys may stand without quotes, texts on several lines", async (t) => {
  const text = small.replace('"+46846500400"', "+46846500400").replace("sv: Hej.,", 'sv: "Hej,\n      hej.",');
  const { plan } = readPlan("plan.yaml", text);
  t.equal(plan.numbers[0].number, "+46846500400");
  t.equal(plan.prompts.greeting?.sv, "Hej, hej.");
});

t.test("a folder without a plan, and a file that is none", async (t) => {
  const folder = t.testdir();
  await t.rejects(loadPlan(folder), { code: "PLAN_MISSING", mend: /plan\.yaml/ });
  await t.rejects(loadPlan(join(folder, "gone")), { code: "PLAN_MISSING" });
  await writeFile(join(folder, "plan.yaml"), Buffer.from([0x69, 0xe5, 0xff]));
  await t.rejects(loadPlan(folder), { code: "PLAN_INVALID", message: /UTF-8/ });
  await writeFile(join(folder, "plan.yaml"), Buffer.alloc(3_000_000, "a"));
  await t.rejects(loadPlan(folder), { code: "PLAN_INVALID", message: /bytes/ });
  await mkdir(join(folder, "folder", "plan.yaml"), { recursive: true });
  await t.rejects(loadPlan(join(folder, "folder")), { code: "PLAN_MISSING" });
});

t.test("a recording that stands beside no text is a warning", async (t) => {
  const sound = (name: string) => ({ [name]: "" });
  const folder = t.testdir({
    "plan.yaml": small,
    recordings: { sv: { ...sound("greeting.wav"), ...sound("greting.wav"), ...sound("readme.txt") }, fi: sound("goodbye.ogg") },
  });
  const { warnings } = await loadPlanWithWarnings(folder);
  t.equal(warnings.length, 2);
  t.match(warnings[0], { file: /greting\.wav$/, mend: /mean "greeting"/ });
  t.match(warnings[1], { file: /goodbye\.ogg$/, what: /fi/ });
});

t.test("Bromma's plan has its one group", async (t) => {
  const { plan, warnings } = await loadPlanWithWarnings(join(root, "test/fixtures/plans/bromma"));
  t.strictSame(warnings, []);
  t.strictSame(Object.keys(plan.groups), ["aldre-funktion"]);
  t.equal(plan.groups["aldre-funktion"]?.name.sv, "Äldre och funktionsnedsättning");
});

t.test("the published schema is current", async (t) => {
  const published: unknown = JSON.parse(await readFile(join(root, "dialplans/plan.schema.json"), "utf8"));
  t.strictSame(published, JSON.parse(publishedSchema()), "if not: node src/plans/schema.ts > dialplans/plan.schema.json");
});

t.test("a survey is answered by key, or says otherwise", async (t) => {
  const survey = (by: string) => `${small.replace("group-defaults:", "group-defaults:\n  survey: asked")}
steps:
  surveys:
    asked: { label: { sv: Frågor, en: Questions }, ${by} questions: [choices] }`;
  const read = (by: string) => readPlan("plan.yaml", survey(by)).plan.nodes.asked;
  const asked = { kind: "survey", id: "asked", label: { sv: "Frågor", en: "Questions" }, questions: ["choices"], waitMs: 6_000 };
  t.strictSame(read(""), asked);
  t.strictSame(read("by: key,"), asked);
  t.strictSame(read("by: sms,"), { ...asked, by: "sms" });
  t.throws(() => read("by: letter,"), { code: "PLAN_INVALID", message: /key: answered by keys/ });
});
