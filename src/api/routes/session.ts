import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Account } from "../../store/accounts.ts";
import type { App } from "../app.ts";
import type { SessionReply } from "../contract.ts";
import type { LiveHub } from "../live/hub.ts";
import type { Sessions } from "../sessions.ts";

const body = Type.Object(
  { user: Type.String({ minLength: 1, maxLength: 100 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
  { additionalProperties: false },
);

/** Tries a minute: at one user from one address, and from one address in all (an office shares one, and comes at eight). */
const triesAtUser = 10;
const triesInAll = 100;

/** GET, POST, DELETE /api/session: who is signed in; sign in; sign out. */
export function addSession(app: App, sessions: Sessions, hub: LiveHub): void {
  const timeWindow = "1 minute";
  const atUser = app.createRateLimit({
    max: triesAtUser,
    timeWindow,
    keyGenerator: (request) => `${request.ip} ${userOf(request)}`,
  });
  const inAll = app.createRateLimit({ max: triesInAll, timeWindow, keyGenerator: (request) => request.ip });

  app.get("/api/session", async (request): Promise<SessionReply> => shown((await sessions.need(request)).account));

  app.post("/api/session", { schema: { body } }, async (request, reply): Promise<SessionReply> => {
    for (const limit of [inAll, atUser]) {
      const tried = await limit(request);
      if (tried.isAllowed || !tried.isExceeded) continue;
      reply.header("retry-after", tried.ttlInSeconds);
      throw new KontaktlotsError("TOO_MANY_REQUESTS", "Too many log-ins were tried.", `Wait ${tried.ttlInSeconds} seconds.`);
    }
    const { user, password } = request.body;
    return shown(await sessions.begin(request, reply, user, password));
  });

  app.delete("/api/session", async (request, reply) => {
    const ended = await sessions.end(request, reply);
    if (ended !== undefined) hub.signedOut(ended);
    return reply.status(204).send();
  });
}

function userOf(request: FastifyRequest): string {
  const { body } = request;
  return typeof body === "object" && body !== null && "user" in body ? String(body.user).toLowerCase() : "";
}

function shown({ user, name, roles, agent }: Account): SessionReply {
  return { user, name, roles, ...(agent === undefined ? {} : { agent }) };
}
