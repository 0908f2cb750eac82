import type { Language, PhoneNumber, PromptId } from "./plan/plan.ts";

/**
 * What the core wants done. Each ends in the event named beside it, or in the channel's own end
 * (`caller.gone`, `leg.ended`), which a request to a channel that no longer exists also becomes.
 */
export type Effect =
  /** → nothing but the channel's own end. */
  | { readonly do: "answer"; readonly call: string }
  /** Prompts one after another → `playback.ended`. */
  | {
      readonly do: "play";
      readonly call: string;
      readonly playback: number;
      readonly prompts: readonly PromptId[];
      readonly language: Language;
    }
  /** → `playback.ended` of that playback. */
  | { readonly do: "stop-play"; readonly call: string; readonly playback: number }
  /** `bed`: a soft sound instead of music, for who is to press a key: Asterisk sends nothing at all after a prompt. */
  | { readonly do: "music"; readonly call: string; readonly on: boolean; readonly bed?: true }
  /**
   * A short tone, then records what the caller says, until `#`, some seconds of silence, `stop-record` or `maxMs` → `recorded`.
   * The caller hears the bed meanwhile. The `#` comes as a `key` too. The file is named by `recordingId`.
   */
  | { readonly do: "record"; readonly call: string; readonly recording: number; readonly maxMs: number }
  | { readonly do: "stop-record"; readonly call: string; readonly recording: number }
  /** What was recorded is not kept; nothing comes back. */
  | { readonly do: "drop-recording"; readonly call: string; readonly recording: number }
  /** Asks what the core does not hold → `found`. */
  | { readonly do: "look-up"; readonly call: string; readonly lookup: number; readonly query: Query }
  /**
   * Rings one phone → `leg.ringing`, `leg.answered`, and always at last `leg.ended`. `ringMs` is told to the phone, which ends the
   * ring by itself; `limitMs` is only Asterisk's own backstop.
   */
  | {
      readonly do: "offer";
      readonly call: string;
      readonly offer: number;
      readonly agent: string;
      readonly phone: "browser" | "desk";
      readonly ringMs: number;
      readonly limitMs: number;
      /** Of a callback: the citizen who will be rung, and is on no line yet. */
      readonly back?: PhoneNumber;
    }
  /** The agent hears it ring at the citizen's, or no longer. */
  | { readonly do: "ringback"; readonly call: string; readonly offer: number; readonly on: boolean }
  /** Rings a number outside, as `offer` rings an agent's phone. `shows`: the number the other side sees. */
  | {
      readonly do: "dial";
      readonly call: string;
      readonly offer: number;
      readonly number: PhoneNumber;
      readonly shows: PhoneNumber;
      readonly ringMs: number;
    }
  /** Rings the citizen of a callback, whose channel becomes the caller's half of the call → `caller.answered`, or `caller.gone`. */
  | {
      readonly do: "dial-caller";
      readonly call: string;
      readonly number: PhoneNumber;
      readonly shows: PhoneNumber;
      readonly ringMs: number;
    }
  /** → `leg.ended`. */
  | { readonly do: "end-leg"; readonly call: string; readonly offer: number }
  /** Both legs into one bridge → `bridged` or `bridge.failed`. `joins`: the leg comes in beside those who talk there already. */
  | { readonly do: "bridge"; readonly call: string; readonly offer: number; readonly joins?: true }
  /** Ends the call's bridge: whoever is in it is let go. */
  | { readonly do: "unbridge"; readonly call: string }
  /** Both halves of the call are gone: another call may have its bridge. */
  | { readonly do: "free-bridge"; readonly call: string }
  /** → `caller.gone`. */
  | { readonly do: "end-caller"; readonly call: string }
  /** Look whether the leg still exists; if it does not → `leg.ended`. */
  | { readonly do: "look"; readonly call: string; readonly offer: number }
  /** A leg nobody knows of: ended, nothing comes back. */
  | { readonly do: "end-stray"; readonly channel: string }
  /** → `timer`, at the instant `due` (ms since the epoch). Setting it again moves it. */
  | { readonly do: "timer"; readonly timer: string; readonly due: number }
  | { readonly do: "clear-timer"; readonly timer: string };

/** What may be asked of whoever keeps what the core does not hold. */
export type Query =
  | { readonly for: "extension"; readonly digits: string }
  /** `code`, `pin`: how many of the newest hidden keys they are. */
  | { readonly for: "matter"; readonly number: string; readonly code: number }
  | { readonly for: "pin"; readonly pin: number }
  /** Number and code of the matter that a message of this call's becomes. */
  | { readonly for: "matter-made"; readonly recording: number }
  /** Makes a recording of this call's an announcement to all callers, until then (ms since the epoch). */
  | { readonly for: "publish"; readonly recording: number; readonly who: string; readonly until: number };
