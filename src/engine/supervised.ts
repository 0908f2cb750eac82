import type { ErrorCode } from "../core/errors.ts";

/**
 * What an engine tells the supervisor that started it. A pulse every 100 ms says that the loop turns; `loaded`, that it waits for the
 * word to serve, without a pulse; `replaced`, that another engine took its place at Asterisk, and it ends.
 */
export type EngineWord =
  | "pulse"
  | "loaded"
  | "serving"
  | "replaced"
  | { readonly failed: { readonly code: ErrorCode; readonly message: string; readonly mend: string } }
  | { readonly notice: Notice };

/** What the supervisor tells an engine: from now on it decides. */
export type SupervisorWord = "serve";

/** A line of the log that people should see at once: a warning or worse. */
export interface Notice {
  readonly level: "warn" | "error" | "fatal";
  /** Begins with the code when there is one. */
  readonly text: string;
}

export const pulseEveryMs = 100;

export function tellSupervisor(word: EngineWord): void {
  if (process.connected) process.send?.(word);
}

/** Calls `end` when the supervisor is gone, also when it went while this process was still starting. */
export function whenSupervisorEnds(end: () => void): void {
  process.on("disconnect", end);
  // `send` is there in every process that was started by a supervisor, and stays when that is gone.
  if (process.send !== undefined && !process.connected) end();
}

/**
 * Resolves when the supervisor gives its word, at once where there is none. Until then this process only stands by: it has opened
 * nothing that another engine needs, and decides nothing. It ends with its supervisor.
 */
export async function untilToldToServe(): Promise<void> {
  if (process.send === undefined) return;
  await new Promise<void>((resolve) => {
    const end = (): void => process.exit(0);
    whenSupervisorEnds(end);
    process.once("message", (_: SupervisorWord) => {
      process.off("disconnect", end);
      resolve();
    });
    tellSupervisor("loaded");
  });
}
