import {
  legId,
  parseLegId,
  parsePlaybackId,
  parseRecordedPrompt,
  parseRecordingId,
  playbackId,
  recordingId,
} from "../../core/call/ids.ts";
import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import type { LiveChannel } from "../../core/events.ts";
import type { PromptId } from "../../core/plan/plan.ts";
import { keys } from "../../core/plan/plan.ts";
import type { Telephony, TelephonyEffect, TelephonyListener } from "../telephony.ts";
import { Bridges } from "./bridges.ts";
import { legCause } from "./causes.ts";
import { type AriEvent, unusedEvents } from "./frames.ts";
import { type AriAddress, AriLink, type AriReply } from "./link.ts";
import { alsoDialled, callerNumber } from "./numbers.ts";
import { outsideVariable, readBackAri } from "./read-back.ts";

export interface GatewayOptions {
  readonly address: AriAddress;
  readonly app: string;
  /** ARI media URI of a prompt in a language. */
  readonly media: (prompt: PromptId, language: string) => string;
  readonly musicClass: string;
  /** A soft sound, for who is to press a key or to speak. */
  readonly bedClass: string;
  /** ARI media URI of what is heard before a recording. */
  readonly recordTone: string;
  /** Whether a number, however written, is one of the city's: of other numbers a call went through nothing is told, or kept. */
  readonly isEntry: (number: string) => boolean;
}

/** Whoever says nothing for so long has finished the message, s. */
const longestSilenceS = 5;

/** Opens the gateway and returns at once; `listener.up` tells when Asterisk is there. */
export function openAriGateway(options: GatewayOptions, listener: TelephonyListener): Telephony {
  return new AriGateway(options, listener);
}

const encode = encodeURIComponent;
/** The shortest time between the ends of two keys: 40 ms of key and 40 ms of pause (ITU-T Q.24). */
const shortestKeyMs = 80;
/** So long Asterisk keeps a key back: until the one before has lasted 80 ms and a pause of 45 ms, each up to a packet more. */
const longestEchoMs = 165;

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

function outside(number: string, shows: string, limitMs: number) {
  return { endpoint: `PJSIP/${number}@trunk`, shows, limitMs, variables: { [outsideVariable]: number } };
}

class AriGateway implements Telephony {
  readonly #options: GatewayOptions;
  readonly #listener: TelephonyListener;
  readonly #link: AriLink;
  readonly #bridges: Bridges;
  /** Calls that hear the bed for a recording's sake alone. */
  readonly #recordingBeds = new Set<string>();
  /** The last key of each call, and when Asterisk had it, ms since the epoch. */
  /** Of each channel the last key told: when, whether it was an echo, and whether it was kept back. */
  readonly #lastKeys = new Map<
    string,
    { readonly digit: string; readonly at: number; readonly echo: boolean; readonly kept: boolean }
  >();
  #replaced = false;

  constructor(options: GatewayOptions, listener: TelephonyListener) {
    this.#options = options;
    this.#listener = listener;
    this.#link = new AriLink(options.address, options.app, {
      up: () => this.#up(),
      down: (reason) => {
        this.#bridges.forget();
        this.#recordingBeds.clear();
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
        this.#lastKeys.delete(event.channel.id);
        if (!parseLegId(event.channel.id)) this.#callerGone(event.channel.id);
        return;
      case "ChannelDestroyed": {
        const leg = parseLegId(event.channel.id);
        const cause = legCause(event.cause, event.tech_cause);
        if (leg) this.#listener.event({ type: "leg.ended", ...leg, cause });
        // Only of one whom we rang ourselves: a callback's citizen.
        else this.#listener.event({ type: "caller.gone", call: event.channel.id, cause });
        return;
      }
      case "ChannelDtmfReceived": {
        const key = keys.find((known) => known === event.digit);
        if (this.#isEcho(event)) return;
        if (key && !parseLegId(event.channel.id)) this.#listener.event({ type: "key", call: event.channel.id, key });
        return;
      }
      case "PlaybackFinished": {
        const playback = parsePlaybackId(event.playback.id);
        if (playback) this.#listener.event({ type: "playback.ended", ...playback });
        return;
      }
      case "RecordingFinished":
      case "RecordingFailed":
        return this.#recorded(event);
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

  /**
   * Arguments as `asterisk-config/etc/extensions.conf` gives them: in, number, presentation, tag, (what was heard before), other
   * numbers. A citizen we rang comes as "back".
   */
  #entered({ args, channel }: Extract<AriEvent, { type: "StasisStart" }>): void {
    const leg = parseLegId(channel.id);
    if (leg) return this.#listener.event({ type: "leg.answered", ...leg });
    if (args[0] === "back") return this.#listener.event({ type: "caller.answered", call: channel.id });
    if (args[0] !== "in") return;
    const also = alsoDialled(args[5] ?? "", args[1] ?? "").filter(this.#options.isEntry);
    this.#listener.event({
      type: "call.arrived",
      call: channel.id,
      dialled: args[1] ?? "",
      ...(also.length > 0 ? { alsoDialled: also } : {}),
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
      case "music":
        this.#recordingBeds.delete(effect.call);
        return this.#music(effect.call, effect.on ? (effect.bed ? "bed" : "music") : "off");
      case "record":
        return this.#record(effect);
      case "stop-record":
        return this.#ask("POST", `recordings/live/${encode(recordingId(effect.call, effect.recording))}/stop`);
      case "offer":
        return this.#offer(effect);
      case "dial":
        return this.#dial(effect);
      case "dial-caller":
        return this.#dialCaller(effect);
      case "ringback":
        return this.#ask(effect.on ? "POST" : "DELETE", `channels/${encode(legId(effect.call, effect.offer))}/ring`);
      case "end-leg":
        return this.#endLeg(effect.call, effect.offer);
      case "bridge":
        return this.#bridge(effect.call, effect.offer, effect.joins);
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
      case "drop-recording":
        return this.#dropRecording(effect.call, effect.recording);
    }
  }

  /** One that is still going on is ended with it. */
  #dropRecording(call: string, recording: number): void {
    const name = encode(recordingId(call, recording));
    this.#ask("DELETE", `recordings/live/${name}`);
    this.#ask("DELETE", `recordings/stored/${name}`);
  }

  /**
   * Asterisk tells a key twice that it keeps back: one that comes too soon after the one before (packets of a busy network come in a
   * heap), or while a prompt gives way to music. Each is told twice at most.
   */
  #isEcho({ digit, timestamp, channel }: Extract<AriEvent, { type: "ChannelDtmfReceived" }>): boolean {
    const at = Date.parse(timestamp ?? "");
    const before = this.#lastKeys.get(channel.id);
    const sinceMs = at - (before?.at ?? 0);
    const echo = before?.digit === digit && !before.echo && sinceMs < (before.kept ? longestEchoMs : shortestKeyMs);
    this.#lastKeys.set(channel.id, { digit, at, echo, kept: sinceMs < shortestKeyMs });
    return echo;
  }

  #play(effect: Extract<TelephonyEffect, { do: "play" }>): void {
    const { call, playback } = effect;
    this.#recordingBeds.delete(call); // a sound ends music
    const play = async (): Promise<AriReply> => {
      // A prompt the plan has not is told like one that cannot be played.
      const media = effect.prompts.map((prompt) => {
        const recorded = parseRecordedPrompt(prompt);
        return recorded === undefined ? this.#options.media(prompt, effect.language) : `recording:${recordingId(call, recorded)}`;
      });
      return await this.#send(
        "POST",
        `channels/${encode(call)}/play/${encode(playbackId(call, playback))}?media=${encode(media.join(","))}`,
      );
    };
    play().catch((error) => {
      this.#problem(error);
      // The call must go on although this could not be heard.
      if (!isLost(error)) this.#listener.event({ type: "playback.ended", call, playback });
    });
  }

  #offer({ call, offer, agent, phone, ringMs, limitMs, back }: Extract<TelephonyEffect, { do: "offer" }>): void {
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
      () => this.#endLeg(call, offer),
      () => this.#legEnded(call, offer, "failed"),
    );
  }

  #dial({ call, offer, number, shows, ringMs }: Extract<TelephonyEffect, { do: "dial" }>): void {
    this.#ring(
      { ...outside(number, shows, ringMs), as: "leg", channel: legId(call, offer), originator: call },
      () => this.#endLeg(call, offer),
      () => this.#legEnded(call, offer, "failed"),
    );
  }

  #dialCaller({ call, number, shows, ringMs }: Extract<TelephonyEffect, { do: "dial-caller" }>): void {
    this.#ring(
      { ...outside(number, shows, ringMs), as: "back", channel: call },
      () => this.#end("DELETE", call, () => this.#callerGone(call)),
      () => this.#listener.event({ type: "caller.gone", call, cause: "failed" }),
    );
  }

  /** `end` ends what may ring after all although Asterisk gave no answer: it must not go on ringing. */
  #ring(ring: Ring, end: () => void, refused: () => void): void {
    const query = [
      `endpoint=${encode(ring.endpoint)}`,
      `app=${encode(this.#options.app)}`,
      `appArgs=${ring.as}`,
      `channelId=${encode(ring.channel)}`,
      ...(ring.originator === undefined ? [] : [`originator=${encode(ring.originator)}`]),
      ...(ring.shows === undefined ? [] : [`callerId=${encode(ring.shows)}`]),
      `timeout=${Math.ceil(ring.limitMs / 1000)}`,
    ].join("&");
    this.#send("POST", `channels?${query}`, { variables: ring.variables }).catch((error) => {
      if (isLost(error)) return;
      this.#problem(error);
      if (error.code === "ARI_TIMEOUT") end();
      else refused();
    });
  }

  /** One after another: Asterisk does what is asked of a channel in its order, and a recording hears music on. */
  #record({ call, recording, maxMs }: Extract<TelephonyEffect, { do: "record" }>): void {
    const query = [
      `name=${encode(recordingId(call, recording))}`,
      "format=wav",
      `maxDurationSeconds=${Math.ceil(maxMs / 1000)}`,
      `maxSilenceSeconds=${longestSilenceS}`,
      "ifExists=overwrite",
      "terminateOn=%23",
    ].join("&");
    this.#recordingBeds.add(call);
    this.#ask("POST", `channels/${encode(call)}/play?media=${encode(this.#options.recordTone)}`);
    this.#music(call, "bed");
    this.#send("POST", `channels/${encode(call)}/record?${query}`).catch((error) => {
      this.#problem(error);
      if (!isLost(error)) this.#listener.event({ type: "recorded", call, recording, ms: 0 });
    });
  }

  /** Asterisk counts in whole seconds, and may call a recording of nothing but silence one of a second. */
  #recorded({
    recording: { name, duration = 0, talking_duration = 0 },
  }: Extract<AriEvent, { type: `Recording${string}` }>): void {
    const of = parseRecordingId(name);
    if (!of) return;
    if (this.#recordingBeds.delete(of.call)) this.#music(of.call, "off");
    this.#listener.event({ type: "recorded", ...of, ms: duration > 1 && talking_duration > 0 ? duration * 1000 : 0 });
  }

  #music(call: string, which: "music" | "bed" | "off"): void {
    const path = `channels/${encode(call)}/moh`;
    if (which === "off") return this.#ask("DELETE", path);
    const { musicClass, bedClass } = this.#options;
    this.#ask("POST", `${path}?mohClass=${encode(which === "bed" ? bedClass : musicClass)}`);
  }

  #endLeg(call: string, offer: number): void {
    this.#end("DELETE", legId(call, offer), () => this.#legEnded(call, offer));
  }

  #bridge(call: string, offer: number, joins = false): void {
    const leg = legId(call, offer);
    (joins ? this.#bridges.joinOthers(call, leg) : this.#bridges.join(call, leg)).then(
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
      { numberOf: callerNumber, isEntry: this.#options.isEntry },
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
