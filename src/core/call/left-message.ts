import type { Call, Turn } from "../state.ts";

/** A message a caller leaves, from its recording to the fact that makes it somebody's matter. */

/** Whoever hangs up sooner after the tone wanted to leave nothing, ms. */
const leastMs = 2_000;

/** The message is the city's now. */
export function sendMessage(turn: Turn, call: Call): void {
  const { message } = call;
  if (!message) return;
  const { recording, since, ms = turn.at - since, group, officer } = message;
  delete call.message;
  const to = officer === undefined ? { group } : { group, officer };
  turn.facts.push({ at: turn.at, type: "call.message", call: call.id, recording, ms, ...to, from: call.from });
}

/** The caller's line is gone, and with it the one who could say that the message is not to be sent. */
export function sendWhatWasSaid(turn: Turn, call: Call): void {
  const { message } = call;
  if (message && (message.ms ?? turn.at - message.since) >= leastMs) sendMessage(turn, call);
  else discardMessage(turn, call);
}

/** The caller does not want it sent, or there is nothing on it: it is not kept. */
export function discardMessage(turn: Turn, call: Call): void {
  const { message } = call;
  if (!message) return;
  delete call.message;
  turn.effects.push({ do: "drop-recording", call: call.id, recording: message.recording });
}
