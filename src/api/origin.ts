import type { FastifyRequest } from "fastify";
import { KontaktlotsError } from "../core/errors.ts";
import type { App } from "./app.ts";

const safe = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site's page has a browser send: whatever changes something, and every WebSocket (which the
 * same-origin policy does not cover), must come from a page of our own. The cookie's SameSite=Strict is the other lock.
 */
export function addOriginCheck(app: App): void {
  app.addHook("onRequest", async (request) => {
    if (safe.has(request.method) && !request.wantsSocket) return;
    if (!isOwnOrigin(request)) {
      throw new KontaktlotsError(
        "REQUEST_INVALID",
        "The request does not come from a page of this server.",
        "Open the page at this server's own address. Behind a proxy: it must pass Host on, or stand in TRUSTED_PROXIES.",
      );
    }
  });
}

function isOwnOrigin(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === request.host.toLowerCase();
}
