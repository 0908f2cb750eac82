import { leadOn } from "../call/fallback.ts";
import { cancel } from "../callback/attempt.ts";
import { book, bookedFor } from "../callback/booking.ts";
import { rulesOf } from "../callback/hours.ts";
import { mayBook } from "../callback/offered.ts";
import { allowed } from "../numbers/allowed.ts";
import type { NodeOf } from "../plan/node.ts";
import type { PhoneNumber } from "../plan/plan.ts";
import type { Ask } from "../routing/types.ts";
import type { Said } from "../speech/said.ts";
import { digitGapMs, takeDigit } from "./digits.ts";
import { hear, leave, listen, logKey, type NodeRules, placeOf, stand, type Visit } from "./visit.ts";

/**
 * The caller is rung back instead of waiting:
 *
 *   own ──2──▶ key ──digits, #──▶ keyed ──1──▶ booked ─▶ next
 *    └──1──────────────▲─────2──────┘
 *
 * A number withheld, or one that may not be rung, is keyed in at once. Whoever has a callback already may take it back (`already`).
 * Whoever settles nothing goes back to the place in the queue, when there is one, or to the node's `fallback`.
 */
type Node = NodeOf<"callback">;
type Step = "own" | "key" | "keyed" | "already";

/** E.164 has at most 15 digits (ITU-T E.164, 6), after "00" when keyed. */
const mostDigits = 17;

export const callback: NodeRules<"callback"> = {
  enter(visit, node, before) {
    const { core, plan, call, turn } = visit;
    if (bookedFor(core, call.from)) return ask(visit, "already", before);
    if (!mayBook(core, plan, call, askOf(visit, node), turn.at)) return giveUp(visit, node, [...before, "callback-none-now"]);
    ask(visit, ownNumber(visit) ? "own" : "key", before);
  },
  resume: (visit) => ask(visit, stepOf(visit), []),
  key(visit, node, key) {
    const step = stepOf(visit);
    if (step === "key") {
      logKey(visit, key, true);
      const keyed = takeDigit(visit, key, mostDigits);
      return keyed === undefined ? listen(visit, digitGapMs) : numberKeyed(visit, node, keyed);
    }
    logKey(visit, key, key === "1" || key === "2");
    if (key !== "1" && key !== "2") return askAnew(visit, node, "wrong-key");
    if (step === "already") return key === "1" ? callOff(visit, node) : leave(visit, node.next);
    const number = step === "own" ? ownNumber(visit) : typedNumber(visit);
    if (key === "2" || !number) return ask(visit, "key", []);
    confirm(visit, node, number);
  },
  silence(visit, node) {
    const step = stepOf(visit);
    const { typed = "" } = placeOf(visit);
    if (step === "already") keep(visit, node, []);
    else if (step === "key" && typed !== "") numberKeyed(visit, node, typed);
    else askAnew(visit, node, "no-key");
  },
};

const stepOf = (visit: Visit): Step => (placeOf(visit).step as Step | undefined) ?? "key";

/** Asks a step's question; `before` is said first. */
function ask(visit: Visit, step: Step, before: readonly Said[]): void {
  stand(visit, step === "keyed" ? { step } : { step, typed: "" });
  const number = step === "own" ? ownNumber(visit) : typedNumber(visit);
  const questions: Readonly<Record<Step, readonly Said[]>> = {
    own: numberIs(number),
    key: ["callback-key-number"],
    keyed: numberIs(number),
    already: ["callback-already"],
  };
  hear(visit, [...before, ...questions[step]]);
}

const numberIs = (number: PhoneNumber = ""): readonly Said[] => [
  "callback-number-is",
  { digits: number.startsWith("+46") ? `0${number.slice(3)}` : number.replace("+", "00") },
  "callback-confirm",
];

/** The same question once more, as often as the node says. */
function askAnew(visit: Visit, node: Node, because: "wrong-key" | "no-key" | "callback-bad-number"): void {
  const tries = placeOf(visit).tries + 1;
  if (tries >= node.tries) return giveUp(visit, node, [because]);
  stand(visit, { tries });
  ask(visit, stepOf(visit), [because]);
}

function numberKeyed(visit: Visit, node: Node, keyed: string): void {
  const number = allowed(keyed, rulesOf(visit.plan));
  if (!number) return askAnew(visit, node, "callback-bad-number");
  stand(visit, { typed: number });
  const booked = bookedFor(visit.core, number);
  // Of those who are known by their number, only the one who booked it hears of it.
  if (booked?.callback && booked.callback.by === visit.call.from) return alreadyKeyed(visit);
  ask(visit, "keyed", []);
}

function alreadyKeyed(visit: Visit): void {
  stand(visit, { step: "already" });
  hear(visit, ["callback-already"]);
}

function confirm(visit: Visit, node: Node, number: PhoneNumber): void {
  const { core, plan, turn, call } = visit;
  // An agent is just answering.
  if (call.offer) return giveUp(visit, node, []);
  // One for each number: what somebody else has booked holds, and nothing is added to it.
  if (!bookedFor(core, number)) {
    const back = book(core, turn, call, askOf(visit, node), number);
    // Whoever could have taken it may have left while it was being asked about.
    leadOn(core, plan, turn, back);
  }
  leave(visit, node.next, ["callback-booked"]);
}

function callOff(visit: Visit, node: Node): void {
  const { core, turn, call } = visit;
  const booked = bookedFor(core, call.from) ?? bookedFor(core, typedNumber(visit) ?? null);
  if (booked) cancel(core, turn, booked, "caller");
  keep(visit, node, ["callback-cancelled"]);
}

/** Whoever waits, waits on; for others that was all. */
function keep(visit: Visit, node: Node, before: readonly Said[]): void {
  if (visit.call.queued) giveUp(visit, node, before);
  else leave(visit, node.next, before);
}

/** Nothing was settled: back to the place in the queue, or on. */
function giveUp(visit: Visit, node: Node, before: readonly Said[]): void {
  const { call } = visit;
  const { queued, language } = call;
  if (!queued) return leave(visit, node.fallback, before);
  visit.take({ to: "group", group: queued.ask.group, language, because: "no-key", say: before, label: null });
}

const ownNumber = ({ call, plan }: Visit): PhoneNumber | undefined =>
  call.from === null ? undefined : allowed(call.from, rulesOf(plan));

const typedNumber = (visit: Visit): PhoneNumber | undefined => {
  const { typed = "" } = placeOf(visit);
  return typed.startsWith("+") ? typed : undefined;
};

/** What the callback asks: as the call that waits, or as it was on the way to; of the last resort when that is not known. */
function askOf({ call, plan }: Visit, node: Node): Ask {
  if (call.queued) return call.queued.ask;
  const wanted: Ask = call.wanted ?? { group: plan.lastResort, languages: [call.language], priority: "normal" };
  return node.group === undefined ? wanted : { ...wanted, group: node.group };
}
