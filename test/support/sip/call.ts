import { Journal } from "./journal.ts";
import type { Media } from "./media.ts";
import { brief, type Headers, header, isRequest, type SipMessage, type SipRequest, type SipResponse, uriOf } from "./message.ts";
import type { Phone } from "./phone.ts";
import { type Direction, formatSdp, mirrored, parseSdp } from "./sdp.ts";
import { token } from "./wire.ts";

export interface DialOptions {
  /** The From header's number, when it is not the phone's user. */
  readonly from?: string;
  /** The To header's number, when it is not the one dialled: a call that was forwarded. */
  readonly to?: string;
  /** More headers: Privacy, P-Asserted-Identity, Session-Expires … */
  readonly headers?: Headers;
  /** INVITE without a session description: the other side offers, the ACK answers. */
  readonly lateOffer?: boolean;
  /** Does not tell that RFC 4733 events are understood: for keys by INFO or in the sound. */
  readonly noEvents?: boolean;
}

/** How a call ended: by us, by the other side, or refused with a status. */
export interface Ending {
  readonly by: "self" | "peer" | "refused";
  readonly status?: number;
}

/**
 * One call of a test phone, dialled or received: an RFC 3261 dialog with one audio stream.
 *
 *     ringing ── 200 ──▶ up ── BYE ──▶ over
 *        └── refused, cancelled ────────┘
 */
export class Call {
  readonly id: string;
  readonly media: Media;
  /** Every SIP message that came for this call. */
  readonly received: Journal<SipMessage>;
  /** Answers 200 to the INVITE when a CANCEL comes: the two cross on the wire. */
  answersAcrossCancel = false;
  /** What the phone does when the time in INVITE's `Expires` is over; nothing by itself when not said. */
  atExpiry: "answers" | "ends" | undefined;
  #expiry: NodeJS.Timeout | undefined;
  /** The INVITE that came in. */
  invitation: SipRequest | undefined;
  readonly #endings: Journal<Ending>;
  readonly #phone: Phone;
  readonly #direction: "out" | "in";
  readonly #tag = token();
  #state: "ringing" | "up" | "over" = "ringing";
  #cancelled = false;
  #vanished = false;
  /** Where the first INVITE went, and where later requests go. */
  #uri = "";
  #target = "";
  #from = "";
  #to = "";
  #sequence = 0;
  #branch = "";
  #events: number | undefined = 101;
  #flow: Direction = "sendrecv";
  #descriptions = 0;

  constructor(phone: Phone, direction: "out" | "in", id: string, media: Media) {
    this.#phone = phone;
    this.#direction = direction;
    this.id = id;
    this.media = media;
    this.received = new Journal(`SIP at ${phone.user}`, brief);
    this.#endings = new Journal(`end of the call at ${phone.user}`, (ending) => ending.by);
  }

  get state(): "ringing" | "up" | "over" {
    return this.#state;
  }

  /** Waits for a request ("BYE"), a response (183), or a response to one method ("200 INVITE"), already come or yet to come. */
  gets(what: string | number, from = 0): Promise<SipMessage> {
    const matches = (message: SipMessage): boolean => brief(message) === what || (!isRequest(message) && message.status === what);
    return this.received.when(String(what), matches, from);
  }

  /** Resolves when the call is over, however that came about. */
  ended(): Promise<Ending> {
    return this.#endings.when("the end", () => true);
  }

  // ---- dialled calls ------------------------------------------------------------------------------------------------------------

  invite(number: string, options: DialOptions): void {
    const { address, server } = this.#phone.wire;
    if (options.noEvents) this.#events = undefined;
    this.#uri = this.#target = `sip:${number}@${server.address}:${server.port}`;
    this.#from = `<sip:${options.from ?? this.#phone.user}@${address}>;tag=${this.#tag}`;
    this.#to = options.to === undefined ? `<${this.#uri}>` : `<sip:${options.to}@${server.address}>`;
    const body = options.lateOffer ? "" : this.#describe();
    void this.#request("INVITE", [...this.#always, ...(options.headers ?? [])], body, (response, branch) =>
      this.#inviteAnswered(response, branch),
    );
  }

  #inviteAnswered(response: SipResponse, branch: string): void {
    this.#branch = branch;
    const challenged = response.status === 401 || response.status === 407;
    if (response.status > 100 && !challenged) this.#to = header(response, "To");
    this.#hear(response);
    if (response.status < 200) {
      if (this.#cancelled) this.#cancel();
      return;
    }
    if (response.status >= 300) {
      this.#acknowledge(branch); // belongs to the INVITE's own transaction
      if (!challenged) this.#end({ by: this.#cancelled ? "self" : "refused", status: response.status });
      return;
    }
    this.#target = uriOf(header(response, "Contact"));
    this.#acknowledge(undefined, this.#descriptions === 0 ? this.#describe() : "");
    if (this.#state !== "ringing") return; // a 200 sent again
    this.#state = "up";
    if (this.#cancelled) this.hangUp();
  }

  // ---- received calls -----------------------------------------------------------------------------------------------------------

  ring(): void {
    this.#reply(180, "Ringing");
    const seconds = Number(this.invitation && header(this.invitation, "Expires"));
    if (this.atExpiry !== undefined && seconds > 0) this.#expiry = setTimeout(() => this.#expire(), seconds * 1000);
  }

  #expire(): void {
    if (this.#state !== "ringing") return;
    if (this.atExpiry === "answers") this.pickUp();
    else {
      this.#reply(487, "Request Terminated");
      this.#end({ by: "self", status: 487 });
    }
  }

  /** Early media: sound before the answer. */
  progress(): void {
    this.#reply(183, "Session Progress", this.#describe());
  }

  pickUp(): void {
    const response = this.#reply(200, "OK", this.#describe());
    this.#state = "up";
    this.#phone.wire.repeat(this.id, response);
  }

  /** 486 is busy, 603 refused. */
  refuse(status = 486): void {
    this.#reply(status, "No");
    this.#end({ by: "self", status });
  }

  #reply(status: number, reason: string, body = ""): SipResponse {
    if (!this.invitation || this.#state !== "ringing") throw new Error(`${status} to a call that does not ring`);
    const lines = [...this.#always, ...(status === 200 ? sessionTimer(this.invitation) : [])];
    return this.#phone.wire.respond(this.invitation, status, reason, this.#tag, lines, body);
  }

  // ---- both ---------------------------------------------------------------------------------------------------------------------

  /** BYE, CANCEL or a refusal, as the call's state wants it. */
  hangUp(): void {
    if (this.#state === "up") {
      void this.#request("BYE", []);
      this.#end({ by: "self" });
    } else if (this.#state === "ringing" && this.#direction === "in") this.refuse(603);
    else if (this.#state === "ringing") {
      this.#cancelled = true;
      if (this.#branch) this.#cancel(); // else as soon as anything is answered (RFC 3261 section 9.1)
    }
  }

  /** One more BYE in this dialog, also after its end. Resolves with the final response. */
  async byeAgain(): Promise<SipResponse> {
    return await this.#request("BYE", []);
  }

  /** The phone is gone: no BYE, no sound, no answer to anything. */
  vanish(): void {
    this.#vanished = true;
    this.#phone.wire.settle(this.id);
    this.media.close();
  }

  /** Describes the session anew: "sendonly" or "inactive" is hold, "sendrecv" its end. Resolves with the final response. */
  async reinvite(flow: Direction, lines: Headers = []): Promise<SipResponse> {
    this.#flow = flow;
    this.media.paused = flow !== "sendrecv";
    return await this.#request("INVITE", [...this.#always, ...lines], this.#describe(), (response) => {
      this.#hear(response);
      if (response.status >= 200) this.#acknowledge();
    });
  }

  /** A key by INFO (application/dtmf-relay). */
  async info(key: string, ms = 100): Promise<SipResponse> {
    return await this.#request("INFO", [["Content-Type", "application/dtmf-relay"]], `Signal=${key}\r\nDuration=${ms}\r\n`);
  }

  /** What came from the wire for this call. */
  take(message: SipMessage): void {
    if (this.#vanished) return;
    this.received.add(message);
    if (!isRequest(message)) return;
    const respond = (lines: Headers = [], body = ""): void => {
      this.#phone.wire.respond(message, 200, "OK", this.#tag, lines, body);
    };
    if (message.method === "INVITE" && !this.invitation && this.#direction === "in") this.#beInvited(message);
    else if (message.method === "INVITE" || message.method === "UPDATE") {
      this.#flow = mirrored[this.#hear(message)?.direction ?? this.#flow];
      const answers = message.method === "INVITE" || message.body !== "";
      respond([...this.#always, ...sessionTimer(message)], answers ? this.#describe() : "");
    } else if (message.method === "ACK") {
      this.#phone.wire.settle(this.id);
      this.#hear(message);
    } else if (message.method === "CANCEL") {
      if (this.answersAcrossCancel && this.#state === "ringing") this.pickUp();
      respond();
      if (this.#state !== "ringing") return;
      this.#reply(487, "Request Terminated");
      this.#end({ by: "peer" });
    } else {
      respond();
      if (message.method === "BYE") this.#end({ by: "peer" });
    }
  }

  #beInvited(invite: SipRequest): void {
    this.invitation = invite;
    this.#from = `${header(invite, "To")};tag=${this.#tag}`;
    this.#to = header(invite, "From");
    this.#target = uriOf(header(invite, "Contact"));
    this.#hear(invite);
  }

  get #always(): Headers {
    return [
      ["Contact", this.#phone.contact],
      ["Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"],
      ["Supported", "timer"],
    ];
  }

  /** Sends sound to where a message's description says, if it has one. */
  #hear(message: SipMessage): ReturnType<typeof parseSdp> {
    const sdp = parseSdp(message.body);
    if (sdp) this.media.connect(sdp);
    return sdp;
  }

  #describe(): string {
    const events = this.#events === undefined ? {} : { events: this.#events };
    return formatSdp(
      { address: this.#phone.wire.address, port: this.media.port, direction: this.#flow, ...events },
      ++this.#descriptions,
    );
  }

  #identity(method: string): Headers {
    return [
      ["From", this.#from],
      ["To", this.#to],
      ["Call-ID", this.id],
      ["CSeq", `${this.#sequence} ${method}`],
    ];
  }

  #request(
    method: string,
    lines: Headers,
    body = "",
    seen?: (response: SipResponse, branch: string) => void,
  ): Promise<SipResponse> {
    this.#sequence++;
    const all = [...this.#identity(method), ...lines];
    return this.#phone.wire.request(method, this.#target, all, body, this.#phone.login, (response, branch) => {
      // After a challenge the request went out again with the next number.
      this.#sequence = Math.max(this.#sequence, Number.parseInt(header(response, "CSeq"), 10));
      seen?.(response, branch);
    });
  }

  #acknowledge(branch?: string, body = ""): void {
    this.#phone.wire.sendOnce("ACK", branch ? this.#uri : this.#target, this.#identity("ACK"), body, branch);
  }

  #cancel(): void {
    const lines = this.#identity("CANCEL").map(([name, value]) => [name, name === "To" ? `<${this.#uri}>` : value] as const);
    this.#phone.wire.sendOnce("CANCEL", this.#uri, lines, "", this.#branch);
  }

  #end(ending: Ending): void {
    if (this.#state === "over") return;
    this.#state = "over";
    clearTimeout(this.#expiry);
    this.#phone.wire.settle(this.id);
    this.media.close();
    this.#endings.add(ending);
  }
}

/** Takes up the session timer that was asked for (RFC 4028); whoever asked refreshes, unless it said otherwise. */
function sessionTimer(request: SipRequest): Headers {
  const asked = header(request, "Session-Expires");
  if (!asked) return [];
  return [
    ["Require", "timer"],
    ["Session-Expires", asked.includes("refresher") ? asked : `${asked};refresher=uac`],
  ];
}
