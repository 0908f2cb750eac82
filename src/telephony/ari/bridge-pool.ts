import { parseLegId } from "../../core/call/ids.ts";

/** A bridge as Asterisk lists it. */
export interface StandingBridge {
  readonly id: string;
  readonly channels: readonly string[];
}

interface Held {
  readonly id: string;
  /** `doubtful`: something went wrong or cannot be known, so nobody else ever gets this bridge. */
  state: "joining" | "joined" | "doubtful";
  /** Who was put in and has not been told to have left. */
  readonly inside: Set<string>;
}

/** A bridge whose call is over: free for the next call; to be looked at whether it is empty, and `looked` told; or to be ended. */
export type Released = { readonly id: string; readonly is: "free" | "doubtful" | "useless" };

const prefix = "kl-b-";

/**
 * Which mixing bridge belongs to which call. Making and ending one costs Asterisk more than anything else in a talk, so an empty
 * one is given to the next call. Pure: what is to be asked of Asterisk is returned.
 *
 * Never may two calls share a bridge. So a bridge changes hands in one way only: both halves were told to have joined, the core
 * said that both are gone, and Asterisk said so too: of each half, when it left our application, which it does only after it has left its
 * bridge (`stasis_app_exec` in res_stasis.c departs first, then tells StasisEnd); or else, asked, that nobody is in it:
 *
 *   ──take──▶ joining ──joined──▶ joined ──release, both left──────────────────────▶ free ──take──▶ joining
 *                                    └─────release──▶ looking ──looked: empty──▶ free
 *
 * Every other way ends it, and an id is never used again. It also ends with the line: a request sent over a line that was lost
 * may still be carried out at any later time, and would put its callers into a bridge that was given on.
 */
export class BridgePool {
  readonly #life: string;
  readonly #most: number;
  readonly #held = new Map<string, Held>();
  readonly #looking = new Set<string>();
  #free: string[] = [];
  #made = 0;
  #closed = false;

  /** `life`: letters and digits of which no other pool on this Asterisk has the same; `most`: how many may stand free. */
  constructor(life: string, most = 50) {
    this.#life = life;
    this.#most = most;
  }

  /** The bridge for a call's two halves, the caller's channel named like the call, and `leg`; `isNew`: it must be made first. */
  take(call: string, leg: string): { readonly id: string; readonly isNew: boolean } {
    const held = this.#held.get(call);
    if (held) {
      held.state = "doubtful";
      return { id: held.id, isNew: false };
    }
    const free = this.#free.pop();
    const id = free ?? `${prefix}${this.#life}-${++this.#made}`;
    this.#held.set(call, { id, state: "joining", inside: new Set([call, leg]) });
    return { id, isNew: free === undefined };
  }

  /** Asterisk said that both halves are in. */
  joined(call: string, id: string): void {
    const held = this.#held.get(call);
    if (held?.id === id && held.state === "joining") held.state = "joined";
  }

  /** Asterisk told that a channel has left our application, and with it any bridge. */
  left(channel: string): void {
    this.#held.get(parseLegId(channel)?.call ?? channel)?.inside.delete(channel);
  }

  /** The bridge of a call that talks, for one more leg: from then on nobody else ever gets it. */
  widen(call: string): string | undefined {
    const held = this.#held.get(call);
    if (held) held.state = "doubtful";
    return held?.id;
  }

  /** Both halves of the call are gone. */
  release(call: string): Released | undefined {
    const held = this.#held.get(call);
    if (!held) return undefined;
    this.#held.delete(call);
    const { id, state, inside } = held;
    if (state !== "joined" || this.#closed) return { id, is: "useless" };
    if (inside.size === 0) return { id, is: this.#keep(id) ? "free" : "useless" };
    this.#looking.add(id);
    return { id, is: "doubtful" };
  }

  /** What Asterisk says of a released bridge; false: end it. */
  looked(id: string, empty: boolean): boolean {
    return this.#looking.delete(id) && empty && this.#keep(id);
  }

  #keep(id: string): boolean {
    if (this.#free.length >= this.#most || this.#closed) return false;
    this.#free.push(id);
    return true;
  }

  /** The call's bridge, if it has one, is to be ended, whoever is in it. */
  drop(call: string): string | undefined {
    const held = this.#held.get(call);
    this.#held.delete(call);
    return held?.id;
  }

  /**
   * Bridges of another life or line, as Asterisk has them now: where a pair talks, its call holds the bridge again. The others are
   * returned, to be ended: nobody talks in them.
   */
  takeOver(standing: readonly StandingBridge[]): string[] {
    const mine = new Set([...this.#free, ...this.#looking, ...[...this.#held.values()].map(({ id }) => id)]);
    const useless: string[] = [];
    for (const { id, channels } of standing) {
      if (!id.startsWith(prefix) || mine.has(id)) continue;
      const [call, ...others] = new Set(channels.map((channel) => parseLegId(channel)?.call ?? channel));
      if (call !== undefined && others.length === 0 && channels.length > 1)
        this.#held.set(call, { id, state: "doubtful", inside: new Set(channels) });
      else useless.push(id);
    }
    return useless;
  }

  /** The line is lost: nothing is known any more. */
  forget(): void {
    this.#held.clear();
    this.#looking.clear();
    this.#free = [];
  }

  /** The free ones, to be ended; none is kept from now on. Talks that go on keep theirs. */
  close(): string[] {
    this.#closed = true;
    return this.#free.splice(0);
  }
}
