import { parseRecordedPrompt, parseRecordingId, playbackId, recordingId } from "../../core/call/ids.ts";
import type { PromptId } from "../../core/plan/plan.ts";
import type { TelephonyEffect, TelephonyListener } from "../telephony.ts";
import type { AriEvent } from "./frames.ts";
import type { AriReply } from "./link.ts";
import { isLost, type Requests } from "./requests.ts";

export interface SoundOptions {
  /** ARI media URI of a prompt in a language. */
  readonly media: (prompt: PromptId, language: string) => string;
  readonly musicClass: string;
  /** A soft sound, for who is to press a key or to speak. */
  readonly bedClass: string;
  /** ARI media URI of what is heard before a recording. */
  readonly recordTone: string;
}

type EffectOf<T extends TelephonyEffect["do"]> = Extract<TelephonyEffect, { do: T }>;

/** Whoever says nothing for so long has finished the message, s. */
const longestSilenceS = 5;
const encode = encodeURIComponent;

/** What a caller hears, and what they say into a recording. */
export class Sounds {
  readonly #options: SoundOptions;
  readonly #requests: Requests;
  readonly #tell: TelephonyListener["event"];
  /** Calls that hear the bed for a recording's sake alone. */
  readonly #recordingBeds = new Set<string>();

  constructor(options: SoundOptions, requests: Requests, tell: TelephonyListener["event"]) {
    this.#options = options;
    this.#requests = requests;
    this.#tell = tell;
  }

  play({ call, playback, prompts, language }: EffectOf<"play">): void {
    this.#recordingBeds.delete(call); // a sound ends music
    const play = async (): Promise<AriReply> => {
      // A prompt the plan has not is told like one that cannot be played.
      const media = prompts.map((prompt) => {
        const recorded = parseRecordedPrompt(prompt);
        return recorded === undefined ? this.#options.media(prompt, language) : `recording:${recordingId(call, recorded)}`;
      });
      return await this.#requests
        .of(call)
        .send("POST", `channels/${encode(call)}/play/${encode(playbackId(call, playback))}?media=${encode(media.join(","))}`);
    };
    play().catch((error) => {
      this.#requests.problem(error);
      // The call must go on although this could not be heard.
      if (!isLost(error)) this.#tell({ type: "playback.ended", call, playback });
    });
  }

  stopPlay({ call, playback }: EffectOf<"stop-play">): void {
    this.#requests.of(call).ask("DELETE", `playbacks/${encode(playbackId(call, playback))}`);
  }

  music({ call, on, bed }: EffectOf<"music">): void {
    this.#recordingBeds.delete(call);
    this.#music(call, on ? (bed ? "bed" : "music") : "off");
  }

  /** One after another: Asterisk does what is asked of a channel in its order, and a recording hears music on. */
  record({ call, recording, maxMs }: EffectOf<"record">): void {
    const query = [
      `name=${encode(recordingId(call, recording))}`,
      "format=wav",
      `maxDurationSeconds=${Math.ceil(maxMs / 1000)}`,
      `maxSilenceSeconds=${longestSilenceS}`,
      "ifExists=overwrite",
      "terminateOn=%23",
    ].join("&");
    this.#recordingBeds.add(call);
    this.#requests.of(call).ask("POST", `channels/${encode(call)}/play?media=${encode(this.#options.recordTone)}`);
    this.#music(call, "bed");
    this.#requests
      .of(call)
      .send("POST", `channels/${encode(call)}/record?${query}`)
      .catch((error) => {
        this.#requests.problem(error);
        if (!isLost(error)) this.#tell({ type: "recorded", call, recording, ms: 0 });
      });
  }

  /** Asterisk counts in whole seconds, and may call a recording of nothing but silence one of a second. */
  recorded({ recording: { name, duration = 0, talking_duration = 0 } }: Extract<AriEvent, { type: `Recording${string}` }>): void {
    const of = parseRecordingId(name);
    if (!of) return;
    if (this.#recordingBeds.delete(of.call)) this.#music(of.call, "off");
    this.#tell({ type: "recorded", ...of, ms: duration > 1 && talking_duration > 0 ? duration * 1000 : 0 });
  }

  stopRecord({ call, recording }: EffectOf<"stop-record">): void {
    this.#requests.of(call).ask("POST", `recordings/live/${encode(recordingId(call, recording))}/stop`);
  }

  /** One that is still going on is ended with it. */
  dropRecording({ call, recording }: EffectOf<"drop-recording">): void {
    const name = encode(recordingId(call, recording));
    this.#requests.of(call).ask("DELETE", `recordings/live/${name}`);
    this.#requests.of(call).ask("DELETE", `recordings/stored/${name}`);
  }

  /** The line is lost. */
  forget(): void {
    this.#recordingBeds.clear();
  }

  #music(call: string, which: "music" | "bed" | "off"): void {
    const path = `channels/${encode(call)}/moh`;
    if (which === "off") return this.#requests.of(call).ask("DELETE", path);
    const { musicClass, bedClass } = this.#options;
    this.#requests.of(call).ask("POST", `${path}?mohClass=${encode(which === "bed" ? bedClass : musicClass)}`);
  }
}
