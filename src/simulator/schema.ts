import Type, { type Static } from "typebox";
import { routingSettings } from "../plans/schema-routing.ts";

/**
 * What a scenario file holds, as people write it. Each `description` says what belongs in its place: the loader puts it into its
 * messages. Times are in seconds or minutes, as the names say; defaults are filled in by `build.ts`.
 */

const id = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
const closed = { additionalProperties: false } as const;
const record = <T extends Type.TSchema>(pattern: string, value: T, description: string) =>
  Type.Record(Type.String({ pattern, maxLength: 40 }), value, { ...closed, description });
const reference = (what: string) => Type.String({ pattern: id, maxLength: 40, description: `the id of ${what}` });
const language = Type.String({ pattern: "^[a-z]{2}$", description: "the two letters of a language, as sv or en (ISO 639-1)" });
const line = (description: string) => Type.String({ minLength: 1, maxLength: 600, description });
const text = (what: string) =>
  Type.Object(
    { sv: line("the text in Swedish"), en: line("the text in English") },
    { ...closed, description: `${what}: { sv: …, en: … }` },
  );
const number = (minimum: number, maximum: number, what: string) =>
  Type.Number({ minimum, maximum, description: `a number from ${minimum} to ${maximum}: ${what}` });
const percent = (what: string) => number(0, 100, `percent, ${what}`);
const whole = (minimum: number, maximum: number, what: string) =>
  Type.Integer({ minimum, maximum, description: `a whole number from ${minimum} to ${maximum}: ${what}` });
const clock = (what: string) =>
  Type.String({ pattern: "^([01]\\d|2[0-4]):[0-5]\\d$", description: `a time of the day in quotes, as "08:30": ${what}` });
const day = (what: string) => Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$", description: `a day, as 2008-01-31: ${what}` });

const seconds = Type.Number({ exclusiveMinimum: 0, maximum: 86_400, description: "a number of seconds above 0" });
const spread = Type.Object(
  {
    mean: seconds,
    cv: Type.Number({ minimum: 0.01, maximum: 20, description: "standard deviation divided by mean, from 0.01 to 20" }),
  },
  { ...closed, description: "{ mean: SECONDS, cv: standard deviation / mean }" },
);
const simple = [
  Type.Object({ fixed: Type.Number({ minimum: 0, maximum: 86_400 }) }, closed),
  Type.Object({ exponential: seconds }, closed),
  Type.Object({ lognormal: spread }, closed),
  Type.Object({ gamma: spread }, closed),
] as const;
const part = Type.Object(
  { share: Type.Number({ exclusiveMinimum: 0 }), of: Type.Union([...simple]) },
  { ...closed, description: "{ share: …, of: { exponential: … } }" },
);
const distributionForms =
  "{ fixed: s }, { exponential: s }, { lognormal: { mean: s, cv: … } }, { gamma: { mean: s, cv: … } } or { mixture: [{ share: …, of: … }] }, in seconds above 0";
const distribution = Type.Union([...simple, Type.Object({ mixture: Type.Array(part, { minItems: 1 }) }, closed)], {
  description: distributionForms,
});
const patience = Type.Union(
  [Type.Literal("never"), ...simple, Type.Object({ mixture: Type.Array(part, { minItems: 1 }) }, closed)],
  {
    description: `${distributionForms}; or never, when nobody gives up`,
  },
);

const level = whole(1, 5, "how well: 5 knows the subject best");
const languageLevel = Type.Union([Type.Literal("native"), Type.Literal("good"), Type.Literal("basic")], {
  description: "native, good or basic",
});
const rules = {
  "answer-target-seconds": Type.Optional(number(1, 3600, "T of the service level; 60 if left out")),
  "short-abandon-seconds": Type.Optional(number(0, 60, "whoever gives up sooner is not counted as lost; 5 if left out")),
  "ring-seconds": Type.Optional(number(1, 120, "how long one agent's phone rings; 20 if left out")),
  ...routingSettings,
};
const callers = {
  talk: Type.Optional(distribution),
  "wrap-up": Type.Optional(distribution),
  patience: Type.Optional(patience),
  languages: Type.Optional(
    record("^[a-z]{2}$", number(0, 1_000_000, "the share of callers"), "shares of languages: { sv: 90, so: 1 }"),
  ),
  "district-known-percent": Type.Optional(percent("of whom the district is known; 0 if left out")),
  "urgent-percent": Type.Optional(percent("of calls; 0 if left out")),
  "returning-percent": Type.Optional(percent("of callers, who ask for the agent they spoke with last; 0 if left out")),
  weekdays: Type.Optional(
    Type.Array(number(0, 100, "1 is an average day"), {
      minItems: 7,
      maxItems: 7,
      description: "seven numbers, Monday first; 1 is an average day",
    }),
  ),
};
const group = Type.Object(
  {
    name: text("what the group is called"),
    "calls-per-day": number(0, 10_000_000, "calls of an open day"),
    ...rules,
    ...callers,
  },
  { ...closed, description: "an answer group" },
);
const skill = Type.Union(
  [level, Type.Object({ level, line: Type.Union([Type.Literal("first"), Type.Literal("second")]) }, closed)],
  { description: "a level from 1 to 5, or { level: 3, line: second }" },
);
const pause = Type.Object(
  {
    at: clock("when the first of the team goes"),
    until: Type.Optional(clock("when the last of the team goes; the others in between")),
    minutes: number(1, 480, "how long"),
  },
  { ...closed, description: '{ at: "11:00", until: "13:00", minutes: 45 }' },
);
const team = Type.Object(
  {
    team: reference("the team, for the table"),
    count: Type.Optional(whole(1, 10_000, "how many such agents; 1 if left out")),
    site: Type.Optional(line("where they sit")),
    skills: record(id, skill, "groups they answer, each with a level: { aldre: 5, forskola: { level: 3, line: second } }"),
    languages: record("^[a-z]{2}$", languageLevel, "languages they speak: { sv: native, so: good }"),
    districts: Type.Optional(Type.Array(line("a district"), { description: "districts they know" })),
    shift: Type.Optional(
      Type.Object(
        { from: clock("when they come"), to: clock("when they go") },
        { ...closed, description: '{ from: "08:00", to: "16:30" }' },
      ),
    ),
    breaks: Type.Optional(Type.Array(pause, { description: "a list of breaks" })),
  },
  { ...closed, description: "agents that bring the same" },
);
const agents = Type.Array(team, { minItems: 1, description: "a list of agents, equal ones together" });
const groups = record(id, group, "answer groups under their ids");
const burst = Type.Object(
  {
    day: day("when"),
    at: clock("when it begins"),
    minutes: number(0.1, 1440, "how long it lasts"),
    "times-busiest-hour": number(0, 1000, "calls within that time, as a multiple of those of the busiest hour"),
  },
  { ...closed, description: "very many calls at once" },
);

const weekday = Type.Union(
  (["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const).map((name) => Type.Literal(name)),
  { description: "mon, tue, wed, thu, fri, sat or sun" },
);

export const scenarioSchema = Type.Object(
  {
    name: text("what the scenario is called"),
    about: text("what its figures rest on"),
    "first-day": day("the first of the simulated days"),
    days: whole(1, 3660, "how many days, closed ones included"),
    open: Type.Object(
      {
        days: Type.Array(weekday, { minItems: 1, description: "a list of weekdays, as [mon, tue]" }),
        from: clock("when the lines open"),
        to: clock("when they close"),
        closed: Type.Optional(Type.Array(day("a holiday"), { description: "a list of holidays" })),
        "half-hours": Type.Optional(
          Type.Array(number(0, 1_000_000, "the weight of half an hour"), {
            minItems: 1,
            description: "how calls spread over the half hours from opening on",
          }),
        ),
      },
      { ...closed, description: "when people can call" },
    ),
    languages: Type.Array(language, { minItems: 1, uniqueItems: true, description: "a list of the languages of callers" }),
    districts: Type.Optional(Type.Array(line("a district"), { uniqueItems: true, description: "a list of districts" })),
    ring: Type.Object(
      {
        answer: distribution,
        "missed-percent": Type.Optional(percent("of offers that nobody answers; 0 if left out")),
        "pause-seconds": Type.Optional(number(0, 86_400, "how long two misses in a row pause an agent; 300 if left out")),
      },
      { ...closed, description: "what happens at the agent's phone" },
    ),
    "group-defaults": Type.Object(
      { ...rules, ...callers },
      { ...closed, description: "what holds for groups that do not say otherwise" },
    ),
    groups,
    agents,
    bursts: Type.Optional(Type.Array(burst, { description: "a list of times with very many calls" })),
  },
  { ...closed, description: "a scenario, as dialplans/stockholm/scenarios shows some" },
);

/** A scenario that says only what differs from another. */
export const variantSchema = Type.Object(
  { "based-on": reference("another scenario in the same folder"), ...Type.Partial(scenarioSchema).properties },
  { ...closed, description: "a scenario: based-on, and what differs" },
);

/** A draft to be tried on a scenario or a log: rules of groups, and agents in place of the scenario's. */
export const draftSchema = Type.Object(
  {
    "group-defaults": Type.Optional(Type.Object(rules, { ...closed, description: "rules for all groups" })),
    groups: Type.Optional(
      record(
        id,
        Type.Object({ ...rules }, { ...closed, description: "rules of the group" }),
        "groups under their ids, each with what changes",
      ),
    ),
    agents: Type.Optional(agents),
  },
  { ...closed, description: "a draft: group-defaults, groups and agents, each where it changes something" },
);

export type ScenarioDocument = Static<typeof scenarioSchema>;
export type VariantDocument = Static<typeof variantSchema>;
export type DraftDocument = Static<typeof draftSchema>;
export type GroupSettings = ScenarioDocument["group-defaults"];
export type DistributionDocument = NonNullable<GroupSettings["patience"]>;
export type TeamDocument = Static<typeof team>;
