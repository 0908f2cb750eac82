import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { KontaktlotsError } from "../../core/errors.ts";
import type { App } from "../app.ts";
import type { FrontDeps } from "../deps.ts";
import { takeSocket } from "../upgrade.ts";

/** How long Asterisk may take to accept, ms. */
const acceptMs = 5000;

/**
 * WS /ws: the browser phones' SIP (RFC 7118), passed on to Asterisk byte by byte once Asterisk has accepted. Until then
 * nothing of what the browser sends gets through, and only the headers a WebSocket needs: no cookie, no other address, so
 * that nothing but `/ws` can be reached this way. It does not touch the engine, and outlives it.
 */
export function addSipSocket(app: App, { asteriskUrl, log }: FrontDeps): void {
  app.get("/ws", async (request, reply) => {
    const { headers } = request.raw;
    const protocols = headers["sec-websocket-protocol"]?.split(",").map((protocol) => protocol.trim());
    if (!request.wantsSocket || !protocols?.includes("sip")) {
      throw new KontaktlotsError(
        "REQUEST_INVALID",
        "Here is a WebSocket with the protocol sip, and nothing else.",
        "Connect a browser phone.",
      );
    }
    const { response, upstream, upstreamHead } = await accepted(asteriskUrl, {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-protocol": "sip",
      "sec-websocket-version": headers["sec-websocket-version"] ?? "",
      "sec-websocket-key": headers["sec-websocket-key"] ?? "",
    });
    const { socket, head } = takeSocket(request, reply);
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: sip\r\n" +
        `Sec-WebSocket-Accept: ${response.headers["sec-websocket-accept"]}\r\n\r\n`,
    );
    socket.write(upstreamHead);
    upstream.write(head);
    for (const one of [socket, upstream]) {
      one.on("error", (error) => log.debug({ err: error }, "A phone's connection was cut."));
      one.setNoDelay(true);
      one.setKeepAlive(true, 30_000); // finds phones whose network is gone
    }
    join(socket, upstream);
    join(upstream, socket);
  });
}

/** Passes everything on, no faster than it is taken; when one side is gone, the other gets what was sent and goes too. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on("close", () => to.destroySoon());
  if (from.destroyed) to.destroySoon();
}

interface Accepted {
  readonly response: IncomingMessage;
  readonly upstream: Socket;
  readonly upstreamHead: Buffer;
}

function accepted(asteriskUrl: string, headers: Record<string, string>): Promise<Accepted> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: unknown): void => {
      const mend = "Wait a few seconds and connect again; /health tells more.";
      reject(new KontaktlotsError("ASTERISK_UNREACHABLE", "Asterisk does not take the phone's connection.", mend, {}, cause));
    };
    const url = new URL("/ws", asteriskUrl);
    const ask = url.protocol === "https:" ? httpsRequest : httpRequest;
    const asked = ask(url, { headers, agent: false, timeout: acceptMs });
    asked.on("upgrade", (response, upstream, upstreamHead) => {
      upstream.setTimeout(0);
      resolve({ response, upstream: upstream as Socket, upstreamHead });
    });
    asked.on("response", (response) => {
      response.destroy();
      refuse(`status ${response.statusCode}`);
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer within ${acceptMs} ms`)));
    asked.on("error", refuse);
    asked.end();
  });
}
