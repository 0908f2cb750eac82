import { silence, toALaw } from "./tones.ts";

const packets = 5;
const packetMs = 20;
const samples = 160;

/**
 * A capture for SIPp to play, of the first 100 ms of what a telephone sends once it is answered: quiet, in A-law. Asterisk's own Answer()
 * waits for it, for up to half a second, in which its caller hears nothing.
 */
export function firstSound(): Buffer {
  const header = Buffer.alloc(24);
  // libpcap's file format: magic, version 2.4, snapshot length, Ethernet.
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0xffff, 16);
  header.writeUInt32LE(1, 20);
  return Buffer.concat([header, ...Array.from({ length: packets }, (_, n) => record(n))]);
}

function record(n: number): Buffer {
  const rtp = Buffer.alloc(12);
  rtp.writeUInt8(0x80, 0); // RFC 3550, section 5.1: version 2
  rtp.writeUInt8(n === 0 ? 0x88 : 0x08, 1); // A-law; the first of a talk is marked
  rtp.writeUInt16BE(n + 1, 2);
  rtp.writeUInt32BE(n * samples, 4);
  rtp.writeUInt32BE(1, 8);
  const sound = Buffer.alloc(samples, toALaw(silence(0)));
  // Addresses and ports are SIPp's own when it plays this; lengths must be right.
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(8 + rtp.length + sound.length, 4);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(20 + 8 + rtp.length + sound.length, 2);
  ip.writeUInt8(64, 8);
  ip.writeUInt8(17, 9);
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(0x0800, 12);
  const frame = Buffer.concat([ethernet, ip, udp, rtp, sound]);
  const head = Buffer.alloc(16);
  head.writeUInt32LE(0, 0);
  head.writeUInt32LE(n * packetMs * 1000, 4);
  head.writeUInt32LE(frame.length, 8);
  head.writeUInt32LE(frame.length, 12);
  return Buffer.concat([head, frame]);
}
