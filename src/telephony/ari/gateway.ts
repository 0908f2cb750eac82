import { legId } from "../../core/call/ids.ts";
import type { LiveChannel } from "../../core/events.ts";
import { type Apps, appsOf } from "../apps.ts";
import type { Telephony, TelephonyEffect, TelephonyListener, Unstamped } from "../telephony.ts";
import { Bridges } from "./bridges.ts";
import { type AriEvent, unusedEvents, unusedOutside } from "./frames.ts";
import { KeyEchoes } from "./keys.ts";
import { AriLines } from "./lines.ts";
import type { AriAddress } from "./link.ts";
import { callerNumber } from "./numbers.ts";
import { Playbacks } from "./playbacks.ts";
import { readBackAri } from "./read-back.ts";
import { isLost, Requests } from "./requests.ts";
import { Rings } from "./rings.ts";
import { type SoundOptions, Sounds } from "./sounds.ts";
import { told } from "./told.ts";

export interface GatewayOptions extends SoundOptions {
  readonly address: AriAddress;
  readonly app: string;
  /** Whether a number, however written, is one of the city's: of other numbers a call went through nothing is told, or kept. */
  readonly isEntry: (number: string) => boolean;
}

/** Opens the gateway and returns at once; `listener.up` tells when Asterisk is there. */
export function openAriGateway(options: GatewayOptions, listener: TelephonyListener): Telephony {
  return new AriGateway(options, listener);
}

const encode = encodeURIComponent;

class AriGateway implements Telephony {
  readonly #options: GatewayOptions;
  readonly #listener: TelephonyListener;
  readonly #apps: Apps;
  readonly #lines: AriLines;
  readonly #requests: Requests;
  readonly #rings: Rings;
  readonly #sounds: Sounds;
  readonly #playbacks: Playbacks;
  readonly #bridges: Bridges;
  readonly #keyEchoes = new KeyEchoes();
  #replaced = false;

  constructor(options: GatewayOptions, listener: TelephonyListener) {
    this.#options = options;
    this.#listener = listener;
    this.#apps = appsOf(options.app);
    this.#lines = new AriLines(options.address, [this.#apps.calls, this.#apps.outside], {
      up: () => this.#up(),
      down: (reason) => {
        this.#bridges.forget();
        this.#sounds.forget();
        this.#playbacks.forget();
        this.#keyEchoes.forget();
        listener.down(reason);
      },
      event: (event) => this.#event(event),
      problem: (error) => listener.problem(error),
    });
    const tell = (event: Unstamped): void => listener.event(event);
    this.#requests = new Requests(this.#lines, (error) => listener.problem(error));
    this.#rings = new Rings(this.#apps, options.bedClass, this.#requests, tell);
    this.#sounds = new Sounds(options, this.#requests, tell);
    this.#playbacks = new Playbacks(this.#requests, tell);
    this.#bridges = new Bridges(this.#requests);
  }

  #up(): void {
    this.#filter(this.#apps.calls, unusedEvents);
    this.#filter(this.#apps.outside, unusedOutside);
    this.#listener.up();
  }

  #filter(app: string, unused: readonly string[]): void {
    this.#requests
      .send("PUT", `applications/${encode(app)}/eventFilter`, { disallowed: unused.map((type) => ({ type })) })
      .catch((error) => this.#requests.problem(error));
  }

  #event(event: AriEvent): void {
    if (event.type === "ApplicationReplaced") {
      if (this.#replaced) return;
      this.#replaced = true;
      return this.#listener.replaced();
    }
    if (event.type === "RecordingFinished" || event.type === "RecordingFailed") return this.#sounds.recorded(event);
    if (event.type === "ChannelDtmfReceived" && this.#keyEchoes.isEcho(event)) return;
    if (event.type === "StasisEnd") {
      this.#keyEchoes.forget(event.channel.id);
      this.#playbacks.gone(event.channel.id);
      if (event.application === this.#apps.calls) this.#bridges.left(event.channel.id);
    }
    if (event.type === "StasisStart" && event.application === this.#apps.outside) return this.#rings.entered(event);
    const meant = told(event, this.#apps, this.#options.isEntry);
    if (meant?.type === "playback.ended") this.#playbacks.ended(meant.call, meant.playback);
    if (meant) this.#listener.event(meant);
  }

  perform(effect: TelephonyEffect): void {
    if (this.#replaced || !this.#lines.isUp) return;
    switch (effect.do) {
      case "answer":
        return this.#requests.of(effect.call).ask("POST", `channels/${encode(effect.call)}/answer`);
      case "play":
        this.#playbacks.began(effect.call, effect.playback);
        return this.#sounds.play(effect);
      case "stop-play":
        return this.#sounds.stopPlay(effect);
      case "music":
        return this.#sounds.music(effect);
      case "record":
        return this.#sounds.record(effect);
      case "stop-record":
        return this.#sounds.stopRecord(effect);
      case "drop-recording":
        return this.#sounds.dropRecording(effect);
      case "offer":
        return this.#rings.offer(effect);
      case "dial":
        return this.#rings.dial(effect);
      case "dial-caller":
        return this.#rings.dialCaller(effect);
      case "ringback":
        return this.#requests
          .of(effect.call)
          .ask(effect.on ? "POST" : "DELETE", `channels/${encode(legId(effect.call, effect.offer))}/ring`);
      case "end-leg":
        return this.#rings.endLeg(effect.call, effect.offer);
      case "end-caller":
        return this.#rings.endCaller(effect.call);
      case "look":
        return this.#rings.look(effect.call, effect.offer);
      case "end-stray":
        return this.#requests.ask("DELETE", `channels/${encode(effect.channel)}`);
      case "bridge":
        return this.#bridge(effect.call, effect.offer, effect.joins);
      case "unbridge":
        return this.#bridges.end(effect.call);
      case "free-bridge":
        return this.#bridges.free(effect.call);
    }
  }

  #bridge(call: string, offer: number, joins = false): void {
    const leg = legId(call, offer);
    (joins ? this.#bridges.joinOthers(call, leg) : this.#bridges.join(call, leg)).then(
      () => this.#listener.event({ type: "bridged", call, offer }),
      (error) => {
        this.#requests.problem(error);
        if (!isLost(error)) this.#listener.event({ type: "bridge.failed", call, offer });
      },
    );
  }

  readBack(): Promise<LiveChannel[]> {
    return readBackAri(
      (path) => this.#requests.send("GET", path),
      Object.values(this.#apps),
      { numberOf: callerNumber, isEntry: this.#options.isEntry },
      (standing) => this.#bridges.takeOver(standing),
    );
  }

  beat(now: number): void {
    if (this.#replaced || !this.#lines.isUp) return;
    this.#requests.ask("POST", `asterisk/variable?variable=KL_BEAT&value=${Math.round(now)}`);
    this.#playbacks.look(now);
  }

  close(): Promise<void> {
    if (!this.#replaced) this.#bridges.close();
    return this.#lines.close();
  }
}
