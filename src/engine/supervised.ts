import type { ErrorCode } from "../core/errors.ts";

/**
 * What an engine tells the supervisor that started it. A pulse every 100 ms says that the loop turns; `replaced`, that another
 * engine took its place at Asterisk, and it ends.
 */
export type EngineWord =
  | "pulse"
  | "serving"
  | "replaced"
  | { readonly failed: { readonly code: ErrorCode; readonly message: string; readonly mend: string } }
  | { readonly notice: Notice };

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
