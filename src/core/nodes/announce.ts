import { clearAnnouncement } from "../announcements/in-force.ts";
import { recordedPrompt } from "../call/ids.ts";
import { quiet, startBed } from "../call/sound.ts";
import type { Query } from "../effects.ts";
import type { NodeOf, Piece } from "../plan/node.ts";
import { takeDigit } from "./digits.ts";
import { askAgain, hear, leave, logKey, type NodeRules, placeOf, stand, type Visit, wait } from "./visit.ts";

/**
 * Where staff set and clear announcements by telephone:
 *
 *   pin ──admitted──▶ choose ──1──▶ record ──recorded──▶ confirm ──1──▶ published, goodbye
 *    │ ▲                │ ▲            ▲                  │  └───3──▶ choose
 *    └─┘ wrong          │ └────────────┼──────────────────┘
 *                       │              └──2── again
 *                       └──2──▶ all in force are cleared, goodbye
 *
 * A key while it is told how to record begins the recording when it is let go, and `#` ends it. What is not published is not kept.
 */

/** More digits than any PIN has. */
const mostPinDigits = 8;
/** The longest message, ms. Whoever rings in a crisis has a question, and no time. */
const longestMs = 90_000;
/** How long a message recorded here is in force, ms. */
const inForceMs = 2 * 3_600_000;
/** How long after its end a recording may be told of, ms. */
const lateMs = 5_000;
/** How long an answer to a look-up may take, ms: then the step counts as failed. */
const lookUpMs = 8_000;

type Announce = NodeOf<"announce">;

export const announce: NodeRules<"announce"> = {
  enter(visit, _, before) {
    stand(visit, { step: "pin" });
    hear(visit, [...before, "announce-pin"]);
  },
  spoken(visit, node) {
    const { step } = placeOf(visit);
    if (step === "record") record(visit);
    else attend(visit, node.waitMs);
  },
  // A recording begun now would end when that key is let go.
  down: (visit, node) => attend(visit, node.waitMs),
  key(visit, node, key) {
    const { step } = placeOf(visit);
    if (step === "pin") {
      // A PIN's keys are in no fact, and its digits are not known here.
      const digits = takeDigit(visit, key, mostPinDigits);
      if (digits === undefined || digits === "") return attend(visit, node.waitMs);
      return ask(visit, "checking", { for: "pin", pin: digits.length });
    }
    if (step === "record") return record(visit);
    // It ended the recording, and comes as a key before or after that.
    if (step === "confirm" && key === "#") return;
    const chosen = choices[step ?? ""]?.[key];
    if (chosen === undefined && (step === "choose" || step === "confirm")) {
      logKey(visit, key, false);
      return askOnceMore(visit, node, "wrong-key");
    }
    if (chosen === undefined) return;
    logKey(visit, key, true);
    chosen(visit);
  },
  secret: ({ step }) => step === "pin",
  silence(visit, node) {
    const { step } = placeOf(visit);
    if (step === "checking") return wrongPin(visit, node);
    if (step === "publishing") return failed(visit);
    if (step === "record") return record(visit);
    if (step === "recording") {
      drop(visit);
      return failed(visit);
    }
    askOnceMore(visit, node, "no-key");
  },
  found(visit, node, result) {
    const { step } = placeOf(visit);
    if (step === "checking") {
      if (result.is !== "admitted") return wrongPin(visit, node);
      stand(visit, { who: result.who });
      return say(visit, "choose");
    }
    if (step !== "publishing") return;
    if (result.is === "published") return leave(visit, { to: "end" }, ["announce-published"]);
    drop(visit);
    failed(visit);
  },
  recorded(visit, node, recording, ms) {
    const { step, tries } = placeOf(visit);
    if (step !== "recording") return;
    stand(visit, { part: recording });
    if (ms > 0) return say(visit, "confirm");
    drop(visit);
    if (tries + 1 >= node.tries) return leave(visit, node.fallback, ["voicemail-empty"]);
    say(visit, "record", ["voicemail-empty"]);
    stand(visit, { tries: tries + 1 });
  },
  gone(visit) {
    const { step } = placeOf(visit);
    // What is being published is taken away by whoever publishes it, unless an engine went meanwhile.
    if (step === "recording" || step === "confirm" || (step === "publishing" && visit.turn.settling)) drop(visit);
  },
  /** What was recorded or looked up meanwhile is lost. */
  resume(visit) {
    const { step } = placeOf(visit);
    if (step === "recording" || step === "confirm" || step === "publishing") drop(visit);
    say(visit, placeOf(visit).who === undefined ? "pin" : "choose");
  },
};

const choices: Readonly<Record<string, Readonly<Partial<Record<string, (visit: Visit) => void>>>>> = {
  choose: { 1: (visit) => say(visit, "record"), 2: clear },
  confirm: { 1: publish, 2: (visit) => giveUp(visit, "record"), 3: (visit) => giveUp(visit, "choose") },
};

/** What is said at a step. */
function spokenAt(visit: Visit): Piece[] {
  const { step, part } = placeOf(visit);
  if (step === "choose") return ["announce-choices"];
  if (step === "record") return ["announce-record"];
  if (step === "confirm") return [...(part === undefined ? [] : [recordedPrompt(part)]), "announce-confirm"];
  return ["announce-pin"];
}

function say(visit: Visit, step: "pin" | "choose" | "record" | "confirm", before: readonly Piece[] = []): void {
  stand(visit, { step, typed: "", tries: 0 });
  hear(visit, [...before, ...spokenAt(visit)]);
}

/** With no tries left the call goes on, and what was recorded is not kept. */
function askOnceMore(visit: Visit, node: Announce, because: "wrong-key" | "no-key"): void {
  const { step } = placeOf(visit);
  askAgain(visit, node, because, spokenAt(visit));
  if (step === "confirm" && placeOf(visit).step !== step) drop(visit);
}

/** Ends what is being said, and waits (ms) for a key or an answer. */
function attend(visit: Visit, ms: number): void {
  startBed(visit.turn, visit.call);
  wait(visit, ms);
}

function wrongPin(visit: Visit, node: Announce): void {
  const tries = placeOf(visit).tries + 1;
  if (tries >= node.tries) return leave(visit, node.fallback, ["announce-wrong-pin"]);
  stand(visit, { step: "pin", typed: "", tries });
  hear(visit, ["announce-wrong-pin", "announce-pin"]);
}

function ask(visit: Visit, step: "checking" | "publishing", query: Query): void {
  const { turn, call } = visit;
  call.lookups += 1;
  stand(visit, { step });
  attend(visit, lookUpMs);
  turn.effects.push({ do: "look-up", call: call.id, lookup: call.lookups, query });
}

function record(visit: Visit): void {
  const { turn, call } = visit;
  quiet(turn, call);
  call.recordings += 1;
  stand(visit, { step: "recording" });
  turn.effects.push({ do: "record", call: call.id, recording: call.recordings, maxMs: longestMs });
  wait(visit, longestMs + lateMs);
}

/** What was recorded is not to be heard. */
function giveUp(visit: Visit, step: "record" | "choose"): void {
  drop(visit);
  say(visit, step);
}

function drop({ turn, call }: Visit): void {
  turn.effects.push({ do: "drop-recording", call: call.id, recording: call.recordings });
}

function publish(visit: Visit): void {
  const { part = 0, who = "" } = placeOf(visit);
  const { turn } = visit;
  const until = turn.at + inForceMs;
  ask(visit, "publishing", { for: "publish", recording: part, who, until });
}

function failed(visit: Visit): void {
  say(visit, "choose", ["announce-failed"]);
}

function clear(visit: Visit): void {
  const { core, turn } = visit;
  const { who = "" } = placeOf(visit);
  for (const { id } of [...core.announcements]) clearAnnouncement(core, turn, id, who);
  leave(visit, { to: "end" }, ["announce-cleared"]);
}
