import { readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Nice values, -20 (first) to 19 (last): sound and decisions about calls are first, then everything else, at last what nobody waits for, so that a
 * report or an upgrade on the same machine is not heard. The engine is not below Asterisk, whose many threads it would wait for one after the
 * other; what it does in one go is so short that no sound is late for it.
 */
export const priorities = { sound: -10, calls: -10, background: 15 } as const;

/** Gives a process just started its priority; its threads inherit it. Needs root or CAP_SYS_NICE; without, nothing changes. */
export function prefer(pid: number | undefined, priority: keyof typeof priorities): void {
  if (pid === undefined) return;
  const value = priorities[priority];
  try {
    setPriority(pid, value);
    // Linux weighs sessions against each other, and a process's own value only against those of its session (sched(7), autogroups).
    if (leadsSession(pid)) writeFileSync(`/proc/${pid}/autogroup`, String(value));
  } catch (error) {
    // Not allowed, already gone, or no Linux with autogroups: it works all the same.
    if (!(error instanceof Error)) throw error;
  }
}

/** Whether the process's session is its own. Field 6 of proc(5)'s `stat`, counted from behind the name, which may hold spaces. */
function leadsSession(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[3] === String(pid);
}
