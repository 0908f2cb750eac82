import { readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Nice values, -20 (first) to 19 (last): sound is first, then decisions about calls, then everything else, at last what nobody waits for, so that a report
 * or an upgrade on the same machine is not heard.
 */
export const priorities = { sound: -10, calls: -5, background: 15 } as const;

/**
 * Gives a process just started its priority; its threads inherit it. Needs root or CAP_SYS_NICE; without, nothing changes.
 *
 * Where Linux shares the processor among sessions (sched(7), autogroup; Debian's kernel does), a nice value counts within its session
 * only: one that leads a session has that session's changed too.
 */
export function prefer(pid: number | undefined, priority: keyof typeof priorities): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, priorities[priority]);
    if (sessionOf(pid) === pid) writeFileSync(`/proc/${pid}/autogroup`, String(priorities[priority]));
  } catch (error) {
    // Not allowed, not known here, or already gone: it works all the same.
    if (!(error instanceof Error)) throw error;
  }
}

/** See proc(5): after the name in brackets come state, parent, process group, session. */
function sessionOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[3]);
}
