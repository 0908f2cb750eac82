import { header, isRequest } from "../support/sip/message.ts";
import { type Datagram, isRtp, type Place, samePlace, sipOf } from "../support/sip/pcap.ts";
import { parseSdp } from "../support/sip/sdp.ts";
import { spokenBetween } from "../support/sip/speech.ts";
import { fromALaw } from "../support/sip/tones.ts";

/** One call whose sound was captured: when it was dialled, and when it first heard the announcement, ms since the epoch. */
export interface Listened {
  readonly at: number;
  /** Undefined: it heard its greeting and the menu, and nothing between. */
  readonly heardAt: number | undefined;
}

/** Less speech than this, ms, is none. */
const leastMs = 1_000;

/**
 * What callers heard whose sound is in the capture, of those that came as far as the menu. All hear at one port, so a call is known by
 * the port its sound comes from: the one that Asterisk named last in an answer.
 */
export function listened(
  datagrams: readonly Datagram[],
  callers: Place,
  soundPort: number,
  { greeting, menu }: { readonly greeting: number; readonly menu: number },
): Listened[] {
  const sip = new Map([...sipOf(datagrams)].map((datagram) => [datagram.payload, datagram.message]));
  const dialledAt = new Map<string, number>();
  const heard = new Map<string, Datagram[]>();
  const callAt = new Map<number, string>();
  for (const datagram of datagrams) {
    const message = sip.get(datagram.payload);
    if (message) {
      const call = header(message, "Call-ID");
      if (isRequest(message) && message.method === "INVITE" && samePlace(datagram.from, callers) && !dialledAt.has(call))
        dialledAt.set(call, datagram.atUs / 1000);
      const sdp = !isRequest(message) && samePlace(datagram.to, callers) ? parseSdp(message.body) : undefined;
      if (sdp) callAt.set(sdp.port, call);
    } else if (datagram.to.address === callers.address && datagram.to.port === soundPort && isSound(datagram)) {
      const call = callAt.get(datagram.from.port);
      if (call === undefined) continue;
      const packets = heard.get(call) ?? [];
      heard.set(call, packets);
      packets.push(datagram);
    }
  }
  return [...heard].flatMap(([call, packets]) => {
    const sounds = packets.map(({ payload }) => Int16Array.from(payload.subarray(12), fromALaw));
    const spoken = spokenBetween(sounds, greeting, menu);
    if (!spoken) return [];
    const heardAt = spoken.ms >= leastMs ? (packets[spoken.first]?.atUs ?? Number.NaN) / 1000 : undefined;
    return [{ at: dialledAt.get(call) ?? Number.NaN, heardAt }];
  });
}

/** A-law. */
const isSound = (datagram: Datagram): boolean => isRtp(datagram) && ((datagram.payload[1] ?? 0) & 0x7f) === 8;

/** Final answers to INVITE that are no 200: busy, no room, anything; by status, so many calls. */
export function refusals(wire: readonly Datagram[]): Map<number, number> {
  const statuses = new Map<string, number>();
  for (const { message } of sipOf(wire)) {
    if (!isRequest(message) && message.status >= 300 && header(message, "CSeq").endsWith("INVITE"))
      statuses.set(header(message, "Call-ID"), message.status);
  }
  return new Map([...Map.groupBy(statuses.values(), (status) => status)].map(([status, calls]) => [status, calls.length]));
}
