import { Call, type DialOptions } from "./call.ts";
import { Journal } from "./journal.ts";
import { Media } from "./media.ts";
import { header, isRequest, type SipMessage, type SipRequest } from "./message.ts";
import { type Login, token, Wire } from "./wire.ts";

export interface PhoneOptions {
  /** SIP user: a desk phone's "d-anna", or a caller's number. */
  readonly user: string;
  readonly server: { readonly address: string; readonly port: number };
  /** Where the phone is: 127.0.0.2 is the telephone network's side, 127.0.0.1 (default) a desk. */
  readonly address?: string;
  readonly password?: string;
  /** Where it listens, for who is to be found there; default any port. */
  readonly port?: number;
}

/**
 * A telephone for tests: real SIP and RTP over UDP, and every step of it in the test's hands. Any number of calls at once.
 * By itself it does only what each phone does: 100 Trying, ACK, digest, retransmissions, and answers to BYE, CANCEL,
 * re-INVITE, UPDATE, INFO and OPTIONS. Ringing, answering, refusing, keys and hanging up are the test's.
 */
export class Phone {
  /** Calls that came in, in order. */
  readonly incoming: Journal<Call>;
  readonly login: Login;
  readonly wire: Wire;
  readonly #calls = new Map<string, Call>();
  readonly #registration = token();
  #sequence = 0;
  readonly #given = new Set<Call>();

  static async open(options: PhoneOptions): Promise<Phone> {
    return new Phone(options, await Wire.open(options.address ?? "127.0.0.1", options.server, options.port));
  }

  private constructor(options: PhoneOptions, wire: Wire) {
    this.login = { user: options.user, password: options.password ?? "" };
    this.wire = wire;
    this.incoming = new Journal(`calls to ${options.user}`, (call) => call.id);
    wire.onMessage = (message) => this.#receive(message);
  }

  get user(): string {
    return this.login.user;
  }

  get contact(): string {
    return `<sip:${encodeURIComponent(this.user)}@${this.wire.address}:${this.wire.port}>`;
  }

  /** Registers for `seconds`; 0 takes the registration away. Rejects when it is refused. */
  async register(seconds = 600): Promise<void> {
    const { server } = this.wire;
    const self = `<sip:${this.user}@${server.address}>`;
    this.#sequence += 2; // one for the request, one for its repetition with the password
    const lines = [
      ["From", `${self};tag=${token()}`],
      ["To", self],
      ["Call-ID", this.#registration],
      ["CSeq", `${this.#sequence} REGISTER`],
      ["Contact", this.contact],
      ["Expires", String(seconds)],
    ] as const;
    const response = await this.wire.request("REGISTER", `sip:${server.address}:${server.port}`, lines, "", this.login);
    if (response.status !== 200) throw new Error(`REGISTER of ${this.user}: ${response.status} ${response.reason}`);
  }

  /** Rings a number. Returns as soon as the INVITE is sent; what comes of it is the call's to tell. */
  async dial(number: string, options: DialOptions = {}): Promise<Call> {
    const call = await this.#newCall("out", token());
    call.invite(number, options);
    return call;
  }

  /** The first call that came or comes in, is not over, and was not given before. */
  async nextCall(): Promise<Call> {
    return await this.incoming.when("a call", (call) => {
      if (call.state === "over" || this.#given.has(call)) return false;
      this.#given.add(call);
      return true;
    });
  }

  /** Ends all at once, without a word to the other side. */
  close(): void {
    for (const call of this.#calls.values()) call.media.close();
    this.wire.close();
  }

  async #newCall(direction: "in" | "out", id: string): Promise<Call> {
    const call = new Call(this, direction, id, await Media.open(this.wire.address, this.user));
    this.#calls.set(id, call);
    return call;
  }

  #receive(message: SipMessage): void {
    const call = this.#calls.get(header(message, "Call-ID"));
    if (call) call.take(message);
    else if (!isRequest(message) || message.method === "ACK") return;
    else if (message.method === "INVITE") void this.#beCalled(message);
    else if (message.method === "OPTIONS") this.wire.respond(message, 200, "OK", token());
    else this.wire.respond(message, 481, "No such call", token());
  }

  async #beCalled(invite: SipRequest): Promise<void> {
    this.wire.respond(invite, 100, "Trying", "");
    const call = await this.#newCall("in", header(invite, "Call-ID"));
    call.take(invite);
    this.incoming.add(call);
  }
}
