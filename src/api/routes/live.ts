import Type from "typebox";
import { WebSocketServer } from "ws";
import type { App } from "../app.ts";
import type { FrontDeps } from "../deps.ts";
import { LiveHub } from "../live/hub.ts";
import { LivePage } from "../live/page.ts";
import type { Sessions } from "../sessions.ts";
import { takeSocket } from "../upgrade.ts";
import { sendPage } from "./pages.ts";

const query = Type.Object({
  phone: Type.Optional(Type.Literal("1")),
  take: Type.Optional(Type.Literal("1")),
  tag: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9_-]{8,64}$" })),
});

/** GET /live: the board's page. WS /live: LiveMessages, from the server to the page only. */
export function addLive(app: App, deps: FrontDeps, sessions: Sessions): LiveHub {
  const { link, figures, log, beatMs = 10_000 } = deps;
  const hub = new LiveHub({ link, sessions, figures, log, beatMs });
  // Pages say nothing here, so what they may say is short.
  const sockets = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: 1024 });
  app.addHook("preClose", async () => hub.close());

  app.get("/live", { schema: { querystring: query } }, async (request, reply) => {
    if (!request.wantsSocket) return sendPage(reply, deps.webDir);
    const { phone, take, tag } = request.query;
    const session = await sessions.find(request);
    const { socket, head } = takeSocket(request, reply);
    sockets.handleUpgrade(request.raw, socket, head, (accepted) => {
      const page = new LivePage(accepted, session, deps.demo === undefined ? undefined : tag);
      void hub.join(page, { phone: phone !== undefined, take: take !== undefined });
    });
  });
  return hub;
}
