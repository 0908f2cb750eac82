import { header, isRequest } from "../support/sip/message.ts";
import { type Datagram, isRtp, type Place, samePlace, sipOf } from "../support/sip/pcap.ts";
import { parseSdp } from "../support/sip/sdp.ts";

/**
 * From each caller's INVITE to the first sound packet that reaches the caller, ms. All callers hear at one port, so a packet is known
 * by the port it comes from: the one that Asterisk named in its answer to that call.
 */
export function firstSounds(datagrams: readonly Datagram[], callers: Place, soundPort: number): number[] {
  const sip = new Map([...sipOf(datagrams)].map((datagram) => [datagram.payload, datagram.message]));
  const invitedAt = new Map<string, number>();
  const expected = new Map<number, string>();
  const times: number[] = [];
  for (const datagram of datagrams) {
    const message = sip.get(datagram.payload);
    if (message) {
      const call = header(message, "Call-ID");
      if (isRequest(message) && message.method === "INVITE" && samePlace(datagram.from, callers) && !invitedAt.has(call)) {
        invitedAt.set(call, datagram.atUs);
      } else if (!isRequest(message) && samePlace(datagram.to, callers) && header(message, "CSeq").endsWith("INVITE")) {
        const sdp = parseSdp(message.body);
        if (sdp) expected.set(sdp.port, call);
      }
    } else if (datagram.to.address === callers.address && datagram.to.port === soundPort && isRtp(datagram)) {
      const began = invitedAt.get(expected.get(datagram.from.port) ?? "");
      if (began === undefined) continue;
      times.push((datagram.atUs - began) / 1000);
      expected.delete(datagram.from.port);
    }
  }
  return times;
}
