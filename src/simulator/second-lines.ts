import type { SecondLineRule } from "../core/plan/plan.ts";
import { atCasework, decide, type SecondLine, sawCall } from "../core/routing/second-line.ts";

/** What is needed of a group to call in its second line by rule. */
export interface RuledGroup {
  readonly secondLine?: SecondLineRule;
  readonly answerTargetMs: number;
  readonly shortAbandonMs: number;
}

/** Watches the groups' queues for the live rule that calls in their second lines. Groups go by their index. */
export class SecondLines {
  readonly #groups: readonly RuledGroup[];
  readonly #lines: readonly (SecondLine | undefined)[];
  readonly #waiting: Int32Array;
  /** Groups whose queue has changed since the last review. */
  readonly #changed = new Set<number>();

  constructor(groups: readonly RuledGroup[]) {
    this.#groups = groups;
    this.#lines = groups.map(({ secondLine }) => (secondLine ? atCasework() : undefined));
    this.#waiting = new Int32Array(groups.length);
  }

  /** Whether anything is to be reviewed. */
  get isDue(): boolean {
    return this.#changed.size > 0;
  }

  isRuled(group: number): boolean {
    return this.#lines[group] !== undefined;
  }

  isCalledIn(group: number): boolean {
    return this.#lines[group]?.calledIn ?? false;
  }

  joined(group: number): void {
    if (!this.#lines[group]) return;
    this.#waiting[group] = (this.#waiting[group] ?? 0) + 1;
    this.#changed.add(group);
  }

  /** Answered, or given up: who gives up within the short-abandon limit is not counted, as in service-level/1. */
  left(group: number, at: number, waitedMs: number, answered: boolean): void {
    const line = this.#lines[group];
    const rules = this.#groups[group];
    if (!line || !rules) return;
    this.#waiting[group] = (this.#waiting[group] ?? 0) - 1;
    this.#changed.add(group);
    if (answered) sawCall(line, at, waitedMs <= rules.answerTargetMs);
    else if (waitedMs > rules.shortAbandonMs) sawCall(line, at, false);
  }

  /** Time has passed: the group is to be looked at again. */
  touch(group: number): void {
    this.#changed.add(group);
  }

  /** Groups whose second line has just been called in, or sent back. */
  review(at: number): readonly number[] {
    const turned: number[] = [];
    for (const group of this.#changed) {
      const line = this.#lines[group];
      const rule = this.#groups[group]?.secondLine;
      if (line && rule && decide(line, rule, this.#waiting[group] ?? 0, at)) turned.push(group);
    }
    this.#changed.clear();
    return turned;
  }
}
