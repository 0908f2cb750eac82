import type { Fact } from "../../src/core/facts.ts";

type Ended = Extract<Fact, { type: "call.ended" }>;

/** A caller's way through the plan of `fixtures/plans/ways`: what is heard and done, in turn, and how it ends. */
export interface Way {
  readonly name: string;
  /** Where its number leads, as in a plan. */
  readonly start: string;
  /** What else the plan says of its number. */
  readonly entry?: string;
  /** Rings this instead of a number of its own. */
  readonly dials?: string;
  /** Who rings, when that matters; "anonymous": a withheld number. */
  readonly from?: string;
  /** Begins when the way of that name is over … */
  readonly after?: string;
  /** … or when it has come to its end, and waits there for this one. */
  readonly beside?: string;
  /**
   * What is said, prompt after prompt by their families, and with " / " between: each time that something is said. "> 123#": keys the
   * caller presses then; "> speaks", "> silent": a recording has begun. Words in capitals are the test's secrets.
   */
  readonly talk: string;
  /** A caller hangs up when all that was said and done. */
  readonly ends: `${Ended["stage"]} by ${Ended["by"]}`;
  /** What the log has of it besides. */
  readonly facts?: readonly Readonly<Record<string, unknown>>[];
}

/** A prompt without what differs from time to time: a place, an hour, the language in which a choice is said. */
export function familyOf(prompt: string): string {
  const own = prompt.replace(/^[a-z]{2}:/, "");
  return /^(place|clock|day|digit|language-choice)-/.exec(own)?.[1] ?? own;
}

/** Whoever hangs up in the queue, and in a menu. */
export const waits = "queue by caller";
export const leaves = "menu by caller";
/** Everything was said. */
export const told = "menu by engine";
/** Whoever was rung outside hung up. */
export const talked = "outside by outside";

export const theNumber = "callback-number-is digit callback-confirm";
/** A message was taken: the caller hears its matter's number and code, and presses on. */
export const thanks = "voicemail-thanks matter-number-is told-number matter-code-is told-code matter-told-again / > 2 / goodbye";
export const message = `> speaks / > # / voicemail-confirm / > 1 / ${thanks}`;
