import { legId, parseLegId } from "../../core/call/ids.ts";
import { type Apps, bedBridge } from "../apps.ts";
import type { TelephonyEffect, TelephonyListener } from "../telephony.ts";
import type { AriEvent } from "./frames.ts";
import { outsideVariable } from "./read-back.ts";
import { isLost, type Requests } from "./requests.ts";

type EffectOf<T extends TelephonyEffect["do"]> = Extract<TelephonyEffect, { do: T }>;

const encode = encodeURIComponent;
const pathOf = (channel: string): string => `channels/${encode(channel)}`;

interface Outside {
  readonly channel: string;
  readonly originator?: string;
  readonly number: string;
  /** The number the other side sees. */
  readonly shows: string;
  readonly ringMs: number;
}

/** Channels that we make: agents' legs, and numbers outside. */
export class Rings {
  readonly #apps: Apps;
  readonly #bedClass: string;
  readonly #requests: Requests;
  readonly #tell: TelephonyListener["event"];

  constructor(apps: Apps, bedClass: string, requests: Requests, tell: TelephonyListener["event"]) {
    this.#apps = apps;
    this.#bedClass = bedClass;
    this.#requests = requests;
    this.#tell = tell;
  }

  /** An agent's leg comes to us when it is answered. */
  offer({ call, offer, agent, phone, ringMs, limitMs, back }: EffectOf<"offer">): void {
    const query = [
      `endpoint=${encode(`PJSIP/${phone === "browser" ? "a" : "d"}-${agent}`)}`,
      `app=${encode(this.#apps.calls)}`,
      "appArgs=leg",
      `channelId=${encode(legId(call, offer))}`,
      // The citizen of a callback has no channel yet: their number is what the agent's telephone shows.
      back === undefined ? `originator=${encode(call)}` : `callerId=${encode(back)}`,
      `timeout=${Math.ceil(limitMs / 1000)}`,
    ];
    const variables = { "PJSIP_HEADER(add,Expires)": String(Math.ceil(ringMs / 1000)) };
    this.#make(
      call,
      `channels?${query.join("&")}`,
      variables,
      () => this.endLeg(call, offer),
      () => this.#legEnded(call, offer, "failed"),
    );
  }

  dial({ call, offer, number, shows, ringMs }: EffectOf<"dial">): void {
    this.#makeOutside(
      { channel: legId(call, offer), originator: call, number, shows, ringMs },
      () => this.endLeg(call, offer),
      () => this.#legEnded(call, offer, "failed"),
    );
  }

  dialCaller({ call, number, shows, ringMs }: EffectOf<"dial-caller">): void {
    this.#makeOutside(
      { channel: call, number, shows, ringMs },
      () => this.endCaller(call),
      () => this.#tell({ type: "caller.gone", call, cause: "failed" }),
    );
  }

  /** A channel outside has come to us: now it rings, and who picks up hears the bed until they are put through. */
  entered({ args, channel }: Extract<AriEvent, { type: "StasisStart" }>): void {
    const requests = this.#requests.of(parseLegId(channel.id)?.call ?? channel.id);
    const path = `channels/${encode(channel.id)}`;
    requests.ask("POST", `bridges/${bedBridge}?type=holding`);
    requests.ask("POST", `bridges/${bedBridge}/addChannel?channel=${encode(channel.id)}&role=holding_participant`);
    requests.send("POST", `${path}/dial?timeout=${args[1]}`).catch((error) => {
      // One that is gone by now tells that itself.
      if (error.details.status === 404) return;
      requests.problem(error);
      requests.ask("DELETE", path);
    });
  }

  endLeg(call: string, offer: number): void {
    this.#requests.of(call).askOrEnd("DELETE", pathOf(legId(call, offer)), () => this.#legEnded(call, offer));
  }

  endCaller(call: string): void {
    this.#requests.of(call).askOrEnd("DELETE", pathOf(call), () => this.#tell({ type: "caller.gone", call, cause: "normal" }));
  }

  /** Whether the leg is there; if it is not, that is its end. */
  look(call: string, offer: number): void {
    this.#requests.of(call).askOrEnd("GET", pathOf(legId(call, offer)), () => this.#legEnded(call, offer));
  }

  #makeOutside({ channel, originator, number, shows, ringMs }: Outside, end: () => void, refused: () => void): void {
    const query = [
      `endpoint=${encode(`PJSIP/${number}@trunk`)}`,
      `app=${encode(this.#apps.outside)}`,
      `appArgs=${encode(`ring,${Math.ceil(ringMs / 1000)}`)}`,
      `channelId=${encode(channel)}`,
      ...(originator === undefined ? [] : [`originator=${encode(originator)}`]),
    ];
    const variables = {
      [outsideVariable]: number,
      // What is shown stands in the From header; "i": it is not sent anywhere yet.
      "CONNECTEDLINE(num,i)": shows,
      "CONNECTEDLINE(num-pres,i)": "allowed",
      "CHANNEL(musicclass)": this.#bedClass,
    };
    this.#make(originator ?? channel, `channels/create?${query.join("&")}`, variables, end, refused);
  }

  /**
   * `end` ends what may be there after all: Asterisk gave no answer, or has a channel of that name, asked for by an engine that is gone. It
   * must not go on ringing with nobody to wait for it.
   */
  #make(call: string, path: string, variables: Readonly<Record<string, string>>, end: () => void, refused: () => void): void {
    this.#requests
      .of(call)
      .send("POST", path, { variables })
      .catch((error) => {
        if (isLost(error)) return;
        this.#requests.problem(error);
        if (error.code === "ARI_TIMEOUT" || error.details.status === 409) end();
        else refused();
      });
  }

  #legEnded(call: string, offer: number, cause: "normal" | "failed" = "normal"): void {
    this.#tell({ type: "leg.ended", call, offer, cause });
  }
}
