import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import { csvOf } from "../../stats/csv.ts";
import type { StatisticsQuery } from "../../stats/report.ts";
import type { App } from "../app.ts";
import type { StatisticsReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";

const day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const query = Type.Object({ from: day, to: day, group: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const fileQuery = Type.Object({ ...query.properties, language: Type.Optional(Type.Enum(["sv", "en"])) });

/** Longest period, days: about three years, or one question would read the whole log. */
const maxDays = 1100;
const dayMs = 86_400_000;

/**
 * GET /api/statistics?from&to&group: figures per group and week, for leads and administrators; /api/statistics.csv: the same as a file.
 * What days and groups there are, src/stats knows.
 */
export function addStatistics(app: App, { figures, plan }: FrontDeps, sessions: Sessions): void {
  const asked = async (request: FastifyRequest, { from, to, group }: StatisticsQuery): Promise<StatisticsReply> => {
    await sessions.need(request, "lead", "admin");
    if ((Date.parse(to) - Date.parse(from)) / dayMs > maxDays) {
      const message = `From ${from} to ${to} is too long a period.`;
      throw new KontaktlotsError("REQUEST_INVALID", message, `Ask for at most ${maxDays} days at a time.`);
    }
    return figures.statistics({ from, to, ...(group === undefined ? {} : { group }) });
  };

  app.get("/api/statistics", { schema: { querystring: query } }, async (request, reply): Promise<StatisticsReply> => {
    reply.header("cache-control", "no-store");
    return asked(request, request.query);
  });

  app.get("/api/statistics.csv", { schema: { querystring: fileQuery } }, async (request, reply): Promise<string> => {
    const { from, to, language = "sv" } = request.query;
    const file = csvOf(await asked(request, request.query), plan, language);
    reply.header("cache-control", "no-store");
    reply.header("content-disposition", `attachment; filename="kontaktlots-${from}-${to}.csv"`);
    return reply.type("text/csv; charset=utf-8").send(file);
  });
}
