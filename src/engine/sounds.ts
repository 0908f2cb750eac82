import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";
import type { Language, Plan } from "../core/plan/plan.ts";
import { prefer } from "../settings/priority.ts";
import type { PromptIndex } from "../telephony/prompts/store.ts";
import type { MakerWord } from "./sound-maker.ts";

export interface OtherLanguages {
  readonly plan: Plan;
  readonly prompts: PromptIndex;
  readonly runtimeFile: string;
  readonly logger: Logger;
  /** More languages can be heard now. */
  readonly onSpoken: (spoken: readonly Language[]) => void;
}

const maker = fileURLToPath(new URL("sound-maker.ts", import.meta.url));

/**
 * Has the sounds that are missing made by a process beside this one, in a session of its own; starts none when all are there. `close`
 * resolves when that process is gone.
 */
export function makeOtherLanguages({ plan, prompts, runtimeFile, logger, onSpoken }: OtherLanguages): { close(): Promise<void> } {
  if (prompts.spoken.length === plan.languages.length) return { close: async () => {} };
  // A session of its own, or it would take the engine's share of the processors.
  const child = fork(maker, [runtimeFile], { stdio: ["ignore", "inherit", "inherit", "ipc"], detached: true });
  child.on("message", (word: MakerWord) => {
    if ("failed" in word) {
      const { failed: language, code, message, mend } = word;
      logger.error({ code, language }, `${code}: ${message} ${mend}`);
      return;
    }
    const before = prompts.spoken.length;
    prompts.look().then(
      () => {
        if (prompts.spoken.length > before) onSpoken(prompts.spoken);
      },
      (thrown: unknown) => {
        const error = asKontaktlotsError(thrown);
        logger.error({ code: error.code, err: error.cause }, error.line);
      },
    );
  });
  child.once("error", (error) => logger.error({ err: error }, "The sounds of other languages are not made."));
  child.once("exit", (code) => {
    const silent = plan.languages.filter((language) => !prompts.spoken.includes(language));
    if (code === 0) logger.info({ spoken: prompts.spoken, silent }, "The sounds of the plan's languages are made.");
    else logger.warn({ code, silent }, "The sounds of some languages could not be made; callers are not offered them.");
  });
  return {
    async close() {
      child.removeAllListeners("exit");
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      // Ending, too, takes the processor; and the voices it has started go with it.
      prefer(child.pid, "calls");
      process.kill(-child.pid, "SIGKILL");
      await gone;
    },
  };
}
