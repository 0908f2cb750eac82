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
}

const prefix = "kl-b-";

/**
 * Which mixing bridge belongs to which call. Making and ending one costs Asterisk more than anything else in a talk, so an empty
 * one is given to the next call. Pure: what is to be asked of Asterisk is returned.
 *
 * Never may two calls share a bridge. So a bridge changes hands in one way only: both halves were told to have joined, the core
 * said that both are gone, and Asterisk was asked and said that nobody is in it:
 *
 *   ──take──▶ joining ──joined──▶ joined ──release──▶ looking ──looked: empty──▶ free ──take──▶ joining
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

  /** The bridge for a call's two halves; `isNew`: it must be made first. */
  take(call: string): { readonly id: string; readonly isNew: boolean } {
    const held = this.#held.get(call);
    if (held) {
      held.state = "doubtful";
      return { id: held.id, isNew: false };
    }
    const free = this.#free.pop();
    const id = free ?? `${prefix}${this.#life}-${++this.#made}`;
    this.#held.set(call, { id, state: "joining" });
    return { id, isNew: free === undefined };
  }

  /** Asterisk said that both halves are in. */
  joined(call: string, id: string): void {
    const held = this.#held.get(call);
    if (held?.id === id && held.state === "joining") held.state = "joined";
  }

  /** The bridge of a call that talks, for one more leg: from then on nobody else ever gets it. */
  widen(call: string): string | undefined {
    const held = this.#held.get(call);
    if (held) held.state = "doubtful";
    return held?.id;
  }

  /** Both halves of the call are gone: when `maybeFree`, look whether the bridge is empty and tell `looked`, else end it. */
  release(call: string): { readonly id: string; readonly maybeFree: boolean } | undefined {
    const held = this.#held.get(call);
    if (!held) return undefined;
    this.#held.delete(call);
    const maybeFree = held.state === "joined" && !this.#closed;
    if (maybeFree) this.#looking.add(held.id);
    return { id: held.id, maybeFree };
  }

  /** What Asterisk says of a released bridge; false: end it. */
  looked(id: string, empty: boolean): boolean {
    const keep = this.#looking.delete(id) && empty && this.#free.length < this.#most && !this.#closed;
    if (keep) this.#free.push(id);
    return keep;
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
      if (call !== undefined && others.length === 0 && channels.length > 1) this.#held.set(call, { id, state: "doubtful" });
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
