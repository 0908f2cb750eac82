import fc from "fast-check";
import t from "tap";
import type { Group, LadderStep, Level } from "../../../src/core/plan/plan.ts";
import { canBeServed, checkRouting, type RoutingProblem } from "../../../src/core/routing/check.ts";
import { problemText } from "../../../src/core/routing/check-text.ts";
import { ableOf, roadTo } from "../../../src/core/routing/ladder.ts";
import { callIn, createRouter, setAgent } from "../../../src/core/routing/router.ts";
import { arrivalRates } from "../../../src/core/routing/scarcity.ts";
import type { Ask, Competence } from "../../../src/core/routing/types.ts";

const any = { minLevel: 1, minLanguage: "basic", local: false, secondLine: false, neighbours: [] } as const;
type Steps = readonly [LadderStep, ...LadderStep[]];

function group(id: string, ladder: Steps = [{ ...any, afterMs: 0 }], more: Partial<Group> = {}): Group {
  return {
    id,
    name: { sv: `Grupp ${id}`, en: `Group ${id}` },
    board: "Nämnden",
    ringMs: 20_000,
    wrapUpMs: 0,
    answerTargetMs: 60_000,
    shortAbandonMs: 5_000,
    fcrTargetPercent: 70,
    placeEveryMs: 0,
    ladder,
    preferMs: 0,
    ...more,
  };
}

const agent = (id: string, groups: string, languages = "sv", line: 1 | 2 = 1, level: Level = 3) => ({
  id,
  competence: {
    skills: groups.split(" ").map((group) => ({ group, level, line })),
    languages: Object.fromEntries(languages.split(" ").map((language) => [language, "good" as const])),
    districts: [],
    site: "",
  } satisfies Competence,
});
const kinds = (problems: readonly RoutingProblem[]) => problems.map(({ kind }) => kind);
const helpedBy = (...neighbours: string[]): Steps => [
  { ...any, afterMs: 0 },
  { ...any, afterMs: 30_000, neighbours },
];

t.test("what is well has no problems: a step at which nobody new comes is fine", async (t) => {
  t.strictSame(checkRouting([group("a", helpedBy("b")), group("b")], [agent("anna", "a b", "sv en")], ["sv", "en"]), []);
});

t.test("each problem is found, with its names and what to do in two languages", async (t) => {
  const rule = {
    callIn: { waiting: 5, serviceLevelBelowPercent: 60 },
    sendBack: { waitingAtMost: 1, serviceLevelAbovePercent: 80 },
    windowMs: 60_000,
  };
  const groups = [
    group("a", helpedBy("b")),
    group("b", helpedBy("c"), { secondLine: rule }),
    group("c", helpedBy("a")),
    group("none"),
    group("experts", [{ ...any, afterMs: 0, minLevel: 5 }]),
    group("casework", undefined, { secondLine: rule }),
  ];
  const agents = [agent("anna", "a b", "sv so"), agent("bo", "c experts"), agent("cia", "casework", "sv so", 2)];
  const problems = checkRouting(groups, agents, ["sv", "so", "fi"]);
  t.match(problems, [
    { kind: "group-unserved", code: "GROUP_UNSERVED", group: { id: "none" } },
    { kind: "ladder-unreached", code: "LADDER_UNREACHED", group: { id: "experts" } },
    { kind: "ladder-unreached", code: "LADDER_UNREACHED", group: { id: "casework" } },
    { kind: "language-unspoken", code: "LANGUAGE_UNSPOKEN", language: "fi" },
    { kind: "circular-neighbours", groups: [{ id: "a" }, { id: "b" }, { id: "c" }] },
    { kind: "no-second-line", groups: [{ id: "b" }] },
  ]);
  t.strictSame(kinds(checkRouting(groups, [], ["sv"])), ["no-agents"]);
  const lines = problems.map((problem) => problemText(problem));
  for (const [index, line] of lines.entries()) {
    t.match(line.sv, /: |\. [A-ZÅÄÖ]/, `${problems[index]?.kind} says what to do`);
    t.not(line.sv, line.en);
  }
  const said = lines.map(({ sv, en }) => `${sv} / ${en}`).join("\n");
  t.match(said, /Grupp none.* \/ .*Group none/);
  t.match(said, /finska.* \/ .*Finnish/);
  t.match(said, /Grupp a → Grupp b → Grupp c → Grupp a/);
});

t.test("a language spoken elsewhere does not help a group: all groups without it are named in one line", async (t) => {
  const groups = [group("a", helpedBy("b")), group("b"), group("c")];
  const problems = checkRouting(groups, [agent("anna", "a"), agent("bo", "b"), agent("cia", "c", "sv so")], ["sv", "so"]);
  t.match(problems, [{ kind: "language-unspoken-in", groups: [{ id: "a" }, { id: "b" }], language: "so" }]);
  t.equal(problems.length, 1);
  const [line] = problems.map((problem) => problemText(problem));
  t.match(line?.sv, /^Ingen talar somaliska så bra som sista steget kräver i Grupp a, Grupp b, eller/);
  t.match(line?.en, /^Nobody speaks Somali as well as the last step asks in Group a, Group b, or/);
  const many = "abcdefg".split("").map((id) => group(id));
  const [cut] = checkRouting(many, [agent("anna", "a b c d e f g"), agent("bo", "x", "so")], ["so"]);
  t.match(cut && problemText(cut).en, /in Group a, Group b, Group c, Group d and 3 more, or/);
});

// ---- beside looking at everybody --------------------------------------------------------------------------------------------------

const ids = ["a", "b", "c"];
const languages = ["sv", "so"];
const districts = ["Bromma", "Farsta"];
const level = fc.integer({ min: 1, max: 5 }).map((level) => level as Level);
const languageLevel = fc.constantFrom("basic" as const, "good" as const, "native" as const);

/** Ladders that widen from step to step, as the loader demands. */
const ladder: fc.Arbitrary<Steps> = fc
  .array(
    fc.record({
      level,
      language: languageLevel,
      local: fc.boolean(),
      second: fc.boolean(),
      neighbours: fc.subarray(ids),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drawn) => {
    const ranks = ["basic", "good", "native"] as const;
    const steps: LadderStep[] = [];
    for (const [index, { level, language, local, second, neighbours }] of drawn.entries()) {
      const before = steps.at(-1);
      steps.push({
        afterMs: index * 10_000,
        minLevel: before && before.minLevel < level ? before.minLevel : level,
        minLanguage: before && ranks.indexOf(before.minLanguage) < ranks.indexOf(language) ? before.minLanguage : language,
        local: local && (before?.local ?? true),
        secondLine: second || (before?.secondLine ?? false),
        neighbours: [...new Set([...(before?.neighbours ?? []), ...neighbours])],
      });
    }
    return steps as unknown as Steps;
  });
const competence: fc.Arbitrary<Competence> = fc.record({
  skills: fc.uniqueArray(fc.record({ group: fc.constantFrom(...ids), level, line: fc.constantFrom(1 as const, 2 as const) }), {
    selector: ({ group }) => group,
    maxLength: 2,
  }),
  languages: fc.dictionary(fc.constantFrom(...languages), languageLevel),
  districts: fc.subarray(districts),
  site: fc.constant(""),
});
const ask: fc.Arbitrary<Ask> = fc
  .record({
    group: fc.constantFrom(...ids),
    languages: fc.subarray(languages, { minLength: 1 }),
    priority: fc.constant("normal" as const),
    district: fc.constantFrom(undefined, ...districts),
    preferred: fc.constantFrom(undefined, undefined, "p0"),
  })
  .map(({ district, preferred, ...rest }) => ({
    ...rest,
    ...(district ? { district } : {}),
    ...(preferred ? { preferred } : {}),
  }));

t.test("whether a call can be served is what looking at every agent on every step says", async (t) => {
  const seen = { yes: 0, no: 0 };
  fc.assert(
    fc.property(
      fc.tuple(ladder, ladder, ladder),
      fc.array(competence, { maxLength: 4 }),
      ask,
      fc.boolean(),
      (ladders, people, asked, calledIn) => {
        const groups = ids.map((id, index) => group(id, ladders[index]));
        const router = createRouter(groups, arrivalRates(0));
        for (const [index, competence] of people.entries()) setAgent(router, `p${index}`, competence);
        callIn(router, asked.group, calledIn);
        const rules = groups.find(({ id }) => id === asked.group) ?? group("");
        const expected = people.some((competence, index) =>
          rules.ladder.some((_, rung) => {
            return roadTo(asked, rung, rules, ableOf(`p${index}`, competence), calledIn) !== undefined;
          }),
        );
        seen[expected ? "yes" : "no"]++;
        return canBeServed(router, asked) === expected;
      },
    ),
    { numRuns: 10_000 },
  );
  t.ok(seen.yes > 1_000 && seen.no > 1_000, JSON.stringify(seen));
});

t.test("a group has a problem exactly when some caller of it would find nobody", async () => {
  fc.assert(
    fc.property(fc.tuple(ladder, ladder, ladder), fc.array(competence, { minLength: 1, maxLength: 4 }), (ladders, people) => {
      const groups = ids.map((id, index) => group(id, ladders[index]));
      const agents = people.map((competence, index) => ({ id: `p${index}`, competence }));
      const problems = checkRouting(groups, agents, languages);
      const router = createRouter(groups, arrivalRates(0));
      for (const { id, competence } of agents) setAgent(router, id, competence);
      return ids.every((id) =>
        languages.every((language) => {
          const told = problems.some(
            (problem) =>
              (problem.kind === "language-unspoken" && problem.language === language) ||
              (problem.kind === "language-unspoken-in" &&
                problem.language === language &&
                problem.groups.some((group) => group.id === id)) ||
              ((problem.kind === "group-unserved" || problem.kind === "ladder-unreached") && problem.group.id === id),
          );
          return told !== canBeServed(router, { group: id, languages: [language], priority: "normal" });
        }),
      );
    }),
    { numRuns: 2_000 },
  );
});
