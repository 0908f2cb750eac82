import { endCaller } from "../call/end.ts";
import { bridged, legAnswered, legEnded } from "../call/leg.ts";
import { endLeg } from "../call/offer.ts";
import { lookAfterMs, ringTimer } from "../call/timers.ts";
import type { LiveChannel } from "../events.ts";
import { type Call, type CoreState, type Offer, setTimer, type Turn } from "../state.ts";
import { attemptOver, citizenAnswered, citizenGone } from "./attempt.ts";
import { rest } from "./rest.ts";

/**
 * A callback held against what Asterisk has of it. Who talks goes on; a citizen's telephone that rings while the agent listens rings on;
 * every other ring is undone first, and only when it is gone may the citizen be rung again.
 */
export function settleBack(
  core: CoreState,
  turn: Turn,
  call: Call,
  citizen: LiveChannel | undefined,
  leg: LiveChannel | undefined,
): void {
  const { offer } = call;
  // As it was found: who is rung only now has no channel yet.
  const here = call.absent === "ringing" || !(call.absent || call.callerGone);
  if (offer && leg) settlePair(core, turn, call, offer, citizen, leg);
  if (here && !citizen) citizenGone(core, turn, call, "failed");
  if (offer && !leg && call.offer) {
    if (offer.state === "ringing" || offer.state === "connecting") offer.why ??= "withdrawn";
    legEnded(core, turn, { at: turn.at, type: "leg.ended", call: call.id, offer: offer.n, cause: "failed" });
  }
  // Its end was asked for, and may have been lost on the way.
  if (citizen && !call.offer && here && core.calls.has(call.id)) endCaller(core, turn, call);
}

function settlePair(
  core: CoreState,
  turn: Turn,
  call: Call,
  offer: Offer,
  citizen: LiveChannel | undefined,
  leg: LiveChannel,
): void {
  const { at } = turn;
  const together = citizen !== undefined && citizen.bridge !== null && citizen.bridge === leg.bridge;
  if (offer.state === "ending") turn.effects.push({ do: "end-leg", call: call.id, offer: offer.n });
  else if (together) talksAlready(core, turn, call, offer);
  else if (offer.state === "talking") endLeg(core, turn, call, offer, "talk-over");
  else if (!citizen) {
    if (offer.state !== "ringing") return;
    if (leg.up) legAnswered(core, turn, { at, type: "leg.answered", call: call.id, offer: offer.n });
    else endLeg(core, turn, call, offer, "withdrawn");
  } else if (offer.state === "ringing" || !leg.up) endLeg(core, turn, call, offer, "withdrawn");
  else if (offer.state === "connecting") {
    // All of what follows the citizen's answer, for the lost engine may have got no further than to decide it.
    turn.effects.push({ do: "ringback", call: call.id, offer: offer.n, on: false });
    turn.effects.push({ do: "bridge", call: call.id, offer: offer.n });
    setTimer(core, turn, ringTimer(call.id), at + lookAfterMs);
  } else if (citizen.up) citizenAnswered(core, turn, { at, type: "caller.answered", call: call.id });
}

/** Citizen and agent hear each other, whatever the log knows of how that came. */
export function talksAlready(core: CoreState, turn: Turn, call: Call, offer: Offer): void {
  if (call.callback && call.absent && call.absent !== "ringing") call.callback.attempts += 1;
  delete call.absent;
  delete call.callback?.result;
  offer.answeredAt ??= turn.at;
  if (offer.state !== "talking") offer.state = "connecting";
  call.bridged = true;
  bridged(core, turn, { at: turn.at, type: "bridged", call: call.id, offer: offer.n });
}

/** A citizen who is being rung although nobody knows: by a lost engine, after the last thing that stands in its log. */
export function undoStray(core: CoreState, turn: Turn, call: Call, citizen: LiveChannel | undefined): void {
  if (!citizen || !call.callback || !call.absent || call.absent === "ringing") return;
  rest(core, turn, call);
  call.absent = "ringing";
  call.callback.result ??= { is: "undone" };
  endCaller(core, turn, call);
  attemptOver(core, turn, call);
}
