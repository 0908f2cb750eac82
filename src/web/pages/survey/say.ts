import i18next from "i18next";
import type { Text } from "../../../core/plan/plan.ts";
import type sv from "../../text/sv.json";

/** A sentence of this page in both languages. */
export function say(key: keyof (typeof sv)["survey"]): Text {
  const name = `survey.${key}` as const;
  return { sv: i18next.getFixedT("sv")(name), en: i18next.getFixedT("en")(name) };
}
