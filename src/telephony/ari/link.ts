import { connect, type Socket } from "node:net";
import WebSocket from "ws";
import { asKontaktlotsError, KontaktlotsError } from "../../core/errors.ts";
import { type AriEvent, readFrame } from "./frames.ts";

/** Where an Asterisk's ARI is, and as whom. */
export interface AriAddress {
  /** `http://127.0.0.1:8088/ari` */
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface AriReply {
  readonly status: number;
  readonly body: string;
}

export interface AriLinkListener {
  up(): void;
  down(reason: KontaktlotsError): void;
  event(event: AriEvent): void;
  problem(error: KontaktlotsError): void;
}

interface Pending {
  readonly resolve: (reply: AriReply) => void;
  readonly reject: (error: KontaktlotsError) => void;
  readonly sent: number;
  readonly what: string;
}

const requestLimitMs = 5_000;
const sweepEveryMs = 500;
const pingEveryMs = 2_000;
const longestPauseMs = 2_000;
/**
 * How long frames are taken in one turn of the loop, ms. After any wait hundreds come in one read; taken all at once they would hold up timers,
 * and what the first of them leads to would go out after the last.
 */
const turnMs = 3;

/**
 * One WebSocket to ARI for events and for requests (ARI's REST over WebSocket, Asterisk 22: frames `RESTRequest` and
 * `RESTResponse`), so that no event overtakes the answer to its request. Every request settles: answered, timed out
 * (ARI_TIMEOUT), or the line was lost (ARI_LINK_LOST). Reconnects for ever.
 *
 *   connecting ──open──▶ up ──close──▶ waiting ──pause over──▶ connecting      (closed from anywhere by `close`)
 */
export class AriLink {
  readonly #address: AriAddress;
  readonly #apps: string;
  readonly #listener: AriLinkListener;
  readonly #pending = new Map<string, Pending>();
  #socket: WebSocket | undefined;
  /** The connection under the WebSocket. */
  #tcp: Socket | undefined;
  /** Frames that wait for the next turn of the loop, and when this turn has taken enough. */
  #frames: string[] = [];
  #turnEnds: number | undefined;
  #isUp = false;
  #closed = false;
  #pauseMs = 20;
  #nextRequest = 1;
  #retry: NodeJS.Timeout | undefined;
  readonly #sweep: NodeJS.Timeout;
  #lastHeard = 0;
  #lastPing = 0;

  /** `apps`: the applications whose events it hears. */
  constructor(address: AriAddress, apps: readonly string[], listener: AriLinkListener) {
    this.#address = address;
    this.#apps = apps.join(",");
    this.#listener = listener;
    this.#sweep = setInterval(() => this.#sweepPending(), sweepEveryMs);
    this.#connect();
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** How many requests wait for their answers. */
  get waiting(): number {
    return this.#pending.size;
  }

  /**
   * Sends one request. `path` without the leading "/ari/", values already encoded.
   * Errors: ARI_LINK_LOST, ARI_TIMEOUT. A refusal is a reply with its status, not an error.
   */
  request(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<AriReply> {
    const socket = this.#socket;
    const what = `${method} ${path.split("?", 1)[0]}`;
    if (!this.#isUp || !socket) return Promise.reject(lost(what));
    const id = String(this.#nextRequest++);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, sent: performance.now(), what });
      const frame = {
        type: "RESTRequest",
        request_id: id,
        method,
        uri: path,
        ...(body === undefined ? {} : { content_type: "application/json", message_body: JSON.stringify(body) }),
      };
      this.#cork();
      socket.send(JSON.stringify(frame));
    });
  }

  /** What is asked for in one turn of the loop goes to the system in one write. */
  #cork(): void {
    const tcp = this.#tcp;
    if (!tcp || tcp.writableCorked > 0) return;
    tcp.cork();
    setImmediate(() => tcp.uncork());
  }

  /** Lets the connection go, as if it had been lost: it is made anew. */
  drop(): void {
    this.#socket?.terminate();
  }

  /** Ends the line for good; what is pending is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#sweep);
    const socket = this.#socket;
    if (!socket) return;
    const gone = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.close();
    const force = setTimeout(() => socket.terminate(), 500);
    await gone;
    clearTimeout(force);
  }

  #connect(): void {
    const { url, username, password } = this.#address;
    const target = `${url.replace(/^http/, "ws")}/events?app=${encodeURIComponent(this.#apps)}&subscribeAll=false`;
    const socket = new WebSocket(target, {
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` },
      // Our own connection, so that it can be corked; one with TLS does without.
      ...(url.startsWith("http:") ? { createConnection: () => this.#connectTcp(url) } : {}),
      handshakeTimeout: 3_000,
      perMessageDeflate: false,
      maxPayload: 64 * 1024 * 1024,
    });
    this.#socket = socket;
    let reason = lost("the connection");
    socket.on("open", () => {
      this.#isUp = true;
      this.#pauseMs = 20;
      this.#lastHeard = this.#lastPing = performance.now();
      this.#listener.up();
    });
    socket.on("message", (data) => this.#heard(data.toString()));
    socket.on("pong", () => {
      this.#lastHeard = performance.now();
    });
    socket.on("unexpected-response", (_request, response) => {
      reason = refused(response.statusCode ?? 0);
      this.#listener.problem(reason);
      response.resume();
      // Whoever listens here has to end the attempt: no "close" comes by itself, and without it no next try.
      socket.terminate();
    });
    socket.on("error", (error) => {
      if (reason.code === "ARI_LINK_LOST") reason = lost("the connection", error);
    });
    socket.on("close", () => this.#lost(socket, reason));
  }

  #connectTcp(url: string): Socket {
    const { hostname, port } = new URL(url);
    this.#tcp = connect({ host: hostname, port: Number(port || 80), noDelay: true });
    return this.#tcp;
  }

  #heard(text: string): void {
    const now = performance.now();
    this.#lastHeard = now;
    if (this.#turnEnds === undefined) {
      this.#turnEnds = now + turnMs;
      setImmediate(() => this.#nextTurn());
    }
    if (this.#frames.length > 0 || now >= this.#turnEnds) this.#frames.push(text);
    else this.#message(text);
  }

  #nextTurn(): void {
    this.#turnEnds = undefined;
    if (this.#frames.length === 0) return;
    const ends = performance.now() + turnMs;
    this.#turnEnds = ends;
    setImmediate(() => this.#nextTurn());
    this.#takeWaiting(() => performance.now() >= ends);
  }

  /** In their order, until `enough`. */
  #takeWaiting(enough: () => boolean): void {
    let taken = 0;
    for (const text of this.#frames) {
      this.#message(text);
      taken += 1;
      if (enough()) break;
    }
    this.#frames = this.#frames.slice(taken);
  }

  #message(text: string): void {
    let frame: ReturnType<typeof readFrame>;
    try {
      frame = readFrame(text);
    } catch (error) {
      this.#listener.problem(asKontaktlotsError(error));
      return;
    }
    if (frame.kind === "event") this.#listener.event(frame.event);
    else if (frame.kind === "reply") {
      const pending = this.#pending.get(frame.id);
      this.#pending.delete(frame.id);
      pending?.resolve({ status: frame.status, body: frame.body });
    }
  }

  #lost(socket: WebSocket, reason: KontaktlotsError): void {
    if (socket !== this.#socket) return;
    // What came before the end counts: it may be that another engine has taken over.
    this.#takeWaiting(() => false);
    this.#socket = undefined;
    const wasUp = this.#isUp;
    this.#isUp = false;
    for (const [id, pending] of this.#pending) {
      this.#pending.delete(id);
      pending.reject(lost(pending.what));
    }
    if (this.#closed) return;
    if (wasUp) this.#listener.down(reason);
    this.#retry = setTimeout(() => this.#connect(), this.#pauseMs);
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2);
  }

  /** One look for all: requests out of time, and a line that says nothing although it was pinged. */
  #sweepPending(): void {
    const now = performance.now();
    for (const [id, pending] of this.#pending) {
      if (now - pending.sent < requestLimitMs) break;
      this.#pending.delete(id);
      pending.reject(
        new KontaktlotsError(
          "ARI_TIMEOUT",
          `Asterisk did not answer ${pending.what} in ${requestLimitMs} ms.`,
          "Look at Asterisk's load and log.",
        ),
      );
    }
    if (!this.#isUp) return;
    if (now - this.#lastHeard > 3 * pingEveryMs) this.#socket?.terminate();
    else if (now - this.#lastPing >= pingEveryMs) {
      this.#lastPing = now;
      this.#socket?.ping();
    }
  }
}

function lost(what: string, cause?: unknown): KontaktlotsError {
  return new KontaktlotsError(
    "ARI_LINK_LOST",
    `The line to Asterisk was lost (${what}).`,
    "It is tried again by itself; look whether Asterisk runs.",
    {},
    cause,
  );
}

function refused(status: number): KontaktlotsError {
  if (status === 401 || status === 403) {
    return new KontaktlotsError(
      "ARI_WRONG_PASSWORD",
      "Asterisk refused our name or password for ARI.",
      "Compare ARI_USER and ARI_PASSWORD with Asterisk's ari.conf.",
      { status },
    );
  }
  return new KontaktlotsError(
    "ARI_REFUSED",
    `Asterisk refused the line with HTTP ${status}.`,
    "Look whether ARI is enabled and its modules are loaded.",
    { status },
  );
}
