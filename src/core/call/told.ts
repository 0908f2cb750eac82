import type { PromptId } from "../plan/plan.ts";

/**
 * Prompts that say what the core must not know, digit by digit: number and code of the matter that the call has left. Whoever plays
 * them has learnt both from a look-up.
 */
export const toldNumber: PromptId = "told-number";
export const toldCode: PromptId = "told-code";
