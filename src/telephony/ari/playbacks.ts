import { playbackId } from "../../core/call/ids.ts";
import type { Unstamped } from "../telephony.ts";
import type { Requests } from "./requests.ts";

/** So long after it began, and so often after that, it is looked whether it is still being said, ms. */
const lookAfterMs = 10_000;

/**
 * What is being said to callers. A caller goes on when it ends, so whoever's end is never told would wait for ever; and Asterisk
 * may play nothing and tell nothing, without an error (`bridges.ts` names one such case). So what takes long is looked at.
 */
export class Playbacks {
  readonly #requests: Requests;
  readonly #tell: (event: Unstamped) => void;
  readonly #said = new Map<string, { readonly playback: number; since: number }>();
  #now = 0;

  constructor(requests: Requests, tell: (event: Unstamped) => void) {
    this.#requests = requests;
    this.#tell = tell;
  }

  began(call: string, playback: number): void {
    this.#said.set(call, { playback, since: this.#now });
  }

  ended(call: string, playback: number): void {
    if (this.#said.get(call)?.playback === playback) this.#said.delete(call);
  }

  /** The caller is gone. */
  gone(call: string): void {
    this.#said.delete(call);
  }

  /** To be called often; `now`: ms since the epoch. */
  look(now: number): void {
    this.#now = now;
    for (const [call, said] of this.#said) {
      if (now - said.since < lookAfterMs) continue;
      said.since = now;
      this.#requests.of(call).askOrEnd("GET", `playbacks/${encodeURIComponent(playbackId(call, said.playback))}`, () => {
        this.ended(call, said.playback);
        this.#tell({ type: "playback.ended", call, playback: said.playback });
      });
    }
  }

  /** The line is lost. */
  forget(): void {
    this.#said.clear();
  }
}
