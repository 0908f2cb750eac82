import { parseMessage, type SipMessage } from "./message.ts";
import { fromALaw } from "./tones.ts";

export interface Place {
  readonly address: string;
  readonly port: number;
}
export const samePlace = (a: Place, b: Place): boolean => a.port === b.port && a.address === b.address;

/** One UDP datagram as it was on the wire. */
export interface Datagram {
  /** Microseconds since the epoch, by the kernel's clock. */
  readonly atUs: number;
  readonly from: Place;
  readonly to: Place;
  readonly payload: Buffer;
}

/** Reads what tcpdump wrote: Ethernet frames (the loopback has them too) with IPv4 and UDP; others are left out. */
export function* readPcap(file: Buffer): Generator<Datagram> {
  const magic = file.readUInt32LE(0);
  if (magic !== 0xa1b2c3d4 || file.readUInt32LE(20) !== 1)
    throw new Error("not a pcap file with microseconds and Ethernet frames");
  for (let at = 24; at + 16 <= file.length; ) {
    const atUs = file.readUInt32LE(at) * 1e6 + file.readUInt32LE(at + 4);
    const frame = file.subarray(at + 16, at + 16 + file.readUInt32LE(at + 8));
    at += 16 + file.readUInt32LE(at + 8);
    if (frame.length < 42 || frame.readUInt16BE(12) !== 0x0800 || frame[23] !== 17) continue;
    const udp = 14 + (frame.readUInt8(14) & 0x0f) * 4;
    yield {
      atUs,
      from: { address: [...frame.subarray(26, 30)].join("."), port: frame.readUInt16BE(udp) },
      to: { address: [...frame.subarray(30, 34)].join("."), port: frame.readUInt16BE(udp + 2) },
      payload: frame.subarray(udp + 8),
    };
  }
}

/** The SIP messages of a capture, in order. */
export function* sipOf(datagrams: Iterable<Datagram>): Generator<Datagram & { readonly message: SipMessage }> {
  for (const datagram of datagrams) {
    const message = parseMessage(datagram.payload);
    if (message) yield { ...datagram, message };
  }
}

/** True for an RTP packet (version 2, no RTCP type: RFC 5761 section 4). */
export function isRtp({ payload }: Datagram): boolean {
  const type = (payload[1] ?? 0) & 0x7f;
  return payload.length > 12 && (payload[0] ?? 0) >> 6 === 2 && (type < 64 || type > 95);
}

/** The A-law sound that arrived at a place, packet after packet. */
export function soundAt(datagrams: Iterable<Datagram>, place: Place): Int16Array {
  const samples: number[] = [];
  for (const datagram of datagrams) {
    if (!samePlace(datagram.to, place) || !isRtp(datagram) || ((datagram.payload[1] ?? 0) & 0x7f) !== 8) continue;
    for (const byte of datagram.payload.subarray(12)) samples.push(fromALaw(byte));
  }
  return Int16Array.from(samples);
}
