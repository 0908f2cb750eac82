import { createHash } from "node:crypto";

/** Header lines in their order. */
export type Headers = readonly (readonly [name: string, value: string])[];

export interface SipRequest {
  readonly method: string;
  readonly uri: string;
  readonly headers: Headers;
  readonly body: string;
}
export interface SipResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: Headers;
  readonly body: string;
}
/** A SIP message (RFC 3261 section 7), headers in their order. */
export type SipMessage = SipRequest | SipResponse;

export const isRequest = (message: SipMessage): message is SipRequest => "method" in message;

/** Reads one datagram; undefined for what is no SIP (keep-alives, stray RTP). */
export function parseMessage(datagram: Buffer): SipMessage | undefined {
  const text = datagram.toString("utf8");
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const;
  });
  const body = text.slice(end + 4);
  const response = /^SIP\/2\.0 (\d{3}) (.*)$/.exec(first);
  if (response) return { status: Number(response[1]), reason: response[2] ?? "", headers, body };
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(first);
  return request ? { method: request[1] ?? "", uri: request[2] ?? "", headers, body } : undefined;
}

export function formatMessage(message: SipMessage): string {
  const first = isRequest(message) ? `${message.method} ${message.uri} SIP/2.0` : `SIP/2.0 ${message.status} ${message.reason}`;
  const all = [...message.headers, ["Content-Length", String(Buffer.byteLength(message.body))] as const];
  return `${[first, ...all.map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n${message.body}`;
}

/** A header's first value, "" when there is none. */
export function header(message: SipMessage, name: string): string {
  return headers(message, name)[0] ?? "";
}

/** All values of a header, in order. */
export function headers(message: SipMessage, name: string): string[] {
  return message.headers.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}

export const tagOf = (address: string): string | undefined => /;tag=([^;>\s]+)/.exec(address)?.[1];
export const uriOf = (address: string): string => /<([^>]+)>/.exec(address)?.[1] ?? address.split(";")[0]?.trim() ?? "";

/** In short, for messages of failed tests: "200 INVITE" or "BYE". */
export const brief = (message: SipMessage): string =>
  isRequest(message) ? message.method : `${message.status} ${header(message, "CSeq").split(" ")[1] ?? ""}`;

/** The answer to a digest challenge (RFC 2617 section 3.2.2, MD5, with or without qop). */
export function authorization(challenge: string, method: string, uri: string, user: string, password: string): string {
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  const part = (name: string): string => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1] ?? "";
  const [realm, nonce, opaque] = [part("realm"), part("nonce"), part("opaque")];
  const [secret, asked] = [md5(`${user}:${realm}:${password}`), md5(`${method}:${uri}`)];
  const counted = "00000001";
  const own = md5(`${nonce}${Math.random()}`).slice(0, 16);
  const qop = part("qop").includes("auth");
  const response = md5(qop ? `${secret}:${nonce}:${counted}:${own}:auth:${asked}` : `${secret}:${nonce}:${asked}`);
  const line = `Digest username="${user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5`;
  return `${line}${opaque ? `, opaque="${opaque}"` : ""}${qop ? `, qop=auth, nc=${counted}, cnonce="${own}"` : ""}`;
}
