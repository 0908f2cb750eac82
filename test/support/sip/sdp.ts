/** Which way sound goes, seen from whoever wrote it (RFC 3264). */
export type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** One audio stream of a session description; what a test phone needs of RFC 4566. */
export interface Sdp {
  readonly address: string;
  readonly port: number;
  readonly direction: Direction;
  /** Payload type of RFC 4733 telephone events, when they are understood. */
  readonly events?: number;
}

export function formatSdp({ address, port, direction, events }: Sdp, version: number): string {
  const lines = [
    "v=0",
    `o=- ${port} ${version} IN IP4 ${address}`,
    "s=-",
    `c=IN IP4 ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 8${events === undefined ? "" : ` ${events}`}`,
    "a=rtpmap:8 PCMA/8000",
    ...(events === undefined ? [] : [`a=rtpmap:${events} telephone-event/8000`, `a=fmtp:${events} 0-16`]),
    "a=ptime:20",
    `a=${direction}`,
  ];
  return `${lines.join("\r\n")}\r\n`;
}

/** Undefined when there is no audio stream in it. */
export function parseSdp(body: string): Sdp | undefined {
  const port = /^m=audio (\d+) /m.exec(body)?.[1];
  const address = /^c=IN IP4 (\S+)/m.exec(body)?.[1];
  if (port === undefined || address === undefined) return undefined;
  const events = /^a=rtpmap:(\d+) telephone-event\/8000/m.exec(body)?.[1];
  const direction = (/^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(body)?.[1] ?? "sendrecv") as Direction;
  return { address, port: Number(port), direction, ...(events === undefined ? {} : { events: Number(events) }) };
}

/** What the other side of a stream says to each direction. */
export const mirrored: Readonly<Record<Direction, Direction>> = {
  sendrecv: "sendrecv",
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive",
};
