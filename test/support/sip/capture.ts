import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { endWithUs } from "./child.ts";
import { type Datagram, readPcap } from "./pcap.ts";

/** Keeps what passes on the loopback. */
export interface Capture {
  /** Ends it and gives all that passed before this moment. Rejects when the kernel had to drop packets: no figure can be trusted then. */
  stop(): Promise<Datagram[]>;
}

/**
 * Starts tcpdump on the loopback; resolves when it listens.
 * @param filter in tcpdump's language, "udp port 5060"
 * @param bytes of each packet that are kept
 */
export async function startCapture(filter: string, bytes = 2000): Promise<Capture> {
  // A datagram of our own is the last one: once it has come through, all before it have.
  const marker = createSocket("udp4").bind(0, "127.0.0.1");
  await once(marker, "listening");
  const { port } = marker.address();
  const options = ["-i", "lo", "-n", "-U", "-Z", "root", "-B", "65536", "-s", String(bytes), "-w", "-"];
  const child = spawn("tcpdump", [...options, `(${filter}) or (udp port ${port})`], { stdio: ["ignore", "pipe", "pipe"] });
  endWithUs(child);
  const chunks: Buffer[] = [];
  let said = "";
  let seen: (() => void) | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (seen && Buffer.concat(chunks.slice(-3)).includes(lastWords)) seen();
  });
  const exited = once(child, "exit");
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`tcpdump ended: ${said}`)));
    child.stderr.on("data", (part: Buffer) => {
      said += part.toString();
      if (said.includes("listening on")) resolve();
    });
  });
  return {
    async stop() {
      const through = new Promise<void>((resolve) => {
        seen = resolve;
      });
      marker.send(lastWords, port, "127.0.0.1");
      await Promise.race([through, exited]);
      child.kill("SIGINT");
      await exited;
      marker.close();
      const dropped = Number(/(\d+) packets? dropped by kernel/.exec(said)?.[1] ?? Number.NaN);
      if (dropped !== 0) throw new Error(`tcpdump lost packets: ${said}`);
      return [...readPcap(Buffer.concat(chunks))].filter((datagram) => datagram.to.port !== port);
    },
  };
}

const lastWords = "the end of this capture";
