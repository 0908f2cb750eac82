import fastifyCookie from "@fastify/cookie";
import fastifyRateLimit from "@fastify/rate-limit";
import { type TypeBoxTypeProvider, TypeBoxValidatorCompiler } from "@fastify/type-provider-typebox";
import fastify, { type FastifyBaseLogger, LogController } from "fastify";
import type { App } from "./app.ts";
import type { FrontDeps } from "./deps.ts";
import { addErrors } from "./errors.ts";
import { addOriginCheck } from "./origin.ts";
import { addAgent } from "./routes/agent.ts";
import { addAnnouncements } from "./routes/announcements.ts";
import { addCallbacks } from "./routes/callbacks.ts";
import { addCompetence } from "./routes/competence.ts";
import { addDemo } from "./routes/demo.ts";
import { addHealth } from "./routes/health.ts";
import { addLive } from "./routes/live.ts";
import { addMatters } from "./routes/matters.ts";
import { addPages } from "./routes/pages.ts";
import { addPlan } from "./routes/plan.ts";
import { addSession } from "./routes/session.ts";
import { addSipSocket } from "./routes/sip-socket.ts";
import { addStatistics } from "./routes/statistics.ts";
import { addSurvey } from "./routes/survey.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { Sessions } from "./sessions.ts";
import { addUpgrades, isSocketRequest } from "./upgrade.ts";

/**
 * The front: pages, sessions, figures, live news, and the phones' SIP. Not yet listening. `close` ends its connections and
 * leaves what it was given (link, accounts) to its giver.
 */
export async function createFront(deps: FrontDeps): Promise<App> {
  const loggerInstance: FastifyBaseLogger = deps.log;
  const app: App = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
    bodyLimit: 16 * 1024,
    forceCloseConnections: true,
    http: { shouldUpgradeCallback: isSocketRequest },
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  addErrors(app);
  addUpgrades(app);
  addOriginCheck(app);
  await app.register(fastifyCookie);
  await addSecurityHeaders(app);
  await app.register(fastifyRateLimit, { global: false });

  const sessions = new Sessions(deps.accounts, deps.now ?? Date.now);
  await addPages(app, deps.webDir);
  addHealth(app, deps);
  const hub = addLive(app, deps, sessions);
  addSession(app, sessions, hub);
  addAgent(app, deps, sessions);
  addAnnouncements(app, deps, sessions);
  addCompetence(app, deps, sessions);
  addCallbacks(app, deps, sessions);
  addPlan(app, deps);
  addStatistics(app, deps, sessions);
  addMatters(app, deps, sessions);
  addSurvey(app, deps);
  addDemo(app, deps);
  addSipSocket(app, deps);
  return app;
}
