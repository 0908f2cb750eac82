import { languageName } from "../core/plan/language-name.ts";
import type { Language, Plan } from "../core/plan/plan.ts";
import { completeLanguages, lacksOf, type Sounds } from "../telephony/prompts/index.ts";

/** More missing prompts than these are counted, not named. */
const mostNamed = 8;

/**
 * What each language of a plan lacks. `complete` is false when a language falls short that callers would expect: the main one, one that a
 * voice could speak, or one of which recordings have begun. A language that nothing can speak yet is not offered, and no fault.
 */
export function checkReport(plan: Plan, sounds: Sounds): { readonly lines: readonly string[]; readonly complete: boolean } {
  const [main] = plan.languages;
  const all = Object.keys(plan.prompts).length;
  const offered = new Set(completeLanguages(plan, sounds));
  let complete = true;
  const lines = plan.languages.map((language) => {
    const name = `${language} (${languageName(language, "en")})`;
    const recorded = sounds.recordings.filter((one) => one.language === language).length;
    if (offered.has(language)) {
      const how = recorded === 0 ? "all by the voice" : `${recorded} of them recorded`;
      return `${name}: complete, ${all} prompts, ${how}`;
    }
    const lacks = lacksOf(plan, language, sounds);
    if (language === main || sounds.voices.has(language) || recorded > 0) complete = false;
    const missing = (["text", "sound"] as const).flatMap((what) => {
      const prompts = lacks.filter((lack) => lack.lacks === what).map(({ prompt }) => prompt);
      if (prompts.length === 0) return [];
      const more = prompts.length > mostNamed ? ", …" : "";
      const word = what === "text" ? "without a text" : "without a voice or a recording";
      return [`${prompts.length} ${word} (${prompts.slice(0, mostNamed).join(", ")}${more})`];
    });
    return `${name}: not offered, of ${all} prompts ${missing.join("; ")}. ${mendOf(language, lacks.length)}`;
  });
  return { lines, complete };
}

function mendOf(language: Language, count: number): string {
  return `To offer it, put ${count} texts or recordings in place: recordings/${language}/NAME.wav beside the plan.`;
}

/** Every text of a language beside the Swedish one, in Markdown. */
export function languageTable(plan: Plan, language: Language): string {
  const cell = (text: string | undefined): string => (text ?? "**missing**").replaceAll("|", "\\|");
  const rows = Object.entries(plan.prompts).map(
    ([prompt, texts]) => `| ${prompt} | ${cell(texts.sv)} | ${cell(texts[language])} |`,
  );
  return [
    `# ${languageName(language, "sv")} / ${languageName(language, "en")}: ${plan.city}`,
    "",
    `| Name | svenska | ${languageName(language, "sv")} |`,
    "| --- | --- | --- |",
    ...rows,
  ].join("\n");
}
