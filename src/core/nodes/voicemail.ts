import { discardMessage, sendMessage } from "../call/left-message.ts";
import { quiet, startBed } from "../call/sound.ts";
import { toldCode, toldNumber } from "../call/told.ts";
import type { VoicemailNode } from "../plan/node.ts";
import type { Key } from "../plan/plan.ts";
import { lookUp } from "./look-up.ts";
import { hear, leave, logKey, type NodeRules, placeOf, stand, type Visit, wait } from "./visit.ts";

/**
 * A message is left:
 *
 *   "" start is spoken ──▶ "recording" ──recorded──▶ "confirm" ──1, silence──▶ sent, and on
 *    ▲                        │                         │2
 *    ├── nothing said ────────┘ (no tries left: fallback)│
 *    └──────────────────────────────────────────────────┘
 *   sent: "filing" ──its matter is known──▶ "told" ──1──▶ once more; else on
 *
 * Whoever hangs up has sent what was said by then: see `call/left-message.ts`. A key during the start begins the recording.
 */
export const voicemail: NodeRules<"voicemail"> = {
  enter(visit, _, before) {
    discardMessage(visit.turn, visit.call);
    stand(visit, { step: "" });
    hear(visit, [...before, "voicemail-start"]);
  },
  spoken(visit, node) {
    const { step } = placeOf(visit);
    if (step === confirm || step === told) awaitKey(visit, node);
    else record(visit, node);
  },
  // A recording begun now would end when that key is let go.
  down: awaitKey,
  key(visit, node, key) {
    const { step, tries } = placeOf(visit);
    // `#` ends a recording, and comes as a key before or after that.
    if (step === recording || step === filing || (step === confirm && key === "#")) return;
    if (step === told) return heard(visit, node, key);
    if (step !== confirm) return record(visit, node);
    logKey(visit, key, key === "1" || key === "2");
    if (key === "2") return anew(visit, node, []);
    if (key === "1" || tries + 1 >= node.tries) return send(visit);
    stand(visit, { tries: tries + 1 });
    hear(visit, ["wrong-key", "voicemail-confirm"]);
  },
  silence(visit, node) {
    const { step } = placeOf(visit);
    if (step === confirm) return send(visit);
    if (step === told) return leave(visit, node.next);
    if (step === filing) return leave(visit, node.next, ["voicemail-thanks"]);
    const { message } = visit.call;
    if (!message) return record(visit, node);
    // The end of the recording never came: an engine may have been away when it was told.
    taken(visit, node, message.recording, Math.min(visit.turn.at - message.since, node.maxMs));
  },
  recorded: taken,
  found(visit, node, result) {
    if (placeOf(visit).step !== filing) return;
    if (result.is !== "matter-made") return leave(visit, node.next, ["voicemail-thanks"]);
    stand(visit, { step: told });
    hear(visit, ["voicemail-thanks", ...matterIs]);
  },
  resume(visit, node) {
    const { call, turn } = visit;
    const { step } = placeOf(visit);
    // What was told is known to no engine but the one that told it.
    if (step === filing || step === told) return file(visit);
    if (placeOf(visit).step === confirm) return hear(visit, ["voicemail-confirm"]);
    if (!call.message) return anew(visit, node, []);
    turn.effects.push({ do: "stop-record", call: call.id, recording: call.message.recording });
    wait(visit, lateMs);
  },
};

const recording = "recording";
const confirm = "confirm";
const filing = "filing";
const told = "told";
/** With both the caller can ask later how far it has come. */
const matterIs = ["matter-number-is", toldNumber, "matter-code-is", toldCode, "matter-told-again"] as const;
/** Less is a breath, or the receiver being put down, ms. */
const leastMs = 1_000;
/** How long after its end a recording may be told of, ms. */
const lateMs = 5_000;

function awaitKey(visit: Visit, node: VoicemailNode): void {
  startBed(visit.turn, visit.call);
  wait(visit, node.waitMs);
}

function record(visit: Visit, node: VoicemailNode): void {
  const { call, turn } = visit;
  if (placeOf(visit).step === recording) return;
  quiet(turn, call);
  call.recordings += 1;
  call.message = { recording: call.recordings, since: turn.at, ...forWhom(visit, node) };
  stand(visit, { step: recording });
  turn.effects.push({ do: "record", call: call.id, recording: call.recordings, maxMs: node.maxMs });
  wait(visit, node.maxMs + lateMs);
}

/** The officer sought, or a group: the node's, the one whose queue the caller was in, or the plan's last resort. */
function forWhom({ plan, call }: Visit, node: VoicemailNode): { group: string; officer?: string } {
  const group = node.group ?? call.officer?.group ?? call.queued?.ask.group ?? plan.lastResort;
  return call.officer ? { group, officer: call.officer.id } : { group };
}

function taken(visit: Visit, node: VoicemailNode, n: number, ms: number): void {
  const { message } = visit.call;
  if (placeOf(visit).step !== recording || message?.recording !== n) return;
  if (ms < leastMs) {
    const tries = placeOf(visit).tries + 1;
    discardMessage(visit.turn, visit.call);
    if (tries >= node.tries) return leave(visit, node.fallback, ["voicemail-empty"]);
    stand(visit, { tries });
    return anew(visit, node, ["voicemail-empty"]);
  }
  visit.call.message = { ...message, ms };
  stand(visit, { step: confirm });
  hear(visit, ["voicemail-confirm"]);
}

function anew(visit: Visit, _: VoicemailNode, before: readonly string[]): void {
  discardMessage(visit.turn, visit.call);
  stand(visit, { step: "" });
  hear(visit, [...before, "voicemail-again"]);
}

function send(visit: Visit): void {
  sendMessage(visit.turn, visit.call);
  file(visit);
}

function file(visit: Visit): void {
  lookUp(visit, { for: "matter-made", recording: visit.call.recordings }, filing);
}

function heard(visit: Visit, node: VoicemailNode, key: Key): void {
  logKey(visit, key, key === "1");
  if (key === "1") hear(visit, matterIs);
  else leave(visit, node.next);
}
