import { setPriority } from "node:os";

/**
 * Nice values, -20 (first) to 19 (last): sound is first, then decisions about calls, then everything else, at last what nobody waits for, so that a report
 * or an upgrade on the same machine is not heard.
 */
export const priorities = { sound: -10, calls: -5, background: 15 } as const;

/** Gives a process just started its priority; its threads inherit it. Needs root or CAP_SYS_NICE; without, nothing changes. */
export function prefer(pid: number | undefined, priority: keyof typeof priorities): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, priorities[priority]);
  } catch (error) {
    // Not allowed, or already gone: it works all the same.
    if (!(error instanceof Error)) throw error;
  }
}
