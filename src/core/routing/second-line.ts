import type { SecondLineRule } from "../plan/plan.ts";

/**
 * Whether a group's second line is called in. Two thresholds with a gap between, so that a queue that hovers about one of them
 * does not fetch people from their casework and send them back every minute:
 *
 *   casework ──as many wait, or service level as low──▶ called in ──few wait, and it has recovered──▶ casework
 *
 * The service level is service-level/1 of the last `windowMs`: answered within the group's target of all that were answered or gave
 * up. Without a single one in that time it says nothing, and only the number waiting counts.
 */
export interface SecondLine {
  calledIn: boolean;
  /** Calls that left the queue in the last `windowMs`, oldest first. */
  recent: { readonly at: number; readonly inTime: boolean }[];
}

/** What the decision rested on: shown to those it concerns. */
export interface SecondLineReason {
  readonly waiting: number;
  readonly serviceLevelPercent: number | null;
}

export const atCasework = (): SecondLine => ({ calledIn: false, recent: [] });

/** A call of the group was answered, or its caller gave up. */
export function sawCall(line: SecondLine, at: number, inTime: boolean): void {
  line.recent.push({ at, inTime });
}

/** Decides anew with so many waiting; the reason when that changed something. */
export function decide(line: SecondLine, rule: SecondLineRule, waiting: number, at: number): SecondLineReason | undefined {
  const past = line.recent.findIndex((call) => call.at > at - rule.windowMs);
  if (past !== 0) line.recent.splice(0, past < 0 ? line.recent.length : past);
  const seen = line.recent.length;
  const level = seen === 0 ? null : (100 * line.recent.filter(({ inTime }) => inTime).length) / seen;
  const reason = { waiting, serviceLevelPercent: level === null ? null : Math.round(level) };
  if (line.calledIn) {
    const recovered = level === null || level >= rule.sendBack.serviceLevelAbovePercent;
    if (waiting > rule.sendBack.waitingAtMost || !recovered) return undefined;
  } else {
    const low = level !== null && level < rule.callIn.serviceLevelBelowPercent && waiting > 0;
    if (waiting < rule.callIn.waiting && !low) return undefined;
  }
  line.calledIn = !line.calledIn;
  return reason;
}
