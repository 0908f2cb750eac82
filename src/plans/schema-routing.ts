import Type, { type Static } from "typebox";
import { languageLevels } from "../core/plan/plan.ts";
import { percent, reference, seconds } from "./schema-parts.ts";

/** What a group says of whom its calls may reach, and when. Left out: everybody in the group's first line, at once. */

const yes = (what: string) => Type.Boolean({ description: `true or false: ${what}` });
const oneOf = <const T extends readonly string[]>(words: T, what: string) =>
  Type.Enum([...words] as T[number][], { description: `${words.join(", ")}: ${what}` });
const calls = (what: string) =>
  Type.Integer({ minimum: 0, maximum: 1000, description: `a whole number from 0 to 1000: ${what}` });

const step = Type.Object(
  {
    "after-seconds": Type.Optional(seconds(0, 3600, "how long a call has waited when the step begins; 0 if left out")),
    local: Type.Optional(yes("only agents who know the caller's district, when it is known")),
    level: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 5,
        description: "a whole number from 1 (can help) to 5 (knows it best): the lowest level of the agents; 1 if left out",
      }),
    ),
    language: Type.Optional(oneOf(languageLevels, "the lowest level in the caller's language; basic if left out")),
    "second-line": Type.Optional(yes("the group's second line too, from here on")),
    neighbours: Type.Optional(
      Type.Array(reference("a group"), {
        maxItems: 20,
        uniqueItems: true,
        description: "a list of groups whose first line helps from here on",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: "a step: { after-seconds: …, local: …, level: …, language: …, second-line: …, neighbours: […] }",
  },
);

const secondLine = Type.Object(
  {
    "call-in": Type.Object(
      {
        waiting: Type.Integer({
          minimum: 1,
          maximum: 1000,
          description: "a whole number from 1 to 1000: called in when so many wait",
        }),
        "service-level-below-percent": percent("called in when the service level is lower"),
      },
      { additionalProperties: false, description: "{ waiting: …, service-level-below-percent: … }" },
    ),
    "send-back": Type.Object(
      {
        "waiting-at-most": calls("sent back when no more wait"),
        "service-level-above-percent": percent("sent back when the service level is higher too"),
      },
      { additionalProperties: false, description: "{ waiting-at-most: …, service-level-above-percent: … }" },
    ),
    "window-minutes": Type.Integer({
      minimum: 1,
      maximum: 120,
      description: "a whole number of minutes from 1 to 120: the time whose service level counts",
    }),
  },
  { additionalProperties: false, description: "when the second line is called in: call-in: …, send-back: …, window-minutes: …" },
);

/** In `group-defaults` and in each group; a group's own take the place of the defaults whole. */
export const routingSettings = {
  "prefer-seconds": Type.Optional(
    seconds(0, 300, "how long a call waits for the agent who spoke with the caller last; 0, if left out, does not wait"),
  ),
  ladder: Type.Optional(
    Type.Array(step, {
      minItems: 1,
      maxItems: 10,
      description: "a list of steps: whom a call may reach, and after how long a wait",
    }),
  ),
  "second-line": Type.Optional(secondLine),
};

export type StepDocument = Static<typeof step>;
export type SecondLineDocument = Static<typeof secondLine>;
