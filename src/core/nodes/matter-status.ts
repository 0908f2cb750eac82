import { quiet, startBed } from "../call/sound.ts";
import type { NodeOf } from "../plan/node.ts";
import type { Key } from "../plan/plan.ts";
import { digitGapMs, takeDigit } from "./digits.ts";
import { lookUp } from "./look-up.ts";
import { onceMore } from "./once-more.ts";
import { hear, leave, type NodeRules, placeOf, stand, type Visit, wait } from "./visit.ts";

/**
 * How far the caller's own matter has come:
 *
 *   "" number ──▶ "code:NUMBER" ──▶ "looking" ──found──▶ its status, and on
 *    ▲                                  └── not found: tries left? else fallback
 *    └──────────────────────────────────────┘
 *
 * No key is logged here: number and code together open the matter.
 */
export const matterStatus: NodeRules<"matter-status"> = {
  enter(visit, _, before) {
    stand(visit, { step: "", typed: "" });
    hear(visit, [...before, ...askNumber]);
  },
  key: take,
  secret: ({ step = "" }) => codeStep.test(step),
  silence(visit, node) {
    const { step, typed = "" } = placeOf(visit);
    if (step === looking) unknown(visit, node);
    else if (typed === "") onceMore(visit, node, "no-key", askNumber);
    else take(visit, node, "#");
  },
  found(visit, node, result) {
    if (placeOf(visit).step !== looking) return;
    if (result.is === "matter") leave(visit, node.next, [`matter-status-${result.status}`]);
    else unknown(visit, node);
  },
};

/** "2026-000123" without its hyphen, and the code. */
const numberDigits = 10;
const codeDigits = 4;
const askNumber = ["key-matter-number"] as const;
const looking = "looking";
const codeStep = /^code:(\d*)$/;

function take(visit: Visit, node: NodeOf<"matter-status">, key: Key): void {
  const { step = "" } = placeOf(visit);
  if (step === looking) return;
  const number = codeStep.exec(step)?.[1];
  const digits = takeDigit(visit, key, number === undefined ? numberDigits : codeDigits);
  if (digits === undefined) {
    quiet(visit.turn, visit.call);
    startBed(visit.turn, visit.call);
    return wait(visit, digitGapMs);
  }
  // Whoever ends the number as they are told to, when it was complete already, has said nothing about the code.
  if (digits === "" && number !== undefined) return;
  if (digits === "") return onceMore(visit, node, "no-key", askNumber);
  if (number !== undefined) return lookUp(visit, { for: "matter", number, code: digits.length }, looking);
  stand(visit, { step: `code:${digits}` });
  hear(visit, ["key-matter-code"]);
}

function unknown(visit: Visit, node: NodeOf<"matter-status">): void {
  onceMore(visit, node, "matter-unknown", askNumber);
}
