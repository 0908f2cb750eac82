import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Competence } from "../../core/routing/types.ts";
import type { AgentRecord } from "../../store/accounts.ts";
import { competenceSchema, languagesSchema } from "../../store/competence.ts";
import type { App } from "../app.ts";
import type { AgentProfileReply, AgentsReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";
import { agentsChangedTeller } from "../tell-engine.ts";

const languagesBody = Type.Object({ languages: languagesSchema }, { additionalProperties: false });
const params = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

/**
 * GET /api/me/profile and PUT /api/me/languages for the agent who is signed in; GET /api/agents and GET, PUT
 * /api/agents/:id/competence for leads and administrators. A change is routed by at once.
 */
export function addCompetence(app: App, { agents, link, log, plan }: FrontDeps, sessions: Sessions): void {
  const tellEngine = agentsChangedTeller(link, log);

  async function found(id: string | undefined): Promise<AgentRecord> {
    const agent = (await agents.listAgents()).find((agent) => agent.id === id);
    if (agent === undefined) throw new KontaktlotsError("NOT_FOUND", `There is no agent ${id}.`, "Look at the list of agents.");
    return agent;
  }

  app.get("/api/me/profile", async (request, reply): Promise<AgentProfileReply> => {
    const { account } = await sessions.need(request, "agent");
    reply.header("cache-control", "no-store");
    return shown(await found(account.agent));
  });

  app.put("/api/me/languages", { schema: { body: languagesBody } }, async (request): Promise<AgentProfileReply> => {
    const { account } = await sessions.need(request, "agent");
    const { id } = await found(account.agent);
    const { languages } = request.body;
    checkNames({ languages }, plan);
    await agents.setLanguages(id, languages);
    log.info({ agent: id, by: account.user, languages }, "An agent set their languages.");
    await tellEngine();
    return shown(await found(id));
  });

  app.get("/api/agents", async (request, reply): Promise<AgentsReply> => {
    await sessions.need(request, "lead", "admin");
    reply.header("cache-control", "no-store");
    return { agents: (await agents.listAgents()).map(shown) };
  });

  app.get("/api/agents/:id/competence", { schema: { params } }, async (request, reply): Promise<AgentProfileReply> => {
    await sessions.need(request, "lead", "admin");
    reply.header("cache-control", "no-store");
    return shown(await found(request.params.id));
  });

  app.put(
    "/api/agents/:id/competence",
    { schema: { params, body: competenceSchema } },
    async (request): Promise<AgentProfileReply> => {
      const { account } = await sessions.need(request, "lead", "admin");
      const { id } = await found(request.params.id);
      const competence: Competence = request.body;
      checkNames(competence, plan);
      await agents.setCompetence(id, competence);
      log.info({ agent: id, by: account.user, competence }, "An agent's competence was set.");
      await tellEngine();
      return shown(await found(id));
    },
  );
}

function shown({ id, name, competence }: AgentRecord): AgentProfileReply {
  return { id, name, competence };
}

/** Errors: REQUEST_INVALID when the city has no such group, district or language. */
function checkNames({ skills = [], districts = [], languages = {} }: Partial<Competence>, plan: Plan): void {
  const known: readonly [what: string, names: readonly string[], all: readonly string[]][] = [
    ["group", skills.map(({ group }) => group), Object.keys(plan.groups)],
    ["district", districts, plan.districts],
    ["language", Object.keys(languages), plan.agentLanguages],
  ];
  for (const [what, names, all] of known) {
    const strange = names.find((name) => !all.includes(name));
    if (strange === undefined) continue;
    throw new KontaktlotsError("REQUEST_INVALID", `The city has no ${what} "${strange}".`, `It has ${all.join(", ")}.`);
  }
}
