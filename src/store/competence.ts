import Type from "typebox";
import { Compile } from "typebox/compile";
import { KontaktlotsError } from "../core/errors.ts";
import { type LanguageLevel, languageLevels } from "../core/plan/plan.ts";
import type { Competence } from "../core/routing/types.ts";

/** What may be kept of an agent's competence, checked wherever it comes in: over HTTP, and before it is written. */

const strict = { additionalProperties: false } as const;
const name = Type.String({ minLength: 1, maxLength: 100 });

/** Languages with a level; those not named are not spoken. Keys are ISO 639 codes. */
export const languagesSchema = Type.Record(Type.String({ pattern: "^[a-z]{2,3}$" }), Type.Enum([...languageLevels]), strict);

export const competenceSchema = Type.Object(
  {
    skills: Type.Array(Type.Object({ group: name, level: Type.Enum([1, 2, 3, 4, 5]), line: Type.Enum([1, 2]) }, strict), {
      maxItems: 1000,
    }),
    languages: languagesSchema,
    districts: Type.Array(name, { maxItems: 1000, uniqueItems: true }),
    site: Type.String({ maxLength: 100 }),
  },
  strict,
);

const languages = Compile(languagesSchema);
const competence = Compile(competenceSchema);

/** Errors: REQUEST_INVALID when it is none, or names a group twice. */
export function checkCompetence(value: unknown): Competence {
  if (!competence.Check(value)) throw invalid("This is no competence.", "Look at src/store/competence.ts.");
  const groups = value.skills.map(({ group }) => group);
  const twice = groups.find((group, at) => groups.indexOf(group) !== at);
  if (twice !== undefined) throw invalid(`The group ${twice} is named twice.`, "Name each group once.");
  return value;
}

/** Errors: REQUEST_INVALID */
export function checkLanguages(value: unknown): Competence["languages"] {
  if (!languages.Check(value)) throw invalid("These are no languages with a level.", `Levels are ${languageLevels.join(", ")}.`);
  return value;
}

/** Somebody of whom only the groups are known: first line, half-way between beginner and expert. */
export function newcomer(groups: readonly string[]): Competence {
  const languages: Readonly<Record<string, LanguageLevel>> = { sv: "native", en: "good" };
  return { skills: groups.map((group) => ({ group, level: 3, line: 1 })), languages, districts: [], site: "" };
}

function invalid(message: string, mend: string): KontaktlotsError {
  return new KontaktlotsError("REQUEST_INVALID", message, mend);
}
