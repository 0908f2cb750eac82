import { takesSecret } from "../core/call/keys.ts";
import { toldCode, toldNumber } from "../core/call/told.ts";
import type { Effect } from "../core/effects.ts";
import type { CoreEvent } from "../core/events.ts";
import type { Key } from "../core/plan/plan.ts";
import { clipsOf } from "../core/speech/said.ts";
import type { CoreState } from "../core/state.ts";

type Play = Extract<Effect, { do: "play" }>;

/** Longer than any PIN or code. */
const most = 16;

/**
 * PINs and codes, from the key to the look-up and from the look-up to the ear. They are in this process's memory and nowhere else: the
 * core, and so the log, is told only that there was a digit, or that a code is to be said. An engine that is killed meanwhile knows
 * nothing of them, and its successor asks anew.
 */
export class Secrets {
  readonly #keyed = new Map<string, string>();
  readonly #told = new Map<string, { readonly number: string; readonly code: string }>();

  /** A caller's newest key, when it was a secret digit: that it went down may be told after it was let go. */
  readonly #newest = new Map<string, Key>();

  /** The event as core and log may know it. */
  hide(core: CoreState, event: CoreEvent): CoreEvent {
    if (event.type === "caller.gone") this.#forget(event.call);
    if (event.type === "read-back") this.#keepOnly(new Set(event.channels.map(({ id }) => id)));
    if (event.type !== "key" && event.type !== "key.down") return event;
    const { call, key } = event;
    const secret = key !== "*" && key !== "#" && takesSecret(core, call);
    if (event.type === "key") {
      this.#newest.delete(call);
      if (!secret) return event;
      this.#newest.set(call, key);
      this.#keyed.set(call, `${this.#keyed.get(call) ?? ""}${key}`.slice(-most));
    } else if (!secret && this.#newest.get(call) !== key) return event;
    return { ...event, key: "0", hidden: true };
  }

  /** The newest `count` digits that the caller keyed, which are then forgotten. */
  take(call: string, count: number): string {
    const keyed = this.#keyed.get(call) ?? "";
    this.#keyed.delete(call);
    return count > 0 ? keyed.slice(-count) : "";
  }

  /** What the prompts of `told` say to this caller from now on. */
  tell(call: string, matter: { readonly number: string; readonly code: string }): void {
    this.#told.set(call, matter);
  }

  /** The effect with the clips that say it. */
  speak(effect: Play): Play {
    const told = this.#told.get(effect.call);
    const clips = (digits: string | undefined) => clipsOf({ digits: digits ?? "" });
    const prompts = effect.prompts.flatMap((prompt) => {
      if (prompt === toldNumber) return clips(told?.number);
      return prompt === toldCode ? clips(told?.code) : [prompt];
    });
    return { ...effect, prompts };
  }

  #forget(call: string): void {
    this.#keyed.delete(call);
    this.#told.delete(call);
    this.#newest.delete(call);
  }

  /** Of callers who went while nobody looked no end is told. */
  #keepOnly(calls: ReadonlySet<string>): void {
    for (const call of [...this.#keyed.keys(), ...this.#told.keys(), ...this.#newest.keys()])
      if (!calls.has(call)) this.#forget(call);
  }
}
