import { type IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "./app.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Whether this request wants to become a WebSocket. Its route then calls `takeSocket` or answers as to any other. */
    wantsSocket: boolean;
  }
}

/** The only addresses where a WebSocket can be had. */
const paths = new Set(["/live", "/ws"]);

/** For Fastify's `http` options: any other upgrade is answered as if it had not been asked for (RFC 9110, 7.8). */
export function isSocketRequest(raw: IncomingMessage): boolean {
  return raw.method === "GET" && raw.headers.upgrade?.toLowerCase() === "websocket" && paths.has(pathOf(raw));
}

function pathOf(raw: IncomingMessage): string {
  return raw.url?.split("?", 1)[0] ?? "";
}

const heads = new WeakMap<IncomingMessage, Buffer>();
/** How long WebSockets may take to say good-bye when the front stops, ms. */
const farewellMs = 500;

/** Sends WebSocket requests through Fastify's routes, so that hooks, schemas and errors hold for them too. */
export function addUpgrades(app: App): void {
  app.decorateRequest("wantsSocket", false);
  app.addHook("onRequest", async (request) => {
    request.wantsSocket = heads.has(request.raw);
  });
  const sockets = new Set<Socket>();
  app.addHook("preClose", async () => {
    // Fastify waits for all connections, and of these it does not know.
    setTimeout(() => {
      for (const socket of sockets) socket.destroy();
    }, farewellMs).unref();
  });
  app.server.on("upgrade", (raw: IncomingMessage, socket: unknown, head: Buffer) => {
    if (!(socket instanceof Socket)) return;
    // Node has taken its own listener away; without one a reset connection would end the process.
    socket.on("error", () => socket.destroy());
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    if (!isSocketRequest(raw)) {
      socket.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      socket.destroySoon();
      return;
    }
    heads.set(raw, head);
    const response = new ServerResponse(raw);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on("finish", () => socket.destroySoon());
    app.routing(raw, response);
  });
}

/** Takes the connection out of HTTP's hands. `head`: what the other side has already sent. */
export function takeSocket(request: FastifyRequest, reply: FastifyReply): { readonly socket: Socket; readonly head: Buffer } {
  const { socket } = request.raw;
  reply.hijack();
  reply.raw.detachSocket(socket);
  return { socket, head: heads.get(request.raw) ?? Buffer.alloc(0) };
}
