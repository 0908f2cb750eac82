import { discardMessage, sendMessage } from "../call/left-message.ts";
import { quiet, startBed } from "../call/sound.ts";
import type { VoicemailNode } from "../plan/node.ts";
import { hear, leave, logKey, type NodeRules, placeOf, stand, type Visit, wait } from "./visit.ts";

/**
 * A message is left:
 *
 *   "" start is spoken ──▶ "recording" ──recorded──▶ "confirm" ──1, silence──▶ sent, and on
 *    ▲                        │                         │2
 *    ├── nothing said ────────┘ (no tries left: fallback)│
 *    └──────────────────────────────────────────────────┘
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
    if (placeOf(visit).step === confirm) awaitKey(visit, node);
    else record(visit, node);
  },
  // A recording begun now would end when that key is let go.
  down: awaitKey,
  key(visit, node, key) {
    const { step, tries } = placeOf(visit);
    // `#` ends a recording, and comes as a key before or after that.
    if (step === recording || (step === confirm && key === "#")) return;
    if (step !== confirm) return record(visit, node);
    logKey(visit, key, key === "1" || key === "2");
    if (key === "2") return anew(visit, node, []);
    if (key === "1" || tries + 1 >= node.tries) return send(visit, node);
    stand(visit, { tries: tries + 1 });
    hear(visit, ["wrong-key", "voicemail-confirm"]);
  },
  silence(visit, node) {
    if (placeOf(visit).step === confirm) return send(visit, node);
    const { message } = visit.call;
    if (!message) return record(visit, node);
    // The end of the recording never came: an engine may have been away when it was told.
    taken(visit, node, message.recording, Math.min(visit.turn.at - message.since, node.maxMs));
  },
  recorded: taken,
  resume(visit, node) {
    const { call, turn } = visit;
    if (placeOf(visit).step === confirm) return hear(visit, ["voicemail-confirm"]);
    if (!call.message) return anew(visit, node, []);
    turn.effects.push({ do: "stop-record", call: call.id, recording: call.message.recording });
    wait(visit, lateMs);
  },
};

const recording = "recording";
const confirm = "confirm";
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

function send(visit: Visit, node: VoicemailNode): void {
  sendMessage(visit.turn, visit.call);
  leave(visit, node.next, ["voicemail-thanks"]);
}
