import { ringOutside } from "../call/outside.ts";
import { quiet, say, startBed, startMusic } from "../call/sound.ts";
import { menuTimer } from "../call/timers.ts";
import type { Officer } from "../events.ts";
import { directStep } from "../menu/walk.ts";
import type { NodeOf, VoicemailNode } from "../plan/node.ts";
import type { Key, PromptId } from "../plan/plan.ts";
import type { Said } from "../speech/said.ts";
import { clearTimer } from "../state.ts";
import { dayOf, minuteOf } from "../time/civil.ts";
import { digitGapMs, takeDigit } from "./digits.ts";
import { lookUp } from "./look-up.ts";
import { onceMore } from "./once-more.ts";
import { hear, leave, logKey, type NodeRules, placeOf, stand, type Visit, wait } from "./visit.ts";
import { voicemail } from "./voicemail.ts";

/**
 * An officer is sought, by a keyed extension or a direct number:
 *
 *   "" keying ──▶ "looking" ──there──▶ "ringing" ──answered──▶ they talk
 *    ▲               │  │                 │ busy, no answer
 *    └── unknown ────┘  └── away ─────────▼
 *                                     "choices" ──1──▶ the colleague is looked up ("colleague"), and rung
 *                                         │  └──2──▶ the group
 *                                         └──3──▶ a message (`part` 1, from there on as a voicemail)
 *
 * Tries that come to nothing lead to the node's fallback. Without a colleague 1 is the group, without a group 2 is the fallback.
 */
export const extension: NodeRules<"extension"> = {
  enter(visit, _, before) {
    // Nobody is greeted, but an announcement to all is for who rings an officer too.
    if (placeOf(visit).step === directStep) return before.length > 0 ? hear(visit, before) : seekDirect(visit);
    // Digits keyed in before the caller came here would be another's.
    stand(visit, { step: "", typed: "", part: 0 });
    hear(visit, [...before, ...askExtension]);
  },
  spoken(visit, node) {
    if (leaving(visit)) return voicemail.spoken?.(visit, asVoicemail(node));
    const { step } = placeOf(visit);
    if (step === directStep) seekDirect(visit);
    else if (step === ringing) startMusic(visit.turn, visit.call);
    else awaitKey(visit, node.waitMs);
  },
  down(visit, node) {
    if (leaving(visit)) voicemail.down?.(visit, asVoicemail(node));
    else extension.spoken?.(visit, node);
  },
  key(visit, node, key) {
    if (leaving(visit)) return voicemail.key?.(visit, asVoicemail(node), key);
    const { step = "" } = placeOf(visit);
    if (step === choices) choose(visit, node, key);
    else if (step === "") takeKey(visit, node, key);
    else if (step === directStep && visit.call.playback) seekDirect(visit);
  },
  silence(visit, node) {
    if (leaving(visit)) return voicemail.silence?.(visit, asVoicemail(node));
    const { step = "", typed = "" } = placeOf(visit);
    if (step === choices) return offerAgain(visit, node, "no-key");
    if (step !== "") return unknown(visit, node);
    if (typed === "") onceMore(visit, node, "no-key", askExtension);
    else seek(visit, typed);
  },
  found(visit, node, result) {
    if (leaving(visit)) return voicemail.found?.(visit, asVoicemail(node), result);
    const { step } = placeOf(visit);
    if (step !== looking && step !== directStep && step !== colleague) return;
    if (result.is === "officer") return turnTo(visit, result.officer);
    unknown(visit, node);
  },
  unreached(visit, _, how) {
    if (placeOf(visit).step !== ringing) return;
    // A restart of the engine undid the ring: the officer was not really asked.
    if (how === "withdrawn" && visit.call.officer) return ring(visit, visit.call.officer);
    offer(visit, [how === "busy" ? "officer-busy" : "nobody-answered"]);
  },
  recorded(visit, node, recording, ms) {
    if (leaving(visit)) voicemail.recorded?.(visit, asVoicemail(node), recording, ms);
  },
  resume(visit, node) {
    if (leaving(visit)) return voicemail.resume?.(visit, asVoicemail(node));
    const { step, typed = "" } = placeOf(visit);
    const { officer, outside } = visit.call;
    if (step === ringing && outside) startMusic(visit.turn, visit.call);
    else if (step === ringing && officer) ring(visit, officer);
    else if (step === choices) offer(visit, []);
    else if (typed !== "" && step !== undefined && step !== "") seek(visit, typed, step);
    else extension.enter(visit, node, []);
  },
};

const [looking, colleague, ringing, choices] = ["looking", "colleague", "ringing", "choices"] as const;
const askExtension = ["key-extension"] as const;
const message = 1;
/** How long an officer's telephone rings, ms. */
const ringMs = 25_000;
/** The longest message for an officer, ms. */
const messageMs = 180_000;

const leaving = (visit: Visit): boolean => placeOf(visit).part === message;

function awaitKey(visit: Visit, ms: number): void {
  startBed(visit.turn, visit.call);
  wait(visit, ms);
}

function takeKey(visit: Visit, node: NodeOf<"extension">, key: Key): void {
  const digits = takeDigit(visit, key, node.digits);
  if (digits === undefined) {
    quiet(visit.turn, visit.call);
    awaitKey(visit, digitGapMs);
  } else if (digits === "") onceMore(visit, node, "no-key", askExtension);
  else seek(visit, digits);
}

/** What is sought stays known, for an engine that is killed before the answer comes. */
function seek(visit: Visit, digits: string, step: string = looking): void {
  stand(visit, { typed: digits });
  lookUp(visit, { for: "extension", digits }, step);
}

/** The extension that the number rung stands for. */
function seekDirect(visit: Visit): void {
  seek(visit, placeOf(visit).typed ?? "", directStep);
}

/** Nobody has the extension (any more), or the directory did not answer. */
function unknown(visit: Visit, node: NodeOf<"extension">): void {
  const { step } = placeOf(visit);
  if (step === colleague && visit.call.officer) {
    const { colleague: _, ...officer } = visit.call.officer;
    visit.call.officer = officer;
    return offer(visit, ["nobody-answered"]);
  }
  // Who rang a direct number keyed nothing that could be keyed better.
  if (step === directStep) return leave(visit, node.fallback, ["extension-unknown"]);
  onceMore(visit, node, "extension-unknown", askExtension);
}

function turnTo(visit: Visit, officer: Officer): void {
  const { turn, call, plan } = visit;
  const { id, absence } = officer;
  call.officer = officer;
  const why = absence ? { absence: absence.reason } : {};
  turn.facts.push({ at: turn.at, type: "call.officer", call: call.id, officer: id, ...why });
  if (!absence) return ring(visit, officer);
  const { until } = absence;
  const { timezone } = plan;
  const back: Said[] =
    until === undefined
      ? []
      : ["officer-back", { day: dayOf(until, timezone), today: dayOf(turn.at, timezone) }, { clock: minuteOf(until, timezone) }];
  offer(visit, [`officer-${absence.reason}`, ...back]);
}

function ring(visit: Visit, { number }: Officer): void {
  const { core, turn, call } = visit;
  clearTimer(core, turn, menuTimer(call.id));
  stand(visit, { step: ringing, typed: "" });
  if (ringOutside(core, turn, call, number, ringMs)) hear(visit, ["connecting"]);
  else offer(visit, ["nobody-answered"]);
}

function offer(visit: Visit, why: readonly Said[]): void {
  const { core, turn, call } = visit;
  clearTimer(core, turn, menuTimer(call.id));
  stand(visit, { step: choices, typed: "" });
  say(turn, call, [...why, "officer-choices"]);
}

function offerAgain(visit: Visit, node: NodeOf<"extension">, because: PromptId): void {
  const tries = placeOf(visit).tries + 1;
  if (tries >= node.tries) return leave(visit, node.fallback);
  stand(visit, { tries });
  offer(visit, [because]);
}

function choose(visit: Visit, node: NodeOf<"extension">, key: Key): void {
  const { officer } = visit.call;
  const known = key === "1" || key === "2" || key === "3";
  logKey(visit, key, known);
  if (!known) return offerAgain(visit, node, "wrong-key");
  if (key === "3") {
    stand(visit, { part: message, tries: 0 });
    return voicemail.enter(visit, asVoicemail(node), []);
  }
  if (key === "1" && officer?.colleague !== undefined) return seek(visit, officer.colleague, colleague);
  leave(visit, officer?.group === undefined ? node.fallback : { to: "group", group: officer.group });
}

function asVoicemail({ id, label, waitMs, tries, fallback }: NodeOf<"extension">): VoicemailNode {
  return { kind: "voicemail", id, label, waitMs, tries, fallback, maxMs: messageMs, next: { to: "end" } };
}
