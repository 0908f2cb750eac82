import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { asKontaktlotsError } from "../core/errors.ts";
import type { Language, Plan } from "../core/plan/plan.ts";
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

/** Has the sounds that are missing made by a process beside this one; starts none when all are there. */
export function makeOtherLanguages({ plan, prompts, runtimeFile, logger, onSpoken }: OtherLanguages): { close(): void } {
  if (prompts.spoken.length === plan.languages.length) return { close: () => {} };
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
    close() {
      child.removeAllListeners("exit");
      child.kill("SIGKILL");
    },
  };
}
