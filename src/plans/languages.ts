import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Type from "typebox";
import { Value } from "typebox/value";
import type { Language, PromptId } from "../core/plan/plan.ts";
import { clips } from "../core/speech/said.ts";
import { isNumbered, numbered, requiredPrompts } from "../core/speech/sentences.ts";
import { textProblem } from "../telephony/prompts/text.ts";
import { type PlanProblem, planInvalid, type Report } from "./problem.ts";
import { checkShape } from "./shape.ts";
import { readSource } from "./source.ts";
import { readTextFile, type TextFile } from "./text-file.ts";

/** Texts by prompt, numbered ones under their own id (`place-n`). */
export type Texts = Readonly<Record<PromptId, string>>;

const said = Type.Optional(Type.String({ description: "what is said, as a person says it" }));
const kinds = Object.entries(clips);
const nameOf = (kind: string, clip: PromptId) => clip.slice(kind.length + 1);

/** What a language's file holds: sentences under their own names, and the clips of each kind of value. */
const languageSchema = Type.Object(
  {
    sentences: Type.Object(Object.fromEntries([...requiredPrompts, ...Object.keys(numbered)].map((id) => [id, said])), {
      additionalProperties: false,
      description: "the system's own sentences, each under its name",
    }),
    ...Object.fromEntries(
      kinds.map(([kind, ids]) => [
        kind,
        Type.Object(Object.fromEntries(ids.map((id) => [nameOf(kind, id), said])), {
          additionalProperties: false,
          description: `how each is said: ${ids.map((id) => nameOf(kind, id)).join(", ")}`,
        }),
      ]),
    ),
  },
  { additionalProperties: false, description: "what the system says in a language" },
);

/** Every prompt that the system itself says, numbered sentences under their own id: what a language must have to be complete. */
export const systemPrompts: readonly PromptId[] = [
  ...requiredPrompts,
  ...Object.keys(numbered),
  ...kinds.flatMap(([, ids]) => ids),
];

/** Where the files lie, `sv.yaml` and so on. */
export const languagesFolder = fileURLToPath(new URL("../../dialplans/languages/", import.meta.url));
const read = new Map<Language, Texts>();

/**
 * What the system says in a language when a plan says nothing else; nothing for a language without a file.
 *
 * @throws PLAN_INVALID when the file is not as it should be.
 */
export function defaultTexts(language: Language): Texts {
  const known = read.get(language);
  if (known) return known;
  const path = `${languagesFolder}${language}.yaml`;
  const texts = /^[a-z]{2}$/.test(language) && existsSync(path) ? readLanguage(readTextFile(path)) : {};
  read.set(language, texts);
  return texts;
}

/** The texts of a language's file. Errors: PLAN_INVALID with every problem found. */
export function readLanguage({ file, text }: TextFile): Texts {
  const source = readSource(file, text);
  const problems: PlanProblem[] = [...source.problems];
  const report: Report = {
    error: (path, what, mend, at = "value") =>
      problems.push({ file, ...source.locate(path, at), where: path.join("."), what, mend }),
    warning: () => {},
  };
  if (!source.broken) checkShape(source.value, report, languageSchema);
  if (problems.length > 0) throw planInvalid(problems);
  const texts: Record<PromptId, string> = {};
  for (const [heading, section] of Object.entries(Value.Parse(languageSchema, source.value))) {
    for (const [name, text = ""] of Object.entries(section)) {
      const id = heading === "sentences" ? name : `${heading}-${name}`;
      checkText([heading, name], id, text, report);
      texts[id] = oneLine(text);
    }
  }
  if (problems.length > 0) throw planInvalid(problems);
  return texts;
}

/** What keeps a text from being said under its id. */
export function checkText(path: readonly string[], id: PromptId, text: string, report: Report): void {
  const problem = textProblem(text);
  if (problem) report.error(path, problem.what, problem.mend);
  const numbers = text.includes("{n}");
  if (isNumbered(id) && !numbers)
    report.error(path, "The text does not say the number.", "Write {n} where the number is to be said.");
  if (!isNumbered(id) && numbers)
    report.error(path, "{n} has no meaning here.", `Only these prompts say a number: ${Object.keys(numbered).join(", ")}.`);
}

/** A text without the line breaks of its layout. */
export function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
