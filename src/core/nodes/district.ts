import { setDistrict } from "../call/district.ts";
import { leadOutOfScope } from "../call/out-of-scope.ts";
import { ringOutside } from "../call/outside.ts";
import { startMusic } from "../call/sound.ts";
import type { NodeOf } from "../plan/node.ts";
import type { Plan } from "../plan/plan.ts";
import type { Said } from "../speech/said.ts";
import { digitGapMs, takeDigit } from "./digits.ts";
import { askAgain, hear, leave, listen, logKey, type NodeRules, placeOf, stand, type Visit } from "./visit.ts";

/** The caller's district, by the postal code they key in. Whoever cannot say it is led on without: an agent asks. */
export const district: NodeRules<"district"> = {
  enter(visit, node, before) {
    const { district: known } = visit.call;
    // Whoever is to be rung through for good must be able to say that it is about somebody who lives elsewhere.
    if (known && !(known.source === "known" && node.next === "own-number")) go(visit, node, before);
    else hear(visit, [...before, "key-postcode"]);
  },
  key(visit, node, key) {
    // The district's telephone rings: there is nothing more to say.
    if (visit.call.outside) return;
    logKey(visit, key, true);
    const code = takeDigit(visit, key, codeLength);
    if (code === undefined) return listen(visit, digitGapMs);
    const found = districtOf(visit.plan, code);
    if (found === undefined) return askAgain(visit, node, "wrong-key", ["postcode-unknown", "key-postcode"]);
    setDistrict(visit.core, visit.turn, visit.call, found, "postcode");
    go(visit, node, []);
  },
  spoken(visit, node) {
    if (visit.call.outside) startMusic(visit.turn, visit.call);
    else listen(visit, node.waitMs);
  },
  silence: (visit, node) => askAgain(visit, node, "no-key", ["key-postcode"]),
  unreached(visit, node, how) {
    // A restart of the engine undid the ring: nobody was really asked.
    if (how === "withdrawn") go(visit, node, []);
    else leave(visit, node.fallback, ["nobody-answered"]);
  },
  resume(visit, node) {
    if (visit.call.outside) startMusic(visit.turn, visit.call);
    else district.enter(visit, node, []);
  },
};

/** The step of a call that is led to its district's own telephone, however often that is rung. */
const through = "through";

/** A Swedish postal code has five digits. */
const codeLength = 5;

/** By all five digits, or the first four or three of them. */
function districtOf({ postcodes = {} }: Plan, code: string): string | undefined {
  if (code.length !== codeLength) return undefined;
  for (let length = codeLength; length >= 3; length--) {
    const prefix = code.slice(0, length);
    if (Object.hasOwn(postcodes, prefix)) return postcodes[prefix];
  }
  return undefined;
}

/** On with the district; what the centre does not answer is rung through to the district's own telephone. */
function go(visit: Visit, node: NodeOf<"district">, before: readonly Said[]): void {
  if (node.next !== "own-number") return leave(visit, node.next, before);
  const { core, turn, call, plan } = visit;
  const number = plan.districtNumbers?.[call.district?.name ?? ""] ?? "";
  if (!ringOutside(core, turn, call, number, ringMs)) return leave(visit, node.fallback, before);
  if (placeOf(visit).step !== through) leadOutOfScope(core, turn, call);
  stand(visit, { step: through });
  hear(visit, [...before, "district-transfer"]);
}

/** How long a district's telephone rings, ms. */
const ringMs = 30_000;
