import type { App } from "../app.ts";
import type { HealthReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import { lineNow, serves } from "../live/line.ts";

/** GET /health: 200 only when engine, Asterisk and log serve calls; else 503 with what is wrong. */
export function addHealth(app: App, { link }: FrontDeps): void {
  app.get("/health", async (_request, reply): Promise<HealthReply> => {
    const line = lineNow(link);
    const ok = serves(line);
    reply.status(ok ? 200 : 503).header("cache-control", "no-store");
    return { ok, line };
  });
}
