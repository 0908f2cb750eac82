import Type, { type Static } from "typebox";
import { keys } from "../core/plan/plan.ts";
import { hoursSettings } from "./schema-hours.ts";
import { id, idWords, language, name, percent, phoneNumber, record, reference, seconds, text } from "./schema-parts.ts";
import { routingSettings } from "./schema-routing.ts";
import { says, stepsSchema } from "./schema-steps.ts";
import { onwards, way } from "./schema-ways.ts";

/**
 * What a plan file holds, as people write it. Each `description` says what belongs in its place: editors show it, and the
 * loader puts it into its messages ("… must be <description>"). Names carry their unit; defaults are filled in by `build.ts`.
 */

const hours = Type.Optional(reference("opening hours; always open if left out"));

const entry = Type.Object(
  {
    number: phoneNumber,
    aliases: Type.Optional(Type.Array(phoneNumber, { maxItems: 50, description: "a list of older numbers that ring the same" })),
    name: text("what the number is called"),
    greeting: reference("the prompt that greets"),
    start: onwards,
    language: Type.Optional(language),
    closed: Type.Optional(onwards),
    hours,
    admission: Type.Optional(
      Type.Boolean({
        description:
          "true or false: whether admission holds for whoever rings here; left out: as the menu says where it starts, or else unless that is urgent",
      }),
    ),
  },
  { additionalProperties: false, description: "a number people ring" },
);

const menu = Type.Object(
  {
    label: text("what the agent sees of the choice"),
    says: Type.Optional(says),
    prompt: reference("the prompt that says the choices"),
    keys: Type.Record(Type.String({ pattern: "^[0-9*#]$" }), way, {
      additionalProperties: false,
      description: `the keys of a telephone, each with where it leads: ${keys.join(" ")}, with "*" and "#" in quotes`,
    }),
    "wait-seconds": Type.Optional(seconds(2, 30, "how long to wait for a key after the prompt; 6 if left out")),
    tries: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 5,
        description: "a whole number from 1 to 5: how often the prompt is said before `otherwise`; 3 if left out",
      }),
    ),
    otherwise: onwards,
    admission: Type.Optional(
      Type.Boolean({
        description:
          "true or false: whether admission holds for the numbers that start at this menu and say nothing of it; true if left out",
      }),
    ),
  },
  { additionalProperties: false, description: "a menu" },
);

const groupSettings = {
  "ring-seconds": seconds(5, 120, "how long one agent's phone rings before the next one's"),
  "wrap-up-seconds": seconds(0, 1800, "the longest wrap-up; 0 makes the agent free at once"),
  "answer-target-seconds": seconds(1, 3600, "T of the service level"),
  "short-abandon-seconds": seconds(0, 60, "whoever hangs up sooner is not counted as lost"),
  "first-contact-target-percent": percent("the target of first-contact resolution"),
  "place-every-seconds": Type.Union([Type.Literal(0), Type.Integer({ minimum: 15, maximum: 600 })], {
    description: "0 or a whole number of seconds from 15 to 600: how often a waiting caller hears the place; 0 only at the start",
  }),
};
/** What the way of a call through a group depends on, besides routing. */
const groupWays = {
  closed: Type.Optional(onwards),
  full: Type.Optional(
    Type.Object(
      { waiting: Type.Integer({ minimum: 1, maximum: 10_000, description: "how many wait at most" }), next: onwards },
      { additionalProperties: false, description: "{ waiting: …, next: … }: where a call goes while so many wait" },
    ),
  ),
  "waiting-menu": Type.Optional(reference("a menu whose keys work while the caller waits")),
  survey: Type.Optional(reference("a survey, under steps")),
};
const group = Type.Object(
  {
    name: text("what the group is called"),
    board: name("the board or company that owns the group"),
    email: Type.Optional(
      Type.String({
        pattern: "^[^\\s@,;<>]{1,64}@[^\\s@,;<>]{1,190}$",
        description: "an e-mail address: who is written to of the group's matters",
      }),
    ),
    ...Type.Partial(Type.Object(groupSettings)).properties,
    ...routingSettings,
    ...groupWays,
    hours,
  },
  { additionalProperties: false, description: "an answer group" },
);

export const planSchema = Type.Object(
  {
    id: Type.String({ pattern: id, maxLength: 40, description: `the plan's own id: ${idWords}` }),
    city: name("the city's name"),
    timezone: name("a time zone, as Europe/Stockholm (IANA)"),
    languages: Type.Array(language, {
      minItems: 1,
      uniqueItems: true,
      description: "a list of the languages spoken, the main one first",
    }),
    "agent-languages": Type.Optional(
      Type.Array(language, {
        minItems: 1,
        uniqueItems: true,
        description: "a list of the languages in which agents help, left out: those spoken",
      }),
    ),
    "last-resort": reference("the group that answers when there is no other way"),
    numbers: Type.Array(entry, { minItems: 1, description: "a list of numbers, the common one first" }),
    menus: record(menu, `menus under their ids (${idWords})`),
    steps: Type.Optional(stepsSchema),
    "on-duty": Type.Optional(
      record(
        Type.Object(
          {
            name: text("what the list is called"),
            numbers: Type.Array(phoneNumber, {
              minItems: 1,
              maxItems: 20,
              description: "a list of numbers, the first to ring first",
            }),
          },
          { additionalProperties: false, description: "those on duty" },
        ),
        `lists of those on duty under their ids (${idWords})`,
      ),
    ),
    postcodes: Type.Optional(
      Type.Record(Type.String({ pattern: "^[1-9]\\d{2,4}$" }), name("the name of a district"), {
        additionalProperties: false,
        description: 'districts by postal code, or its first three or four digits: "162": Spånga-Tensta',
      }),
    ),
    "district-numbers": Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 80 }), phoneNumber, {
        description: "the districts' own telephone numbers, by the district's name",
      }),
    ),
    "direct-numbers": Type.Optional(
      Type.Array(
        Type.Object(
          { first: phoneNumber, last: phoneNumber, step: reference("a step under extensions") },
          { additionalProperties: false, description: "{ first: …, last: …, step: … }: a row of officers' own numbers" },
        ),
        { maxItems: 200, description: "rows of officers' own numbers, whose last digits are the extension" },
      ),
    ),
    interpreters: Type.Optional(
      Type.Record(Type.String({ pattern: "^[a-z]{2}$" }), phoneNumber, {
        additionalProperties: false,
        description: "interpreters' numbers, by the language they speak",
      }),
    ),
    callbacks: Type.Optional(
      Type.Object(
        {
          attempts: Type.Integer({ minimum: 1, maximum: 10, description: "how often a citizen is rung in all" }),
          "retry-minutes": Type.Integer({ minimum: 1, maximum: 1440, description: "minutes between two attempts" }),
          "ring-seconds": seconds(10, 120, "how long the citizen's telephone rings"),
          "nordic-mobiles": Type.Boolean({ description: "true or false: mobiles of the other Nordic countries too" }),
        },
        { additionalProperties: false, description: "how citizens are rung back" },
      ),
    ),
    "remember-callers-days": Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 730,
        description:
          "a whole number of days from 1 to 730: how long after their last call it is known which language a caller chose and where they live; 90 if left out",
      }),
    ),
    "busy-speakers": Type.Optional(
      Type.Object(
        {
          "ask-after-seconds": Type.Optional(seconds(5, 600, "how long they have waited; 15 if left out")),
          "ask-again-seconds": Type.Optional(
            Type.Union([Type.Literal(0), Type.Integer({ minimum: 60, maximum: 3600 })], {
              description:
                "0 or a whole number of seconds from 60 to 3600: how long until they are asked again; 0 never; 180 if left out",
            }),
          ),
        },
        {
          additionalProperties: false,
          description: "when callers are asked what they prefer, while nobody who speaks their language is free",
        },
      ),
    ),
    admission: Type.Optional(
      Type.Object(
        { calls: Type.Integer({ minimum: 10, maximum: 100_000, description: "how many calls at most" }), next: onwards },
        {
          additionalProperties: false,
          description:
            "{ calls: …, next: … }: where a call goes when so many are there; not one to a number with admission: false",
        },
      ),
    ),
    districts: Type.Optional(
      Type.Array(name("the name of a district, at most 80 characters"), {
        maxItems: 500,
        uniqueItems: true,
        description: "a list of the city's districts, by name",
      }),
    ),
    ...hoursSettings,
    "group-defaults": Type.Object(
      { ...groupSettings, ...routingSettings, ...groupWays, hours },
      { additionalProperties: false, description: "what holds for every group that does not say otherwise" },
    ),
    groups: record(group, `answer groups under their ids (${idWords})`),
    prompts: Type.Optional(
      record(
        Type.Record(Type.String({ pattern: "^[a-z]{2}$" }), Type.String({ description: "what is said, as a person says it" }), {
          additionalProperties: false,
          description: "the text under each language: sv: …, en: …",
        }),
        `prompts under their ids (${idWords}); "[en: …]" within a text is spoken in that language`,
      ),
    ),
  },
  { additionalProperties: false, description: "a plan, as dialplans/stockholm/plan.yaml shows one" },
);

/** What a plan says in one language, in a file of its own: `prompts/fi.yaml`. */
export const promptFileSchema = record(
  Type.String({ description: "what is said, as a person says it" }),
  `texts in one language, each under its prompt's id (${idWords})`,
);

/** A plan file that fits the schema. */
export type PlanDocument = Static<typeof planSchema>;
export type MenuDocument = Static<typeof menu>;
export type GroupDocument = Static<typeof group>;
export type WayDocument = Static<typeof way>;

/** The schema as a file for editors: JSON Schema 2020-12. */
export function publishedSchema(): string {
  const head = { $schema: "https://json-schema.org/draft/2020-12/schema", title: "Kontaktlots plan" };
  return `${JSON.stringify({ ...head, ...planSchema }, null, 2)}\n`;
}

if (import.meta.main) process.stdout.write(publishedSchema());
