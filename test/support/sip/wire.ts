import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import {
  authorization,
  formatMessage,
  type Headers,
  header,
  headers,
  isRequest,
  parseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  tagOf,
} from "./message.ts";

export const token = (): string => randomBytes(8).toString("hex");
const newBranch = (): string => `z9hG4bK${token()}`;
const branchOf = (message: SipMessage): string => /branch=([^;,\s]+)/.exec(header(message, "Via"))?.[1] ?? "";
/** A transaction's key (RFC 3261 section 17.1.3): a CANCEL has its INVITE's branch, so the method belongs to it. */
const keyOf = (message: SipMessage): string => `${branchOf(message)} ${header(message, "CSeq").split(" ")[1]}`;

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** One UDP socket with SIP's transactions on it (RFC 3261 section 17): answers find their requests, lost messages go out again. */
export class Wire {
  readonly address: string;
  readonly port: number;
  readonly server: { readonly address: string; readonly port: number };
  /** Gets each request once, and each response besides whoever asked. */
  onMessage: (message: SipMessage) => void = () => {};
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (response: SipResponse) => void>();
  readonly #answered = new Map<string, SipResponse>();
  readonly #repeats = new Map<string, NodeJS.Timeout>();
  #sending = 0;
  #closed = false;

  /** `port` 0: any that is free. */
  static async open(address: string, server: Wire["server"], port = 0): Promise<Wire> {
    const socket = createSocket("udp4");
    socket.bind(port, address);
    await once(socket, "listening");
    return new Wire(socket, server);
  }

  private constructor(socket: Socket, server: Wire["server"]) {
    this.#socket = socket;
    this.server = server;
    this.address = socket.address().address;
    this.port = socket.address().port;
    socket.on("message", (datagram) => this.#receive(datagram));
  }

  /**
   * Sends a request until it is answered, meets one challenge with the log-in, and resolves with the final response.
   * `lines` holds the CSeq. `seen` gets every response, the challenge too, with the request's branch.
   */
  async request(
    method: string,
    uri: string,
    lines: Headers,
    body = "",
    login?: Login,
    seen: (response: SipResponse, branch: string) => void = () => {},
  ): Promise<SipResponse> {
    const response = await this.#ask(method, uri, lines, body, seen);
    const challenge = header(response, "WWW-Authenticate") || header(response, "Proxy-Authenticate");
    if (!challenge || !login?.password) return response;
    const proof = [
      response.status === 401 ? "Authorization" : "Proxy-Authorization",
      authorization(challenge, method, uri, login.user, login.password),
    ] as const;
    const again = lines.map(
      ([name, value]) => [name, name === "CSeq" ? `${Number.parseInt(value, 10) + 1} ${method}` : value] as const,
    );
    return await this.#ask(method, uri, [...again, proof], body, seen);
  }

  /** Sends a request that gets no answer of its own: ACK, or CANCEL on its INVITE's branch. */
  sendOnce(method: string, uri: string, lines: Headers, body = "", branch = newBranch()): void {
    this.send({ method, uri, headers: this.#around(branch, lines, body), body });
  }

  /** Answers a request; the same answer goes out again when the request does. `tag` is ours for the To header. */
  respond(request: SipRequest, status: number, reason: string, tag: string, lines: Headers = [], body = ""): SipResponse {
    const same = ["Via", "From", "Call-ID", "CSeq"].flatMap((name) =>
      headers(request, name).map((value) => [name, value] as const),
    );
    const to = header(request, "To");
    const toLine = ["To", tagOf(to) || status === 100 ? to : `${to};tag=${tag}`] as const;
    const type = body === "" ? [] : [["Content-Type", "application/sdp"] as const];
    const response = { status, reason, headers: [...same, toLine, ...lines, ...type], body };
    this.#answered.set(keyOf(request), response);
    this.send(response);
    return response;
  }

  /** Sends a message again and again, first after 500 ms (RFC 3261 section 17.1.1.2), until `settle` with the same key. */
  repeat(key: string, message: SipMessage): void {
    const send = (wait: number): void => {
      this.send(message);
      if (wait < 32_000) this.#repeats.set(key, setTimeout(send, wait, wait * 2));
    };
    send(500);
  }

  settle(key: string): void {
    clearTimeout(this.#repeats.get(key));
    this.#repeats.delete(key);
  }

  send(message: SipMessage): void {
    if (this.#closed) return;
    this.#sending++;
    this.#socket.send(formatMessage(message), this.server.port, this.server.address, () => {
      this.#sending--;
      if (this.#closed) this.#letGo();
    });
  }

  /** What was said before still goes out: a BYE just before the end is a BYE. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#repeats.values()) clearTimeout(timer);
    this.#letGo();
  }

  #letGo(): void {
    if (this.#sending === 0) this.#socket.close();
  }

  #ask(
    method: string,
    uri: string,
    lines: Headers,
    body: string,
    seen: (r: SipResponse, branch: string) => void,
  ): Promise<SipResponse> {
    const branch = newBranch();
    const request = { method, uri, headers: this.#around(branch, lines, body), body };
    const key = keyOf(request);
    return new Promise((resolve) => {
      this.#waiting.set(key, (response) => {
        this.settle(key);
        seen(response, branch);
        if (response.status >= 200) resolve(response);
      });
      this.repeat(key, request);
    });
  }

  #around(branch: string, lines: Headers, body: string): Headers {
    const via = ["Via", `SIP/2.0/UDP ${this.address}:${this.port};branch=${branch};rport`] as const;
    const typed = body === "" || lines.some(([name]) => name === "Content-Type");
    return [via, ["Max-Forwards", "70"], ...lines, ...(typed ? [] : [["Content-Type", "application/sdp"] as const])];
  }

  #receive(datagram: Buffer): void {
    const message = parseMessage(datagram);
    if (!message) return;
    if (!isRequest(message)) {
      this.onMessage(message);
      this.#waiting.get(keyOf(message))?.(message);
      return;
    }
    const before = this.#answered.get(keyOf(message));
    if (before) this.send(before);
    else this.onMessage(message);
  }
}
