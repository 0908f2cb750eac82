import type { Ask, Waiting } from "../core/routing/types.ts";

/** Where a simulated call is. */
export const stage = { over: 0, waiting: 1, ringing: 2, talking: 3 } as const;
export type Stage = (typeof stage)[keyof typeof stage];

const nothing: Ask = { group: "", languages: [], priority: "normal" };

/** A call on its way. The objects are used again: a year has a million calls, but only some hundred at once. */
export class SimCall implements Waiting {
  readonly id: string;
  /** Its place among the calls on their way. */
  readonly slot: number;
  ask: Ask = nothing;
  since = 0;
  order = 0;
  keptUntil = 0;

  /** Index of group and language in the scenario. */
  group = 0;
  language = 0;
  /** How long everything will take, ms: drawn when it arrives, so that every policy meets the same call. */
  talkMs = 0;
  wrapUpMs = 0;
  patienceMs = 0;
  /** Seed of what happens at the phones it rings. */
  luck = 0;

  stage: Stage = stage.over;
  /** Whose phone rings, or who talks: index of the agent. */
  agent = 0;
  offers = 0;
  /** Number of the offer in the whole run: tells an old ring from the present one. */
  ring = 0;
  /** Number of the call in the whole run: its row in the record. */
  row = 0;

  constructor(slot: number) {
    this.slot = slot;
    this.id = `c${slot}`;
  }
}

/** Where calls come from, in order of time. */
export interface Arrivals {
  /** When the next call comes, ms; Infinity when there are no more. */
  readonly due: number;
  /** Fills in what the next call brings: since, ask, group, language, the times and `luck`. */
  take(into: SimCall): void;
}
