import { legId } from "../../core/call/ids.ts";
import type { TelephonyEffect, TelephonyListener } from "../telephony.ts";
import { outsideVariable } from "./read-back.ts";
import { isLost, type Requests } from "./requests.ts";

/** A channel to be made, which comes to us when it is answered; sound before that, of the network, is no answer. */
interface Ring {
  readonly endpoint: string;
  /** What it is told as when it comes. */
  readonly as: "leg" | "back";
  readonly channel: string;
  readonly originator?: string;
  /** The number the other side sees. */
  readonly shows?: string;
  readonly limitMs: number;
  readonly variables: Readonly<Record<string, string>>;
}

type EffectOf<T extends TelephonyEffect["do"]> = Extract<TelephonyEffect, { do: T }>;

const encode = encodeURIComponent;

/** Channels that we make, agents' and those outside, from the ring to the end. */
export class Rings {
  readonly #app: string;
  readonly #requests: Requests;
  readonly #tell: TelephonyListener["event"];

  constructor(app: string, requests: Requests, tell: TelephonyListener["event"]) {
    this.#app = app;
    this.#requests = requests;
    this.#tell = tell;
  }

  offer({ call, offer, agent, phone, ringMs, limitMs, back }: EffectOf<"offer">): void {
    const ring: Ring = {
      endpoint: `PJSIP/${phone === "browser" ? "a" : "d"}-${agent}`,
      as: "leg",
      channel: legId(call, offer),
      // The citizen of a callback has no channel yet: their number is what the agent's telephone shows.
      ...(back === undefined ? { originator: call } : { shows: back }),
      limitMs,
      variables: { "PJSIP_HEADER(add,Expires)": String(Math.ceil(ringMs / 1000)) },
    };
    this.#ring(
      ring,
      () => this.endLeg(call, offer),
      () => this.#legEnded(call, offer, "failed"),
    );
  }

  dial({ call, offer, number, shows, ringMs }: EffectOf<"dial">): void {
    this.#ring(
      { ...outside(number, shows, ringMs), as: "leg", channel: legId(call, offer), originator: call },
      () => this.endLeg(call, offer),
      () => this.#legEnded(call, offer, "failed"),
    );
  }

  dialCaller({ call, number, shows, ringMs }: EffectOf<"dial-caller">): void {
    this.#ring(
      { ...outside(number, shows, ringMs), as: "back", channel: call },
      () => this.endCaller(call),
      () => this.#tell({ type: "caller.gone", call, cause: "failed" }),
    );
  }

  endLeg(call: string, offer: number): void {
    this.#requests.askChannel("DELETE", legId(call, offer), () => this.#legEnded(call, offer));
  }

  endCaller(call: string): void {
    this.#requests.askChannel("DELETE", call, () => this.#tell({ type: "caller.gone", call, cause: "normal" }));
  }

  /** Whether the leg is there; if it is not, that is its end. */
  look(call: string, offer: number): void {
    this.#requests.askChannel("GET", legId(call, offer), () => this.#legEnded(call, offer));
  }

  /** `end` ends what may ring after all although Asterisk gave no answer: it must not go on ringing. */
  #ring(ring: Ring, end: () => void, refused: () => void): void {
    const query = [
      `endpoint=${encode(ring.endpoint)}`,
      `app=${encode(this.#app)}`,
      `appArgs=${ring.as}`,
      `channelId=${encode(ring.channel)}`,
      ...(ring.originator === undefined ? [] : [`originator=${encode(ring.originator)}`]),
      ...(ring.shows === undefined ? [] : [`callerId=${encode(ring.shows)}`]),
      `timeout=${Math.ceil(ring.limitMs / 1000)}`,
    ].join("&");
    this.#requests.send("POST", `channels?${query}`, { variables: ring.variables }).catch((error) => {
      if (isLost(error)) return;
      this.#requests.problem(error);
      if (error.code === "ARI_TIMEOUT") end();
      else refused();
    });
  }

  #legEnded(call: string, offer: number, cause: "normal" | "failed" = "normal"): void {
    this.#tell({ type: "leg.ended", call, offer, cause });
  }
}

function outside(number: string, shows: string, limitMs: number) {
  return { endpoint: `PJSIP/${number}@trunk`, shows, limitMs, variables: { [outsideVariable]: number } };
}
