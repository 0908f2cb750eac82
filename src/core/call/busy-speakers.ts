import { bookingNode } from "../callback/offered.ts";
import type { Plan, PromptId } from "../plan/plan.ts";
import { canBeServed } from "../routing/check.ts";
import { nextStepAt } from "../routing/router.ts";
import { type Call, type CoreState, setTimer, type Turn } from "../state.ts";
import { type Choice, choicesOf, mainLanguage, served, whenNobodyIsFree } from "./choices.ts";
import { say } from "./sound.ts";
import { speakersTimer } from "./timers.ts";

/**
 * A caller who waits, and everybody who speaks their language is busy or away, is asked what they prefer:
 *
 *   waits ──time──▶ asked ──1, silence──▶ waits on, asked again after a time
 *                    │ │ └──2──▶ callback in that language, in the same place
 *                    │ └──3, 4, 5──▶ waits in another language, or for an agent with an interpreter, in the same place
 *                    └── a speaker becomes free ──▶ offered, as if nothing had been asked
 *
 * Only what is possible is said. The main language's callers are not asked: there is no other way for them that is not the waiting
 * menu's. What comes of the keys is in `busy-speakers-key.ts`.
 */

/** What stands for the question where the log names a menu. */
export const busyNode = "no-speaker-free";

/** The call waits from now on, or again: the time until it is asked begins. */
export function armSpeakers(core: CoreState, turn: Turn, call: Call): void {
  const rules = core.plan?.busySpeakers;
  const { askedAt } = call.busySpeakers ?? {};
  if (!core.plan || !rules || call.callback || !isForeign(core.plan, call)) return;
  if (askedAt !== undefined && rules.askAgainMs === 0) return;
  const due = Math.max(turn.at + rules.askAfterMs, askedAt === undefined ? 0 : askedAt + rules.askAgainMs);
  setTimer(core, turn, speakersTimer(call.id), due);
}

const isForeign = (plan: Plan, { queued }: Call): boolean =>
  queued !== undefined && !queued.ask.languages.includes(mainLanguage(plan));

/** It is time to ask; should something be spoken just now, as soon as that is over. */
export function speakersDue(core: CoreState, turn: Turn, id: string): void {
  const call = core.calls.get(id);
  if (call?.stage.name !== "queue" || call.callerGone) return;
  if (call.playback && !call.stage.question) call.busySpeakers = { ...call.busySpeakers, due: true };
  else askWhatElse(core, turn, call);
}

/** What was spoken while the time came is over; true when the caller is asked now. */
export function askIfDue(core: CoreState, turn: Turn, call: Call): boolean {
  if (!call.busySpeakers?.due) return false;
  const { due: _, ...rest } = call.busySpeakers;
  call.busySpeakers = rest;
  return askWhatElse(core, turn, call);
}

function askWhatElse(core: CoreState, turn: Turn, call: Call): boolean {
  const { plan } = core;
  if (!plan || !call.queued || call.stage.name !== "queue") return false;
  if (!isForeign(plan, call)) return false;
  const { ask } = call.queued;
  // Somebody is ringing, or free and lets a nearer one go first: looked at again when that has come to something.
  const later = call.offer || call.stage.question || canBeServed(core.router, ask, "free");
  const says = later ? [] : busyQuestion(core, plan, call, turn.at);
  if (says.length === 0) {
    lookLater(core, turn, call);
    return false;
  }
  call.busySpeakers = { askedAt: turn.at };
  call.stage = { name: "queue", question: { tries: 0, busy: true } };
  turn.facts.push({ at: turn.at, type: "call.menu", call: call.id, node: busyNode, language: call.language });
  say(turn, call, says);
  return true;
}

function lookLater(core: CoreState, turn: Turn, call: Call): void {
  armSpeakers(core, turn, call);
  const due = core.timers.get(speakersTimer(call.id));
  const rises = call.queued && nextStepAt(core.router, call.queued, turn.at);
  if (due !== undefined && rises !== undefined && rises > due) setTimer(core, turn, speakersTimer(call.id), rises);
}

/** What is asked, each way with its key; nothing when there is no other than to wait. */
export function busyQuestion(core: CoreState, plan: Plan, call: Call, at: number): PromptId[] {
  const others = [
    ...(bookingNode(core, plan, call, at) === undefined ? [] : ["speaker-callback"]),
    ...otherWays(core, plan, call, "at-work").map(({ prompt }) => prompt),
  ];
  return others.length === 0 ? [] : ["no-speaker-free", "speaker-wait", ...others];
}

/** In the caller's own group; said only while somebody is at work there who could help so. */
export function otherWays(core: CoreState, plan: Plan, call: Call, who: "anybody" | "at-work"): Choice[] {
  if (!call.queued) return [];
  return choicesOf(plan, call.queued.ask, whenNobodyIsFree, (ask) => served(core, ask, who));
}
