import { createSocket } from "node:dgram";
import { createServer, type Server } from "node:net";

/** A block of ports that is this process's alone, on all loopback addresses, until `release`. */
export type PortBlock = {
  readonly sip: number;
  readonly http: number;
  readonly ami: number;
  /** For whatever else a test starts: pages, SIPp. */
  readonly spare: readonly number[];
  /** Media: 160 ports, for 80 legs. */
  readonly rtp: { readonly start: number; readonly end: number };
  release(): void;
};

/** The settings of a Kontaktlots on these ports. */
export function portSettings(ports: PortBlock) {
  return {
    PORT: String(ports.spare[0]),
    SIP_PORT: String(ports.sip),
    ASTERISK_HTTP_PORT: String(ports.http),
    AMI_PORT: String(ports.ami),
    RTP_START: String(ports.rtp.start),
    RTP_END: String(ports.rtp.end),
  };
}

/** Below the range from which the system gives out ports by itself, so that nothing lands in a block by chance. */
const first = 12_000;
const size = 200;
const blocks = 100;

/**
 * Takes a block. Holding the block's first port is the lock: the system gives it to one process only, and takes it back when that
 * process ends, however it ends. So any number of tests may run beside each other, and beside a running Kontaktlots.
 */
export async function takePorts(): Promise<PortBlock> {
  const start = process.pid % blocks;
  for (let i = 0; i < blocks; i++) {
    const base = first + ((start + i) % blocks) * size;
    const lock = await listen(base);
    if (lock === undefined) continue;
    if (!(await udpIsFree(base + 1))) {
      // An Asterisk left behind by a test that was killed.
      lock.close();
      continue;
    }
    return {
      sip: base + 1,
      http: base + 2,
      ami: base + 3,
      spare: Array.from({ length: 36 }, (_, n) => base + 4 + n),
      rtp: { start: base + 40, end: base + 199 },
      release: () => lock.close(),
    };
  }
  throw new Error("Every block of test ports is taken.");
}

function udpIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind({ address: "127.0.0.1", port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().unref();
    server.once("error", () => resolve(undefined));
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => resolve(server));
  });
}
