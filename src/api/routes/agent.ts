import { KontaktlotsError } from "../../core/errors.ts";
import { agentCommandBody } from "../../engine/link-schema.ts";
import type { App } from "../app.ts";
import type { AgentCommandBody, PhoneReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";
import { phone } from "./phone.ts";

/** GET /api/agent/phone and POST /api/agent/command, for the agent who is signed in. */
export function addAgent(app: App, { link, phones, sipDomain }: FrontDeps, sessions: Sessions): void {
  app.get("/api/agent/phone", async (request, reply): Promise<PhoneReply> => {
    const { account } = await sessions.need(request, "agent");
    const secret = account.agent === undefined ? undefined : await phones.agent(account.agent);
    if (secret === undefined) {
      throw new KontaktlotsError(
        "NOT_FOUND",
        "There is no browser phone for you.",
        "Use your desk phone, or ask your administrator.",
      );
    }
    reply.header("cache-control", "no-store");
    return phone(`a-${account.agent}`, sipDomain, secret);
  });

  app.post("/api/agent/command", { schema: { body: agentCommandBody } }, async (request, reply) => {
    const { account } = await sessions.need(request, "agent");
    if (account.agent === undefined) throw new KontaktlotsError("AGENT_UNKNOWN", "You are no agent.", "Ask your administrator.");
    const body: AgentCommandBody = request.body;
    await link.send({ ...body, agent: account.agent });
    return reply.status(204).send();
  });
}
