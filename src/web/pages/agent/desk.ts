import type { AgentCommandBody } from "../../../api/contract.ts";
import type { Outcome } from "../../../core/facts.ts";
import { ApiError, api, codeOf } from "../../client/http.ts";
import type { Live } from "../../client/live.ts";
import { Store } from "../../client/store.ts";
import { type MicrophoneProblem, testMicrophone } from "../../phone/microphone.ts";
import type { Softphone } from "../../phone/softphone.ts";
import type { Talk } from "../../phone/talk.ts";
import { situationOf } from "./situation.ts";

/** What the desk itself knows beside the server's view and the telephone's state. */
export interface DeskState {
  readonly microphone: "unknown" | "ok" | MicrophoneProblem;
  /** Code of the last command that failed; shown until the next one succeeds or it is closed. */
  readonly problem: string | null;
  /** The outcome given last and the call it was given for; the server confirms it in wrap-up. */
  readonly outcome: { readonly call: string; readonly value: Outcome } | null;
  /** The keypad is open: digits are tones, not outcomes. */
  readonly keypad: boolean;
}

/** How long a talk may outlive the server's word that its call has ended, ms: longer than any BYE takes. */
const graceMs = 3000;

/**
 * What an agent does at the desk. Sound (answer, mute, hold, keys, hang up) goes by SIP from this page and works without the
 * server's pages; state, outcome and refusals are commands to the engine.
 */
export class Desk extends Store<DeskState> {
  readonly #live: Live;
  readonly #phone: Softphone;
  /** "Answer" was pressed before the INVITE came: the call to answer when it does. */
  #answering: string | null = null;
  #grace: ReturnType<typeof setTimeout> | undefined;
  #release = () => {};

  constructor(live: Live, phone: Softphone) {
    super({ microphone: "unknown", problem: null, outcome: null, keypad: false });
    this.#live = live;
    this.#phone = phone;
  }

  /** Starts to follow the server's view and the telephone. */
  open(): void {
    const releases = [this.#live.subscribe(() => this.#follow()), this.#phone.subscribe(() => this.#follow())];
    this.#release = () => {
      for (const release of releases) release();
    };
  }

  close(): void {
    clearTimeout(this.#grace);
    this.#release();
  }

  async testMicrophone(): Promise<void> {
    this.patch({ microphone: (await testMicrophone()) ?? "ok" });
  }

  forgetProblem(): void {
    this.patch({ problem: null });
  }

  /** Sends a command; a failure becomes the problem that is shown. */
  async command(body: AgentCommandBody): Promise<boolean> {
    try {
      await api.command(body);
      this.patch({ problem: null });
      return true;
    } catch (thrown) {
      this.patch({ problem: codeOf(thrown) });
      return false;
    }
  }

  /** Says first that a person answers (so that a crossing cancel is no miss), waits for no reply, and answers. */
  answer(): void {
    const { id, talk } = this.#situation();
    if (id !== null) {
      void api.command({ type: "answering", call: id }).catch((thrown: unknown) => {
        // With the line lost the answer itself still works.
        if (!(thrown instanceof ApiError && thrown.code === "LINE_LOST")) this.patch({ problem: codeOf(thrown) });
      });
      this.#answering = id;
    }
    void talk?.answer().then(() => this.#follow());
  }

  /** Passes a ringing call on to the next agent. */
  refuse(): void {
    const { id, talk } = this.#situation();
    if (id !== null && this.#live.get().link === "open") void this.command({ type: "refuse", call: id });
    else void talk?.hangUp();
  }

  /** Ends the talk: by SIP when it is here, by the engine when it is on another telephone or the telephone's line is lost. */
  hangUp(): void {
    const { id, talk } = this.#situation();
    if (id !== null && (talk === null || this.#phone.get().link !== "ready")) {
      void this.command({ type: "hang-up", call: id });
    }
    void talk?.hangUp();
  }

  /** States what the contact came to, while talking or after; the last word before wrap-up ends counts. */
  async outcome(value: Outcome): Promise<void> {
    const { id, phase } = this.#situation();
    if (id === null || phase === "ringing" || phase === "dialling" || phase === "none") return;
    const before = this.get().outcome;
    this.patch({ outcome: { call: id, value } });
    if (!(await this.command({ type: "outcome", call: id, outcome: value }))) this.patch({ outcome: before });
  }

  /** The outcome of this call so far. */
  outcomeOf(call: string | null): Outcome | null {
    const { outcome } = this.get();
    if (outcome !== null && outcome.call === call) return outcome.value;
    const wrapUp = this.#live.get().agent?.wrapUp;
    return wrapUp !== undefined && wrapUp.call === call ? (wrapUp.outcome ?? null) : null;
  }

  showKeypad(keypad: boolean): void {
    this.patch({ keypad });
  }

  done(): void {
    const { id, phase } = this.#situation();
    if (id !== null && phase === "ended") void this.command({ type: "done", call: id });
  }

  #situation() {
    return situationOf(this.#live.get(), this.#phone.get());
  }

  /** Keeps what the server says and what the telephone does together. */
  #follow(): void {
    const { id, talk, phase } = this.#situation();
    if (id !== this.#answering) this.#answering = null;
    if (this.#answering !== null && phase === "ringing" && talk?.get().phase === "ringing") {
      void talk.answer();
      this.#answering = null;
    }
    const { callProblem } = this.#phone.get();
    if (callProblem?.startsWith("MICROPHONE_")) this.patch({ microphone: callProblem as MicrophoneProblem });
    if (this.get().keypad && this.#phone.get().call?.phase !== "talking") this.patch({ keypad: false });
    this.#endOrphan(talk);
  }

  /** A BYE that never came: ends a talk here that the engine, while it serves, has not known of for some seconds. */
  #endOrphan(talk: Talk | null): void {
    const { link, line, agent } = this.#live.get();
    const known = agent === null || agent.state === "ringing" || agent.state === "talking";
    const orphan = link === "open" && line?.engine === "serving" && !known && talk?.get().phase === "talking";
    if (!orphan) {
      clearTimeout(this.#grace);
      this.#grace = undefined;
    } else this.#grace ??= setTimeout(() => void talk.hangUp(), graceMs);
  }
}
