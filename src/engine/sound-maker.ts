import { asKontaktlotsError, type ErrorCode } from "../core/errors.ts";
import type { Language } from "../core/plan/plan.ts";
import { prefer } from "../settings/priority.ts";
import { readRuntime } from "../settings/runtime.ts";
import { espeak, preparePrompts } from "../telephony/prompts/index.ts";
import { whenSupervisorEnds } from "./supervised.ts";

/**
 * A process beside the engine that makes the sounds of the plan's other languages while calls are served, after everything else on
 * the machine. Started with the runtime file; tells of each language as it is done; ends when all are, or with the engine.
 */

/** What it tells the engine. */
export type MakerWord =
  | { readonly made: Language }
  | { readonly failed: Language; readonly code: ErrorCode; readonly message: string; readonly mend: string };

whenSupervisorEnds(() => process.exit(0));
prefer(process.pid, "background");
const { plan, planDir, soundsDir, cacheDir, soundTools } = readRuntime(process.argv[2]);
const voice = espeak(soundTools.espeakNg);
for (const language of plan.languages) {
  try {
    await preparePrompts(plan, planDir, soundsDir, voice, { sox: soundTools.sox, cacheDir, languages: [language], atOnce: 1 });
    tell({ made: language });
  } catch (thrown) {
    const { code, message, mend } = asKontaktlotsError(thrown);
    tell({ failed: language, code, message, mend });
  }
}
// The line to the engine would keep this process alive.
process.removeAllListeners("disconnect");
if (process.connected) process.disconnect();

function tell(word: MakerWord): void {
  if (process.connected) process.send?.(word);
}
