import type { Plan, PromptId } from "./plan.ts";
import type { Text } from "./text.ts";

/** A prompt as pages show it. One that a newer plan has no more is shown by its name. */
export function promptText({ prompts, languages }: Pick<Plan, "prompts" | "languages">, id: PromptId): Text {
  const texts = prompts[id] ?? {};
  const sv = texts.sv ?? texts[languages[0] ?? ""] ?? id;
  return { sv, en: texts.en ?? sv };
}
