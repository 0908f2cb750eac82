import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Text } from "../../core/plan/plan.ts";
import en from "./en.json" with { type: "json" };
import sv from "./sv.json" with { type: "json" };

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof sv };
  }
}

/** The languages of the pages: Swedish first, English beside it. */
export type PageLanguage = "sv" | "en";

const storageKey = "kontaktlots.language";

/** The language chosen before on this machine; Swedish otherwise. */
function chosenLanguage(): PageLanguage {
  return localStorage.getItem(storageKey) === "en" ? "en" : "sv";
}

/** Loads the texts. Call once, before the first page is drawn. */
export function startTexts(): void {
  i18next.use(initReactI18next);
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  void i18next.init({
    resources: { sv: { translation: sv }, en: { translation: en } },
    lng: chosenLanguage(),
    fallbackLng: "sv",
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  });
}

export function setLanguage(language: PageLanguage): void {
  localStorage.setItem(storageKey, language);
  void i18next.changeLanguage(language);
}

/** The page's texts in its language: `t` for our own, `pick` for texts from the plan, `tError` for coded errors. */
export function useText() {
  const { t } = useTranslation();
  const language: PageLanguage = i18next.language === "en" ? "en" : "sv";
  return {
    t,
    language,
    pick: (text: Text) => text[language],
    /** Error sentences by code: what happened and what it means, and what to do. Unknown codes get a general sentence. */
    tError: (code: string) => {
      const known: keyof typeof sv.error = code in sv.error ? (code as keyof typeof sv.error) : "INTERNAL";
      return { what: t(`error.${known}.what`), mend: t(`error.${known}.mend`) };
    },
  };
}
