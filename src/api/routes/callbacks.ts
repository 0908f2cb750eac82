import Type from "typebox";
import type { App } from "../app.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";

const body = Type.Object({ call: Type.String({ minLength: 1, maxLength: 100 }) }, { additionalProperties: false });

/** POST /api/callbacks/cancel, for leads and administrators: the citizen is not rung back after all. */
export function addCallbacks(app: App, { link, log }: FrontDeps, sessions: Sessions): void {
  app.post("/api/callbacks/cancel", { schema: { body } }, async (request, reply) => {
    const { account } = await sessions.need(request, "lead", "admin");
    const { call } = request.body;
    await link.send({ type: "cancel-callback", call });
    log.info({ call, by: account.user }, "A callback was called off.");
    return reply.status(204).send();
  });
}
