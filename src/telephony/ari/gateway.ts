import { legId, parseLegId, parsePlaybackId, parseRecordedPrompt, playbackId, recordingId } from "../../core/call/ids.ts";
import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { LiveChannel } from "../../core/events.ts";
import type { PhoneNumber, PromptId } from "../../core/plan/plan.ts";
import { keys } from "../../core/plan/plan.ts";
import type { Telephony, TelephonyEffect, TelephonyListener } from "../telephony.ts";
import { Bridges } from "./bridges.ts";
import { legCause } from "./causes.ts";
import { type AriEvent, unusedEvents } from "./frames.ts";
import { type AriAddress, AriLink, type AriReply } from "./link.ts";
import { readBackAri } from "./read-back.ts";

export interface GatewayOptions {
  readonly address: AriAddress;
  readonly app: string;
  /** ARI media URI of a prompt in a language. */
  readonly media: (prompt: PromptId, language: string) => string;
  readonly musicClass: string;
}

/** Opens the gateway and returns at once; `listener.up` tells when Asterisk is there. */
export function openAriGateway(options: GatewayOptions, listener: TelephonyListener): Telephony {
  return new AriGateway(options, listener);
}

const encode = encodeURIComponent;

class AriGateway implements Telephony {
  readonly #options: GatewayOptions;
  readonly #listener: TelephonyListener;
  readonly #link: AriLink;
  readonly #bridges: Bridges;
  #replaced = false;

  constructor(options: GatewayOptions, listener: TelephonyListener) {
    this.#options = options;
    this.#listener = listener;
    this.#link = new AriLink(options.address, options.app, {
      up: () => this.#up(),
      down: (reason) => {
        this.#bridges.forget();
        listener.down(reason);
      },
      event: (event) => this.#event(event),
      problem: (error) => listener.problem(error),
    });
    this.#bridges = new Bridges({
      send: (method, path) => this.#send(method, path),
      ask: (method, path) => this.#ask(method, path),
    });
  }

  #up(): void {
    const filter = { disallowed: unusedEvents.map((type) => ({ type })) };
    this.#send("PUT", `applications/${encode(this.#options.app)}/eventFilter`, filter).catch((error) => this.#problem(error));
    this.#listener.up();
  }

  #event(event: AriEvent): void {
    switch (event.type) {
      case "StasisStart":
        return this.#entered(event);
      // Asterisk's subscription to a caller's channel ends here, so that channel's ChannelDestroyed never comes.
      case "StasisEnd":
        if (!parseLegId(event.channel.id)) this.#callerGone(event.channel.id);
        return;
      case "ChannelDestroyed": {
        const leg = parseLegId(event.channel.id);
        if (leg) this.#listener.event({ type: "leg.ended", ...leg, cause: legCause(event.cause, event.tech_cause) });
        return;
      }
      case "ChannelDtmfReceived": {
        const key = keys.find((known) => known === event.digit);
        if (key && !parseLegId(event.channel.id)) this.#listener.event({ type: "key", call: event.channel.id, key });
        return;
      }
      case "PlaybackFinished": {
        const playback = parsePlaybackId(event.playback.id);
        if (playback) this.#listener.event({ type: "playback.ended", ...playback });
        return;
      }
      case "ChannelHold":
      case "ChannelUnhold": {
        const leg = parseLegId(event.channel.id);
        if (leg) this.#listener.event({ type: event.type === "ChannelHold" ? "leg.held" : "leg.resumed", ...leg });
        return;
      }
      case "ApplicationReplaced":
        this.#replaced = true;
        return this.#listener.replaced();
    }
  }

  /** Arguments as `asterisk-config/etc/extensions.conf` gives them: in, number, presentation, tag. */
  #entered({ args, channel }: Extract<AriEvent, { type: "StasisStart" }>): void {
    const leg = parseLegId(channel.id);
    if (leg) return this.#listener.event({ type: "leg.answered", ...leg });
    if (args[0] !== "in") return;
    this.#listener.event({
      type: "call.arrived",
      call: channel.id,
      dialled: args[1] ?? "",
      from: callerNumber(channel.caller.number, args[2]),
      tag: args[3] || null,
    });
  }

  perform(effect: TelephonyEffect): void {
    if (this.#replaced || !this.#link.isUp) return;
    switch (effect.do) {
      case "answer":
        return this.#ask("POST", `channels/${encode(effect.call)}/answer`);
      case "play":
        return this.#play(effect);
      case "stop-play":
        return this.#ask("DELETE", `playbacks/${encode(playbackId(effect.call, effect.playback))}`);
      case "music": {
        const path = `channels/${encode(effect.call)}/moh`;
        if (effect.on) return this.#ask("POST", `${path}?mohClass=${encode(this.#options.musicClass)}`);
        return this.#ask("DELETE", path);
      }
      case "offer":
        return this.#offer(effect);
      case "end-leg":
        return this.#endLeg(effect.call, effect.offer);
      case "bridge":
        return this.#bridge(effect.call, effect.offer);
      case "unbridge":
        return this.#bridges.end(effect.call);
      case "free-bridge":
        return this.#bridges.free(effect.call);
      case "end-caller":
        return this.#end("DELETE", effect.call, () => this.#callerGone(effect.call));
      case "look": {
        const { call, offer } = effect;
        return this.#end("GET", legId(call, offer), () => this.#legEnded(call, offer));
      }
      case "end-stray":
        return this.#ask("DELETE", `channels/${encode(effect.channel)}`);
    }
  }

  #play(effect: Extract<TelephonyEffect, { do: "play" }>): void {
    const { call, playback } = effect;
    const media = effect.prompts
      .map((prompt) => {
        const recorded = parseRecordedPrompt(prompt);
        if (recorded !== undefined) return `recording:${recordingId(call, recorded)}`;
        return this.#options.media(prompt, effect.language);
      })
      .join(",");
    const path = `channels/${encode(call)}/play/${encode(playbackId(call, playback))}?media=${encode(media)}`;
    this.#send("POST", path).catch((error) => {
      this.#problem(error);
      // The call must go on although this could not be heard.
      if (!isLost(error)) this.#listener.event({ type: "playback.ended", call, playback });
    });
  }

  #offer({ call, offer, agent, phone, ringMs, limitMs }: Extract<TelephonyEffect, { do: "offer" }>): void {
    const endpoint = `PJSIP/${phone === "browser" ? "a" : "d"}-${agent}`;
    const query = [
      `endpoint=${encode(endpoint)}`,
      `app=${encode(this.#options.app)}`,
      "appArgs=leg",
      `channelId=${encode(legId(call, offer))}`,
      `originator=${encode(call)}`,
      `timeout=${Math.ceil(limitMs / 1000)}`,
    ].join("&");
    const variables = { "PJSIP_HEADER(add,Expires)": String(Math.ceil(ringMs / 1000)) };
    this.#send("POST", `channels?${query}`, { variables }).catch((error) => {
      if (isLost(error)) return;
      this.#problem(error);
      // Whether or not something rings after all, it must not go on ringing.
      if (error.code === "ARI_TIMEOUT") this.#endLeg(call, offer);
      else this.#legEnded(call, offer, "failed");
    });
  }

  #endLeg(call: string, offer: number): void {
    this.#end("DELETE", legId(call, offer), () => this.#legEnded(call, offer));
  }

  #bridge(call: string, offer: number): void {
    this.#bridges.join(call, legId(call, offer)).then(
      () => this.#listener.event({ type: "bridged", call, offer }),
      (error) => {
        this.#problem(error);
        if (!isLost(error)) this.#listener.event({ type: "bridge.failed", call, offer });
      },
    );
  }

  /** A request to a channel which, if the channel is not there, tells its end. */
  #end(method: "GET" | "DELETE", channel: string, gone: () => void): void {
    this.#send(method, `channels/${encode(channel)}`).catch((error) => {
      if (error.details.status === 404) gone();
      else this.#problem(error);
    });
  }

  #legEnded(call: string, offer: number, cause: "normal" | "failed" = "normal"): void {
    this.#listener.event({ type: "leg.ended", call, offer, cause });
  }

  #callerGone(call: string): void {
    this.#listener.event({ type: "caller.gone", call, cause: "normal" });
  }

  /** A request whose refusal changes nothing: the thing is already as wanted, or its channel is gone, which its own end tells. */
  #ask(method: "POST" | "DELETE", path: string): void {
    this.#send(method, path).catch((error) => {
      const status = error.details.status;
      if (status !== 404 && status !== 409) this.#problem(error);
    });
  }

  async #send(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<AriReply> {
    const reply = await this.#link.request(method, path, body);
    if (reply.status < 300) return reply;
    const what = `${method} ${path.split("?", 1)[0]}`;
    throw new KontaktlotsError(
      "ARI_REFUSED",
      `Asterisk refused ${what}: ${reply.status} ${reply.body.slice(0, 200)}`,
      "See Asterisk's log.",
      {
        status: reply.status,
        what,
      },
    );
  }

  #problem(error: unknown): void {
    const known = asKontaktlotsError(error);
    if (!isLost(known)) this.#listener.problem(known);
  }

  readBack(): Promise<LiveChannel[]> {
    return readBackAri(
      (path) => this.#send("GET", path),
      this.#options.app,
      callerNumber,
      (standing) => this.#bridges.takeOver(standing),
    );
  }

  beat(now: number): void {
    if (!this.#replaced && this.#link.isUp) this.#ask("POST", `asterisk/variable?variable=KL_BEAT&value=${Math.round(now)}`);
  }

  close(): Promise<void> {
    if (!this.#replaced) this.#bridges.close();
    return this.#link.close();
  }
}

function isLost(error: unknown): boolean {
  return error instanceof KontaktlotsError && error.code === "ARI_LINK_LOST";
}

/**
 * The caller's number as E.164, or null when it is withheld or none: a withheld number must not even reach the core.
 * National numbers are Sweden's.
 */
export function callerNumber(number: string, presentation: string | undefined): PhoneNumber | null {
  if (presentation !== "allowed") return null;
  const digits = number.replace(/[\s()-]/g, "");
  if (/^\+[1-9]\d{5,14}$/.test(digits)) return digits;
  if (/^00[1-9]\d{5,14}$/.test(digits)) return `+${digits.slice(2)}`;
  return /^0[1-9]\d{4,11}$/.test(digits) ? `+46${digits.slice(1)}` : null;
}
