import type { Effect } from "../core/effects.ts";
import type { KontaktlotsError } from "../core/errors.ts";
import type { CoreEvent, LiveChannel } from "../core/events.ts";

/** An effect that is done in Asterisk; timers and look-ups are the engine's own. */
export type TelephonyEffect = Exclude<Effect, { do: "timer" | "clear-timer" | "look-up" }>;

/** A core event before the engine stamps it with its time. */
export type Unstamped = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, "at"> : never) : never;

/**
 * The one way to Asterisk. Effects go in and return nothing: what they come to arrives as events, in the order in which
 * Asterisk told it. While the line is down effects are dropped; `readBack` after `up` shows what became of everything.
 */
export interface Telephony {
  perform(effect: TelephonyEffect): void;
  /** What Asterisk has of our calls at this moment; bridges of ours in which nobody talks are cleared away on the occasion. Errors: ARI_*. */
  readBack(): Promise<LiveChannel[]>;
  /** Tells Asterisk's dialplan that the engine is alive, now (ms since the epoch). */
  beat(now: number): void;
  close(): Promise<void>;
}

export interface TelephonyListener {
  event(event: Unstamped): void;
  /** The line to Asterisk is there; call `readBack`. */
  up(): void;
  down(reason: KontaktlotsError): void;
  /** Another engine took our place: stop acting at once. */
  replaced(): void;
  problem(error: KontaktlotsError): void;
}
