import type { WebSocket } from "ws";
import type { ErrorCode } from "../../core/errors.ts";
import type { Session } from "../../store/accounts.ts";

/** A page that lies this far behind is let go; it comes back and gets the present state. Bytes. */
const maxUnread = 1024 * 1024;
/** How long a page may take to show that it is alive when its phone is wanted by another, ms. */
const answerMs = 2000;
/** WebSocket close codes of our own (4000–4999, RFC 6455 7.4.2): what the HTTP status would have been. */
const refusals = { LOGIN_NEEDED: 4401, ROLE_NEEDED: 4403, AGENT_SECOND_TAB: 4409 } as const satisfies Partial<
  Record<ErrorCode, number>
>;

/** One page's end of /live: who looks, and what may be told. */
export class LivePage {
  readonly session: Session | undefined;
  /** Captions of the call with this tag are wanted. */
  readonly tag: string | undefined;
  readonly #socket: WebSocket;
  #answered = true;

  constructor(socket: WebSocket, session: Session | undefined, tag: string | undefined) {
    this.#socket = socket;
    this.session = session;
    this.tag = tag;
    socket.on("pong", () => {
      this.#answered = true;
    });
    socket.on("error", () => socket.terminate()); // "close" follows
  }

  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  onClose(then: () => void): void {
    this.#socket.once("close", then);
  }

  /** Tells a LiveMessage, given as JSON so that what all are told is written once. Never waits. */
  tell(json: string): void {
    if (!this.open) return;
    this.#socket.send(json);
    if (this.#socket.bufferedAmount > maxUnread) this.drop();
  }

  refuse(code: keyof typeof refusals): void {
    this.#socket.close(refusals[code], code);
  }

  /** The server goes: the page is to come back by itself. */
  goingAway(): void {
    this.#socket.close(1001);
  }

  drop(): void {
    this.#socket.terminate();
  }

  /** Asks for a sign of life; drops a page that has not given one since it was last asked. */
  beat(): void {
    if (!this.#answered) return this.drop();
    this.#answered = false;
    this.#socket.ping();
  }

  /** Whether somebody is still there. A tab whose network went away looks open for minutes otherwise. */
  async answers(): Promise<boolean> {
    if (!this.open) return false;
    this.#socket.ping();
    return new Promise((resolve) => {
      const settle = (answer: boolean): void => {
        clearTimeout(timer);
        this.#socket.off("pong", onPong);
        this.#socket.off("close", onClose);
        resolve(answer);
      };
      const onPong = (): void => settle(true);
      const onClose = (): void => settle(false);
      const timer = setTimeout(settle, answerMs, false);
      this.#socket.once("pong", onPong);
      this.#socket.once("close", onClose);
    });
  }
}
