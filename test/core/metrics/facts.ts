import fc from "fast-check";
import { type Fact, type Outcome, outcomes } from "../../../src/core/facts.ts";

/** One call's facts as the core would give them, in order, for tests of the figures. */
export interface CallSpec {
  readonly call: string;
  readonly group: string;
  /** When it enters the queue. */
  readonly at: number;
  readonly waitMs: number;
  /** What it came to; undefined: the caller gave up waiting. */
  readonly outcome?: Outcome | "not-stated";
  readonly talkMs?: number;
  readonly wrapUpMs?: number;
  /** The group it overflows to after half of its wait; it is answered, or given up, there. */
  readonly overflowTo?: string;
  /** The group it is transferred to after the first talk, and answered in at once. */
  readonly transferTo?: string;
}

export function factsOf(spec: CallSpec): Fact[] {
  const { call, at, talkMs = 60_000, wrapUpMs = 10_000 } = spec;
  const facts: Fact[] = [
    { at: at - 5_000, type: "call.arrived", call, number: "+46846500400", from: null },
    { at, type: "call.queued", call, group: spec.group, language: "sv" },
  ];
  let group = spec.group;
  let since = at;
  if (spec.overflowTo !== undefined) {
    group = spec.overflowTo;
    since = at + Math.floor(spec.waitMs / 2);
    facts.push({ at: since, type: "call.queued", call, group, language: "sv" });
  }
  const left = at + spec.waitMs;
  const waitedMs = left - since;
  if (spec.outcome === undefined) {
    facts.push({ at: left, type: "call.abandoned", call, group, waitedMs });
    facts.push({ at: left, type: "call.ended", call, stage: "queue", by: "caller" });
    return facts;
  }
  const segment = (start: number, group: string, agent: string, waitedMs: number, outcome: Outcome | "not-stated") => {
    const over = start + talkMs;
    const done = over + wrapUpMs;
    facts.push({ at: start, type: "call.answered", call, group, agent, waitedMs });
    facts.push({ at: over, type: "call.talked", call, group, agent, talkMs, holdMs: 0 });
    return [
      { at: done, type: "call.outcome", call, group, agent, outcome },
      { at: done, type: "call.wrapped-up", call, group, agent, wrapUpMs },
    ] as const satisfies Fact[];
  };
  const wrapUp = segment(left, group, "anna", waitedMs, spec.outcome);
  let over = left + talkMs;
  if (spec.transferTo !== undefined) {
    // The first agent still wraps up when the second answers.
    facts.push({ at: over, type: "call.queued", call, group: spec.transferTo, language: "sv" });
    const second = segment(over, spec.transferTo, "bo", 0, "answered");
    over += talkMs;
    facts.push(...wrapUp, { at: over, type: "call.ended", call, stage: "talk", by: "caller" }, ...second);
  } else facts.push({ at: over, type: "call.ended", call, stage: "talk", by: "caller" }, ...wrapUp);
  return inOrder(facts);
}

/** A caller who hangs up in the menu. */
export function menuOnly(call: string, at: number): Fact[] {
  return [
    { at, type: "call.arrived", call, number: "+46846500400", from: null },
    { at, type: "call.menu", call, node: "main", language: "sv" },
    { at: at + 4_000, type: "call.ended", call, stage: "menu", by: "caller" },
  ];
}

/** Facts of many calls as one log would hold them. */
export function inOrder(facts: readonly Fact[]): Fact[] {
  return facts.toSorted((a, b) => a.at - b.at);
}

/** Calls between two instants, to groups a, b and c, with every course a call can take. */
export function callSpecs(from: number, to: number, maxLength = 40): fc.Arbitrary<CallSpec[]> {
  const group = fc.constantFrom("a", "b", "c");
  const spec = fc.record(
    {
      group,
      at: fc.integer({ min: from, max: to - 1 }),
      waitMs: fc.oneof(fc.integer({ min: 0, max: 120_000 }), fc.constantFrom(0, 5_000, 5_001, 60_000, 60_001)),
      outcome: fc.constantFrom(...outcomes, "not-stated" as const),
      talkMs: fc.integer({ min: 0, max: 900_000 }),
      wrapUpMs: fc.integer({ min: 0, max: 120_000 }),
      overflowTo: group,
      transferTo: group,
    },
    { requiredKeys: ["group", "at", "waitMs"] },
  );
  return fc.array(spec, { maxLength }).map((specs) => specs.map((spec, i) => ({ ...spec, call: `c${i}` })));
}
