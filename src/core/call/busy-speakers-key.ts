import { bookingNode } from "../callback/offered.ts";
import type { Key, NodeId, Plan } from "../plan/plan.ts";
import { type Call, type CoreState, clearTimer, type Turn } from "../state.ts";
import { armSpeakers, busyNode, busyQuestion, otherWays } from "./busy-speakers.ts";
import { takeChoice } from "./fallback.ts";
import { sayComfort } from "./queue.ts";
import { say } from "./sound.ts";
import { menuTimer } from "./timers.ts";
import { dropQuestion } from "./waiting.ts";

/** What a caller answers who was asked what they prefer while those who speak their language are busy. */

/** How long to wait for a key, ms: nothing is lost meanwhile, for the call keeps its place. */
export const busyWaitMs = 10_000;
const tries = 3;

export const isBusyQuestion = ({ stage }: Call): boolean => stage.name === "queue" && stage.question?.busy === true;

/** A key while the question stands. Returns the step where a callback is booked, when that was chosen. */
export function busyPressed(core: CoreState, plan: Plan, turn: Turn, call: Call, key: Key): NodeId | undefined {
  clearTimer(core, turn, menuTimer(call.id));
  const booking = key === "2" ? bookingNode(core, plan, call, turn.at) : undefined;
  const other = otherWays(core, plan, call, "anybody").find((choice) => choice.key === key);
  const valid = key === "1" || key === "*" || booking !== undefined || other !== undefined;
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node: busyNode, key, valid });
  if (booking !== undefined) return booking;
  if (other) takeChoice(core, turn, call, other);
  else if (key === "1") {
    waitOn(core, turn, call);
    sayComfort(core, turn, call);
  } else askBusyAgain(core, plan, turn, call, key === "*" ? 0 : 1);
  return undefined;
}

/** Whoever presses nothing waits on. */
export function waitOn(core: CoreState, turn: Turn, call: Call): void {
  dropQuestion(core, turn, call);
  armSpeakers(core, turn, call);
}

/** The question once more: because of a wrong key, or after the engine was away. */
export function askBusyAgain(core: CoreState, plan: Plan, turn: Turn, call: Call, wrong: 0 | 1): void {
  const { stage } = call;
  if (stage.name !== "queue" || !stage.question) return;
  const asked = stage.question.tries + wrong;
  const says = busyQuestion(core, plan, call, turn.at);
  if (asked >= tries || says.length === 0) return waitOn(core, turn, call);
  clearTimer(core, turn, menuTimer(call.id));
  call.stage = { ...stage, question: { ...stage.question, tries: asked } };
  say(turn, call, [...(wrong ? ["wrong-key"] : []), ...says]);
}
