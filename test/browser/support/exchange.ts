import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

/**
 * A telephone exchange as small as page tests need: SIP over WebSocket (RFC 7118), every REGISTER accepted, and requests passed
 * on to the phone they name. The sound goes straight from browser to browser. A call to a registered user, or to any number
 * while `ringer` is set, rings there.
 */
export interface Exchange {
  readonly port: number;
  /** First lines of all SIP messages that came in, and the SDP bodies. */
  readonly seen: readonly string[];
  readonly bodies: readonly string[];
  /** Users that are registered now. */
  readonly registered: ReadonlySet<string>;
  /** Registered user that calls to numbers ring at. */
  ringer: string | undefined;
  /** Cuts every phone's line. */
  cut(): void;
  close(): Promise<void>;
}

const header = (message: string, name: string): string => new RegExp(`^${name}: *(.*)$`, "im").exec(message)?.[1]?.trim() ?? "";
const userOf = (address: string): string => /sips?:([^@;>]+)/.exec(address)?.[1] ?? "";

export async function openExchange(): Promise<Exchange> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0, path: "/ws", handleProtocols: () => "sip" });
  await once(server, "listening");
  const seen: string[] = [];
  const bodies: string[] = [];
  /** Who is reached by which name: registered users, and the names in Contact that calls go on under. */
  const phones = new Map<string, WebSocket>();
  const contacts = new Map<string, string>();
  /** Where the answer to a request passed on belongs, by its branch. */
  const askers = new Map<string, WebSocket>();

  const exchange: Exchange = {
    port: (server.address() as AddressInfo).port,
    seen,
    bodies,
    get registered() {
      return new Set(contacts.keys());
    },
    ringer: undefined,
    cut: () => {
      for (const phone of server.clients) phone.terminate();
    },
    close: async () => {
      exchange.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function answer(phone: WebSocket, message: string, status: string, ...more: readonly string[]): void {
    const copied = ["Via", "From", "Call-ID", "CSeq"].map((name) => `${name}: ${header(message, name)}`);
    const to = `To: ${header(message, "To")};tag=${randomUUID()}`;
    phone.send([`SIP/2.0 ${status}`, ...copied, to, ...more, "Content-Length: 0", "", ""].join("\r\n"));
  }

  function register(phone: WebSocket, message: string): void {
    const user = userOf(header(message, "To"));
    const contact = header(message, "Contact");
    if (/expires=0/.test(contact)) {
      if (contacts.get(user) === userOf(contact)) contacts.delete(user);
    } else {
      contacts.set(user, userOf(contact));
      phones.set(userOf(contact), phone);
    }
    const [short] = /^.*?;expires=\d+/.exec(contact) ?? [contact];
    answer(phone, message, "200 OK", `Contact: ${short}`);
  }

  function passOn(phone: WebSocket, message: string): void {
    const named = userOf(message.split("\r\n", 1)[0] ?? "");
    // What belongs to a call goes to the phone it names or to nobody: that phone's line may still be away.
    const ringer = /;tag=/.test(header(message, "To")) ? undefined : contacts.get(exchange.ringer ?? "");
    const user = contacts.get(named) ?? (phones.has(named) ? named : ringer);
    const target = phones.get(user ?? "");
    phones.set(userOf(header(message, "Contact")), phone);
    if (target === undefined) {
      if (message.startsWith("INVITE")) answer(phone, message, "404 Not Found");
      return;
    }
    // One branch for a request and its CANCEL or ACK, as RFC 3261 16.11 has it for a proxy without memory.
    const branch = `${/branch=([^;\s]+)/.exec(header(message, "Via"))?.[1]}-passed`;
    askers.set(branch, phone);
    const [first = "", ...rest] = message.split("\r\n");
    // The phone's own name, as a registrar has it (RFC 3261 16.6).
    target.send(
      [first.replace(/sip:[^@]+@/, `sip:${user}@`), `Via: SIP/2.0/WS exchange.invalid;branch=${branch}`, ...rest].join("\r\n"),
    );
  }

  server.on("connection", (phone) => {
    phone.on("message", (data) => {
      const message = String(data);
      if (message.trim() === "") return;
      seen.push(message.split("\r\n", 1)[0] ?? "");
      if (message.includes("\r\nm=audio")) bodies.push(message.slice(message.indexOf("\r\n\r\n") + 4));
      if (message.startsWith("REGISTER")) return register(phone, message);
      if (!message.startsWith("SIP/2.0")) return passOn(phone, message);
      const branch = /branch=([^;\s]+)/.exec(header(message, "Via"))?.[1] ?? "";
      askers.get(branch)?.send(message.replace(/^Via: .*\r\n/m, ""));
    });
    phone.on("close", () => {
      for (const [name, one] of phones) if (one === phone) phones.delete(name);
      for (const [user, name] of contacts) if (!phones.has(name)) contacts.delete(user);
    });
  });
  return exchange;
}
