import type { AriEvent } from "./frames.ts";

/** The shortest time between the ends of two keys: 40 ms of key and 40 ms of pause (ITU-T Q.24). */
const shortestKeyMs = 80;
/** So long Asterisk keeps a key back: until the one before has lasted 80 ms and a pause of 45 ms, each up to a packet more. */
const longestEchoMs = 165;

/**
 * Asterisk tells a key twice that it keeps back: one that comes too soon after the one before (packets of a busy network come in a
 * heap), or while a prompt gives way to music. Each is told twice at most.
 */
export class KeyEchoes {
  /** Of each channel the last key told: when (ms since the epoch), whether it was an echo, and whether it was kept back. */
  readonly #last = new Map<
    string,
    { readonly digit: string; readonly at: number; readonly echo: boolean; readonly kept: boolean }
  >();

  /** To be asked of every key once. */
  isEcho({ digit, timestamp, channel }: Extract<AriEvent, { type: "ChannelDtmfReceived" }>): boolean {
    const at = Date.parse(timestamp ?? "");
    const before = this.#last.get(channel.id);
    const sinceMs = at - (before?.at ?? 0);
    const echo = before?.digit === digit && !before.echo && sinceMs < (before.kept ? longestEchoMs : shortestKeyMs);
    this.#last.set(channel.id, { digit, at, echo, kept: sinceMs < shortestKeyMs });
    return echo;
  }

  /** The channel is gone; without one: whatever channels there are, their ends will not be told. */
  forget(channel?: string): void {
    if (channel === undefined) this.#last.clear();
    else this.#last.delete(channel);
  }
}
