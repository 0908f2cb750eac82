import { saidOf } from "../call/pieces.ts";
import { quiet, say, startBed } from "../call/sound.ts";
import { menuTimer } from "../call/timers.ts";
import type { Found } from "../events.ts";
import type { OutsideEnd } from "../facts.ts";
import { again, lead, type MenuPlace, type MenuStep } from "../menu/walk.ts";
import type { NodeKind, NodeOf } from "../plan/node.ts";
import type { Key, Plan, Target } from "../plan/plan.ts";
import type { Said } from "../speech/said.ts";
import { type Call, type CoreState, clearTimer, setTimer, type Turn } from "../state.ts";

/** A call that is at a node of the plan, and what the node's rules may do with it. */
export interface Visit {
  readonly core: CoreState;
  readonly plan: Plan;
  readonly turn: Turn;
  readonly call: Call;
  /** Where the call goes on: another node, a group, the end. */
  readonly take: (step: MenuStep) => void;
}

/**
 * What a kind of node does with each thing that can happen at it. Whatever is left out changes nothing, but for `spoken` (the
 * wait for a key begins, when the node has one), `silence` (the node's `fallback`) and `resume` (as `enter`).
 */
export interface NodeRules<K extends NodeKind> {
  /** The caller comes to the node. `before`: what is to be said first, a greeting say. */
  enter(visit: Visit, node: NodeOf<K>, before: readonly Said[]): void;
  /** Everything has been spoken. */
  spoken?(visit: Visit, node: NodeOf<K>): void;
  key?(visit: Visit, node: NodeOf<K>, key: Key): void;
  /** Whether digits keyed at this place are a secret. The core is told that there was one, never which. */
  secret?(place: MenuPlace): boolean;
  /** A key goes down while something is spoken, which ends by that. Left out: as when everything has been spoken. */
  down?(visit: Visit, node: NodeOf<K>): void;
  /** The wait for a key is over. */
  silence?(visit: Visit, node: NodeOf<K>): void;
  found?(visit: Visit, node: NodeOf<K>, result: Found): void;
  /** A recording is over; `ms`: its length. */
  recorded?(visit: Visit, node: NodeOf<K>, recording: number, ms: number): void;
  /** The number outside that `ringOutside` rang was not reached. `how` "withdrawn": a restart of the engine undid it. */
  unreached?(visit: Visit, node: NodeOf<K>, how: OutsideEnd): void;
  /** The caller's line is gone: what the node kept for them goes. Nothing is said any more. */
  gone?(visit: Visit, node: NodeOf<K>): void;
  /** The engine was away meanwhile: what was being said or recorded is lost. */
  resume?(visit: Visit, node: NodeOf<K>): void;
}

/** Where the call is. Rules run only while it is at a node. */
export function placeOf({ call }: Visit): MenuPlace {
  return call.stage.name === "menu" ? call.stage.place : { node: "", language: call.language, tries: 0 };
}

/** Remembers where within the node the call is. */
export function stand(visit: Visit, change: Partial<Pick<MenuPlace, "step" | "typed" | "part" | "tries" | "who">>): void {
  const { call } = visit;
  if (call.stage.name === "menu") call.stage = { ...call.stage, place: { ...call.stage.place, ...change } };
}

/** Speaks; what was being heard stops, and so does a wait for a key. */
export function hear(visit: Visit, pieces: readonly Said[]): void {
  const { core, turn, call } = visit;
  clearTimer(core, turn, menuTimer(call.id));
  say(
    turn,
    call,
    pieces.flatMap((piece) => saidOf(core, call, piece, turn.at)),
  );
}

/** A key has been taken and more are to come: nothing is said meanwhile, and when none comes (ms) it is `silence`. */
export function listen(visit: Visit, ms: number): void {
  quiet(visit.turn, visit.call);
  startBed(visit.turn, visit.call);
  wait(visit, ms);
}

/** Waits for a key (ms); then `silence`. */
export function wait(visit: Visit, ms: number): void {
  setTimer(visit.core, visit.turn, menuTimer(visit.call.id), visit.turn.at + ms);
}

/** Goes on to a target; `before` is said first. */
export function leave(visit: Visit, target: Target, before: readonly Said[] = []): void {
  const place = placeOf(visit);
  const step = lead(visit.plan, target, place.language, "key", place);
  visit.take({ ...step, say: [...before, ...step.say] });
}

/** Asks once more, `say` after the reason why; with no tries left it goes on to the node's `fallback`. */
export function askAgain(
  visit: Visit,
  node: { readonly tries: number; readonly fallback: Target },
  because: "wrong-key" | "no-key",
  say: readonly Said[],
): void {
  visit.take(again(visit.plan, placeOf(visit), node, because, say));
}

/** For the log: a key that was pressed, and whether it meant anything here. */
export function logKey({ turn, call }: Visit, key: Key, valid: boolean): void {
  const node = call.stage.name === "menu" ? call.stage.place.node : "";
  turn.facts.push({ at: turn.at, type: "call.key", call: call.id, node, key, valid });
}
