import fc from "fast-check";
import t from "tap";
import type { Effect } from "../../../src/core/effects.ts";
import type { CoreEvent } from "../../../src/core/events.ts";
import { type Key, keys } from "../../../src/core/plan/plan.ts";
import { type CoreState, emptyState } from "../../../src/core/state.ts";
import { step } from "../../../src/core/step.ts";
import { loadPlan } from "../../../src/plans/load.ts";

/** Whatever callers press, and whatever comes back in whatever order: nobody is left in silence, and every call comes to something. */

const plan = await loadPlan("dialplans/stockholm");
const numbers = plan.numbers.map(({ number }) => number);
const froms = ["+46701740605", "+46701740606", null, "+4790000000"];

/** One call, with a line that tells what it was asked to do, now or later. */
class Line {
  readonly core: CoreState;
  at = Date.parse("2026-11-24T10:00:00+01:00");
  #open: Effect[] = [];

  constructor(core: CoreState) {
    this.core = core;
  }

  take(event: CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, "at"> : never) : never): void {
    const turn = step(this.core, { ...event, at: this.at } as CoreEvent);
    for (const effect of turn.effects) {
      if (effect.do === "stop-play")
        this.#open = this.#open.filter((one) => one.do !== "play" || one.playback !== effect.playback);
      if (effect.do === "end-leg") this.#open = this.#open.filter((one) => one.do !== "dial" || one.offer !== effect.offer);
      if (["play", "stop-play", "look-up", "record", "stop-record", "dial", "end-leg", "end-caller"].includes(effect.do))
        this.#open.push(effect);
    }
  }

  /** Something it was asked for is told; false when there is nothing. */
  tell(n: number): boolean {
    const [effect] = this.#open.splice(n % Math.max(1, this.#open.length), 1);
    if (!effect || !("call" in effect)) return false;
    const { call } = effect;
    if (effect.do === "play" || effect.do === "stop-play") this.take({ type: "playback.ended", call, playback: effect.playback });
    else if (effect.do === "look-up") this.take({ type: "found", call, lookup: effect.lookup, result: { is: "nothing" } });
    else if (effect.do === "record" || effect.do === "stop-record")
      this.take({ type: "recorded", call, recording: effect.recording, ms: n % 2 === 0 ? 0 : 9_000 });
    else if (effect.do === "dial" || effect.do === "end-leg")
      this.take({ type: "leg.ended", call, offer: effect.offer, cause: "no-answer" });
    else this.take({ type: "caller.gone", call, cause: "normal" });
    return true;
  }

  /** Time goes on to the next timer; false when there is none. */
  wait(): boolean {
    const next = [...this.core.timers].filter(([name]) => !name.startsWith("second-line")).sort((a, b) => a[1] - b[1])[0];
    if (!next) return false;
    this.at = Math.max(this.at, next[1]);
    this.take({ type: "timer", timer: next[0] });
    return true;
  }
}

/** The call has come to somebody who answers, or to its end; or it waits for that, which it may for ever when nobody works. */
const hasArrived = (core: CoreState, call: string): boolean => {
  const stage = core.calls.get(call)?.stage.name;
  return stage === undefined || stage === "queue" || stage === "over";
};

const moves = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...keys).map((key) => ({ key })) },
    { weight: 3, arbitrary: fc.nat(20).map((tell) => ({ tell })) },
    { weight: 1, arbitrary: fc.constant({ wait: true as const }) },
    { weight: 1, arbitrary: fc.constantFrom(...keys).map((key) => ({ flood: key })) },
    { weight: 1, arbitrary: fc.nat(30).map((stale) => ({ stale })) },
  ),
  { maxLength: 24 },
);

t.test("100,000 ways through Stockholm's menus: no error, nobody in silence, an outcome for everybody", async () => {
  const base = emptyState();
  step(base, { at: 0, type: "plan.set", plan });
  fc.assert(
    fc.property(fc.constantFrom(...numbers, "", "garbage", "112"), fc.constantFrom(...froms), moves, (dialled, from, made) => {
      const core = Object.assign(emptyState(), { plan, router: base.router });
      const line = new Line(core);
      line.take({ type: "call.arrived", call: "c", dialled, from, tag: null });
      for (const move of made) {
        if ("key" in move) line.take({ type: "key", call: "c", key: move.key });
        else if ("tell" in move) line.tell(move.tell);
        else if ("wait" in move) line.wait();
        else if ("flood" in move) flood(line, move.flood);
        else {
          line.take({ type: "key.down", call: "c", key: "1" });
          line.take({ type: "found", call: "c", lookup: move.stale, result: { is: "nothing" } });
          line.take({ type: "recorded", call: "c", recording: move.stale, ms: 5_000 });
          line.take({ type: "playback.ended", call: "c", playback: move.stale });
        }
      }
      // From here on the caller only listens.
      for (let left = 200; left > 0 && !hasArrived(core, "c"); left--)
        if (!line.tell(0) && !line.wait()) throw new Error(`in silence at ${JSON.stringify(core.calls.get("c")?.stage)}`);
      if (!hasArrived(core, "c")) throw new Error(`goes round at ${JSON.stringify(core.calls.get("c")?.stage)}`);
      // The router is shared between runs, so nothing may stay in it.
      line.take({ type: "caller.gone", call: "c", cause: "normal" });
    }),
    { numRuns: 100_000 },
  );
});

t.test("3,000 digits at every node are no more than digits", async () => {
  for (const node of Object.values(plan.nodes)) {
    const core = emptyState();
    const [first, ...others] = plan.numbers;
    const start = { to: "node", node: node.id } as const;
    step(core, { at: 0, type: "plan.set", plan: { ...plan, numbers: [{ ...first, start }, ...others] } });
    const line = new Line(core);
    line.take({ type: "call.arrived", call: "c", dialled: first.number, from: "+46701740605", tag: null });
    for (let n = 0; n < 3_000; n++) line.take({ type: "key", call: "c", key: String(n % 10) as Key });
    for (let left = 400; left > 0 && !hasArrived(core, "c"); left--)
      if (!line.tell(0) && !line.wait()) throw new Error(`in silence at ${node.id}`);
    if (!hasArrived(core, "c")) throw new Error(`goes round at ${node.id}`);
  }
});

function flood(line: Line, key: Key): void {
  for (let n = 0; n < 40; n++) line.take({ type: "key", call: "c", key });
}
