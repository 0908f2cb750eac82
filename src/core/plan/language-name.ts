import type { Language, Text } from "./plan.ts";

const displayNames = {
  sv: new Intl.DisplayNames("sv", { type: "language" }),
  en: new Intl.DisplayNames("en", { type: "language" }),
};

/** "somaliska", "Somali"; the letters themselves where there is no name. */
export function languageName(language: Language, inLanguage: keyof Text): string {
  return displayNames[inLanguage].of(language) ?? language;
}
