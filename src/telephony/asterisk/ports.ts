import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { KontaktlotsError } from "../../core/errors.ts";

export type NamedPort = { readonly name: string; readonly kind: "udp" | "tcp"; readonly address: string; readonly port: number };

/**
 * Tries each port, and says which one is in use. Asterisk itself starts with a port missing, and would be deaf on it.
 *
 * @throws KontaktlotsError PORT_TAKEN
 */
export async function expectFreePorts(ports: readonly NamedPort[]): Promise<void> {
  for (const wanted of ports) {
    const problem = await (wanted.kind === "udp" ? tryUdp(wanted) : tryTcp(wanted));
    if (problem === undefined) continue;
    throw new KontaktlotsError(
      "PORT_TAKEN",
      `Port ${wanted.port}/${wanted.kind} on ${wanted.address} (${wanted.name}) cannot be had: ${problem}.`,
      "End what uses it, or give another port in the settings.",
      { ...wanted },
    );
  }
}

function tryTcp({ address, port }: NamedPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function tryUdp({ address, port }: NamedPort): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.bind({ address, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
  });
}
