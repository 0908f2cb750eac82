import { legId, parseLegId } from "../../src/core/call/ids.ts";
import type { Effect } from "../../src/core/effects.ts";
import type { CoreEvent, LegCause, LiveChannel } from "../../src/core/events.ts";
import { BridgePool } from "../../src/telephony/ari/bridge-pool.ts";

/** An event without its moment. */
export type Unstamped = CoreEvent extends infer E ? (E extends CoreEvent ? Omit<E, "at"> : never) : never;

interface Channel {
  up: boolean;
  bridge: string | null;
  agent: string | null;
  music: boolean;
  /** The number outside that it rings. */
  outside?: string;
}

/**
 * A pretended Asterisk: effects change channels and bridges, and what it would tell lies in `pending` until somebody takes it, in any
 * order between channels but in order within one.
 */
export class PretendedAsterisk {
  readonly channels = new Map<string, Channel>();
  pending: { readonly channel: string; readonly event: Unstamped }[] = [];
  /** Bridges that were made and not ended. */
  readonly bridges = new Set<string>();
  #lives = 0;
  #pool = new BridgePool("life0", 2);

  arrive(call: string): void {
    this.channels.set(call, { up: false, bridge: null, agent: null, music: false });
  }

  /** The phone picks up, if it still rings: an agent's, one outside, or that of a citizen who is rung back. */
  pickUp(leg: string): void {
    const channel = this.channels.get(leg);
    if (!channel || channel.up) return;
    channel.up = true;
    this.#tell(leg, leg.includes("-o") ? { type: "leg.answered", ...legOf(leg) } : { type: "caller.answered", call: leg });
  }

  /** A channel goes away: hung up at its phone, or refused. */
  hangUp(id: string, cause: LegCause = "normal"): void {
    if (this.channels.delete(id)) this.#tellEnd(id, cause);
  }

  /** Takes the n-th thing that waits to be told, or the first of its channel. */
  take(n: number): Unstamped | undefined {
    const chosen = this.pending[n % Math.max(1, this.pending.length)];
    if (!chosen) return undefined;
    const first = this.pending.findIndex((one) => one.channel === chosen.channel);
    return this.pending.splice(first, 1)[0]?.event;
  }

  /** What a new engine finds: what was to be told is lost, and its bridges are taken over. */
  readBack(): LiveChannel[] {
    this.pending = [];
    this.#pool = new BridgePool(`life${++this.#lives}`, 2);
    const standing = [...this.bridges].map((id) => ({ id, channels: this.#inBridge(id) }));
    for (const id of this.#pool.takeOver(standing)) this.#endBridge(id);
    return [...this.channels].map(([id, { up, bridge, agent, outside }]) => {
      const arrival = { dialled: "+46846500400", from: "+46701740605", tag: null };
      const number = outside === undefined ? {} : { outside };
      return { id, up, bridge, agent, ...number, ...(id.includes("-o") || outside !== undefined ? {} : { arrival }) };
    });
  }

  /** Carries out what an engine asked for that is gone by now: nobody hears of a refusal. */
  performLate(effect: Extract<Effect, { do: "offer" | "dial" | "dial-caller" }>): void {
    const id = effect.do === "dial-caller" ? effect.call : legId(effect.call, effect.offer);
    if (!this.channels.has(id)) this.perform(effect);
  }

  perform(effect: Effect): void {
    switch (effect.do) {
      case "answer": {
        const channel = this.channels.get(effect.call);
        if (channel) channel.up = true;
        return;
      }
      case "play":
      case "stop-play":
        return this.#tell(effect.call, { type: "playback.ended", call: effect.call, playback: effect.playback });
      case "offer":
        return this.#make(legId(effect.call, effect.offer), { agent: effect.agent });
      case "dial":
        return this.#make(legId(effect.call, effect.offer), { outside: effect.number });
      case "dial-caller": {
        const { call, number } = effect;
        // Asterisk refuses a channel whose id another's begins with.
        if ([...this.channels.keys()].some((id) => id !== call && id.startsWith(call))) return this.#tellEnd(call, "failed");
        const rings = [...this.channels].some(([id, { outside }]) => outside === number && id !== call && !id.includes("-o"));
        if (rings) throw new Error(`${number} is rung twice at a time`);
        return this.#make(call, { outside: number });
      }
      case "ringback": {
        const leg = this.channels.get(legId(effect.call, effect.offer));
        if (leg) leg.music = effect.on;
        return;
      }
      case "end-leg":
        return this.#end(legId(effect.call, effect.offer));
      case "end-stray":
        this.channels.delete(effect.channel);
        return;
      case "end-caller":
        return this.#end(effect.call);
      case "look": {
        const id = legId(effect.call, effect.offer);
        if (!this.channels.has(id)) this.#end(id);
        return;
      }
      case "bridge":
        return this.#bridge(effect);
      case "unbridge": {
        const id = this.#pool.drop(effect.call);
        if (id !== undefined) this.#endBridge(id);
        return;
      }
      case "free-bridge": {
        const released = this.#pool.release(effect.call);
        if (!released) return;
        const { id, is } = released;
        const left = this.#inBridge(id);
        if (left.length > 0) throw new Error(`the bridge of ${effect.call} was given back with ${left} in it`);
        if (is === "useless" || (is === "doubtful" && !this.#pool.looked(id, true))) this.#endBridge(id);
        return;
      }
      case "music": {
        const caller = this.channels.get(effect.call);
        if (caller) caller.music = effect.on;
      }
    }
  }

  /** One that is there already, left by an engine that is gone, is not this one: it is ended. */
  #make(id: string, whose: Partial<Channel>): void {
    if (this.channels.has(id)) return this.#end(id);
    this.channels.set(id, { up: false, bridge: null, agent: null, music: false, ...whose });
  }

  #bridge({ call, offer, joins }: Extract<Effect, { do: "bridge" }>): void {
    const caller = this.channels.get(call);
    const leg = this.channels.get(legId(call, offer));
    if (!caller || !leg) return this.#tell(call, { type: "bridge.failed", call, offer });
    const id = joins ? this.#pool.widen(call) : this.#pool.take(call, legId(call, offer)).id;
    if (id === undefined) return this.#tell(call, { type: "bridge.failed", call, offer });
    leg.bridge = id;
    if (!joins) caller.bridge = id;
    this.bridges.add(id);
    const foreign = this.#inBridge(id).filter((one) => one !== call && legOf(one).call !== call);
    if (foreign.length > 0) throw new Error(`${call} hears ${foreign}`);
    this.#pool.joined(call, id);
    this.#tell(call, { type: "bridged", call, offer });
  }

  #tell(channel: string, event: Unstamped): void {
    this.pending.push({ channel, event });
  }

  #tellEnd(id: string, cause: LegCause): void {
    this.#tell(id, id.includes("-o") ? { type: "leg.ended", ...legOf(id), cause } : { type: "caller.gone", call: id, cause });
  }

  #inBridge(bridge: string): string[] {
    return [...this.channels].flatMap(([id, channel]) => (channel.bridge === bridge ? [id] : []));
  }

  #endBridge(id: string): void {
    this.bridges.delete(id);
    for (const channel of this.channels.values()) if (channel.bridge === id) channel.bridge = null;
  }

  /** Ending what is already gone is told as its end once more, as Asterisk's 404 is. */
  #end(id: string): void {
    this.channels.delete(id);
    this.#tellEnd(id, "normal");
  }
}

export function legOf(id: string): { call: string; offer: number } {
  return parseLegId(id) ?? { call: id, offer: 0 };
}
