import type { Session } from "sip.js";
import { Invitation, Inviter, SessionState } from "sip.js";
import type { SessionDescriptionHandler } from "sip.js/lib/platform/web/index.js";
import { Store } from "../client/store.ts";
import { audioConstraints, microphoneProblem } from "./microphone.ts";
import { onlyAlaw } from "./sdp.ts";

/** One call at this telephone, from its ring (or dialling) to its end. */
export interface TalkState {
  readonly phase: "ringing" | "calling" | "talking" | "ended";
  /** Who rings, as the INVITE says; "" when withheld. Shown only while the server's fuller story is missing. */
  readonly from: string;
  readonly muted: boolean;
  readonly held: boolean;
  /** The path of the sound broke (ICE failed or disconnected). */
  readonly soundLost: boolean;
  /** When the talk began, ms of this machine's clock. */
  readonly since: number;
  /** Why it ended, if not by a hang-up: an error code. */
  readonly problem: string | null;
}

const alawModifier = (description: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> =>
  Promise.resolve({ ...description, sdp: onlyAlaw(description.sdp ?? "") });

/** What every session of this telephone, in or out, is made with: A-law in the first offer or answer and in all later ones. */
export const mediaOptions = {
  sessionDescriptionHandlerOptions: { constraints: { audio: audioConstraints, video: false } },
  sessionDescriptionHandlerModifiers: [alawModifier],
  sessionDescriptionHandlerModifiersReInvite: [alawModifier],
};

/** SIP's "Call/Transaction Does Not Exist". */
const callGone = 481;
/** Tone and gap of one key, ms. RFC 4733 events; 100 ms is heard by every exchange. */
const toneMs = 120;
const gapMs = 80;

/**
 * A call as this telephone carries it: wraps a sip.js session, plays its sound, and tells its state.
 *
 *   ringing ─answer→ talking ─hangUp | BYE→ ended
 *   calling ─200 OK→ talking
 *   ringing | calling ─refuse, CANCEL, error→ ended
 */
export class Talk extends Store<TalkState> {
  readonly #session: Session;
  readonly #audio: HTMLAudioElement;
  #takenBack = false;
  /** Settles when the last re-INVITE that was asked for has been agreed or refused. */
  #renewing: Promise<void> = Promise.resolve();

  constructor(session: Session, audio: HTMLAudioElement) {
    super({
      phase: session instanceof Invitation ? "ringing" : "calling",
      from: session.remoteIdentity.uri.user ?? "",
      muted: false,
      held: false,
      soundLost: false,
      since: Date.now(),
      problem: null,
    });
    this.#session = session;
    this.#audio = audio;
    session.sessionDescriptionHandlerModifiersReInvite = mediaOptions.sessionDescriptionHandlerModifiersReInvite;
    session.stateChange.addListener((state) => {
      if (state === SessionState.Established) this.#established();
      if (state === SessionState.Terminated) this.#end();
    });
  }

  /** Answers a ringing call. A microphone that cannot be had ends it with the problem's code. */
  async answer(): Promise<void> {
    if (!(this.#session instanceof Invitation) || this.#session.state !== SessionState.Initial) return;
    try {
      await this.#session.accept(mediaOptions);
    } catch (cause) {
      this.#end(microphoneProblem(cause) ?? "CALL_FAILED");
    }
  }

  /** Ends the call whatever its phase. Never rejects: a far end that is already gone is an end too. */
  async hangUp(): Promise<void> {
    const session = this.#session;
    const { state } = session;
    this.#takenBack = true;
    try {
      if (state === SessionState.Established) await session.bye();
      else if (session instanceof Invitation && state === SessionState.Initial) await session.reject({ statusCode: 486 });
      else if (session instanceof Inviter && state === SessionState.Establishing) await session.cancel();
      else await session.dispose();
    } catch {
      this.#end();
    }
  }

  /** The line was lost while it rang: nothing can come of it here any more; the engine offers the call again. */
  drop(): void {
    if (this.get().phase !== "talking") this.#end();
  }

  setMuted(muted: boolean): void {
    this.patch({ muted });
    this.#setTracks();
  }

  /** Hold or resume by re-INVITE (RFC 3264 section 8.4); the exchange plays the music. Resolves when it was agreed or refused. */
  async setHeld(held: boolean): Promise<void> {
    const before = this.get().held;
    if (held === before || this.get().phase !== "talking") return;
    await this.#renew(() => held);
    this.#setTracks();
  }

  /** Sends one key as an RFC 4733 event, after those that are still waiting to be sent. */
  press(key: string): void {
    const sender = this.#connection()?.getSenders()[0]?.dtmf;
    if (sender?.canInsertDTMF) sender.insertDTMF(sender.toneBuffer + key, toneMs, gapMs);
  }

  /** After the line came back: tells the exchange the new way to this telephone, and finds out if the call still stands. */
  async refresh(): Promise<void> {
    await this.#renew(() => this.get().held);
  }

  /** One after another: only one re-INVITE may be under way (RFC 3261, section 14.1), and no key that is pressed meanwhile is lost. */
  async #renew(held: () => boolean): Promise<void> {
    this.#renewing = this.#renewing.then(async () => {
      if (this.get().phase === "talking") await this.#reinvite(held());
    });
    await this.#renewing;
  }

  /** Sends a re-INVITE with the wanted hold state; the state changes only if the other side accepts. */
  async #reinvite(held: boolean): Promise<void> {
    const session = this.#session;
    session.sessionDescriptionHandlerOptionsReInvite = { hold: held } as object;
    const agreed = await new Promise<boolean>((resolve) => {
      session
        .invite({
          requestDelegate: {
            onAccept: () => resolve(true),
            onReject: ({ message }) => {
              // It ended while the line was away, and its BYE never came (RFC 3261, section 14.1). A time-out says only that the line is away.
              if (message.statusCode === callGone) void this.hangUp();
              resolve(false);
            },
          },
        })
        .catch(() => resolve(false));
    });
    if (agreed) this.patch({ held });
    else session.sessionDescriptionHandlerOptionsReInvite = { hold: this.get().held } as object;
  }

  #connection(): RTCPeerConnection | undefined {
    return (this.#session.sessionDescriptionHandler as SessionDescriptionHandler | undefined)?.peerConnection;
  }

  #setTracks(): void {
    const { muted, held } = this.get();
    for (const { track } of this.#connection()?.getSenders() ?? []) {
      if (track) track.enabled = !muted && !held;
    }
  }

  #established(): void {
    const handler = this.#session.sessionDescriptionHandler as SessionDescriptionHandler;
    this.#audio.srcObject = handler.remoteMediaStream;
    // Rejects when the browser wants a click first; answering was one, so there is nothing more to do.
    void this.#audio.play().catch(() => {});
    const connection = handler.peerConnection;
    connection?.addEventListener("connectionstatechange", () => {
      const { connectionState } = connection;
      this.patch({ soundLost: connectionState === "failed" || connectionState === "disconnected" });
    });
    this.patch({ phase: "talking", since: Date.now() });
    this.#setTracks();
  }

  #end(problem: string | null = null): void {
    const { phase } = this.get();
    if (phase === "ended") return;
    // A call that was dialled, not taken back, and never came through is a failure the person should see.
    const failed = phase === "calling" && !this.#takenBack;
    this.patch({ phase: "ended", problem: problem ?? (failed ? "CALL_FAILED" : null) });
    this.#audio.srcObject = null;
  }

  /** Dials: for calls made here. Resolves when the INVITE is out; what comes of it shows in the state. */
  async dial(): Promise<void> {
    if (!(this.#session instanceof Inviter)) return;
    try {
      await this.#session.invite();
    } catch (cause) {
      this.#end(microphoneProblem(cause) ?? "CALL_FAILED");
    }
  }
}
