import type { GroupRules, Waiting } from "./types.ts";

/** An urgent call starts this many targets ahead, and its wait counts this many times. */
const urgentAhead = 10;
/** For the agent it asks for, a call starts this many targets ahead: with anybody else the caller would have to tell it all again. */
const askedAhead = 5;

/**
 * How pressing a call is: its wait in proportion to its group's target. An urgent call counts as ten targets late from the start
 * and grows ten times as fast, so that it goes before every other; but a call that has waited ten targets passes a fresh urgent
 * one, so that nobody waits for ever, and the urgent one passes it again a tenth of the difference later. `askedFor`: seen by the
 * agent the call asks for.
 */
export function lateness(waiting: Waiting, rules: GroupRules, at: number, askedFor: boolean): number {
  const late = (at - waiting.since) / rules.answerTargetMs;
  const ahead = askedFor ? askedAhead : 0;
  return ahead + (waiting.ask.priority === "urgent" ? urgentAhead * (1 + late) : late);
}
