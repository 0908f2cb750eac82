import Type from "typebox";
import { KontaktlotsError } from "../../core/errors.ts";
import type { App } from "../app.ts";
import type { StatisticsReply } from "../contract.ts";
import type { FrontDeps } from "../deps.ts";
import type { Sessions } from "../sessions.ts";

const day = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const query = Type.Object({ from: day, to: day, group: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });

/** Longest period, days: about three years, or one question would read the whole log. */
const maxDays = 1100;
const dayMs = 86_400_000;

/** GET /api/statistics?from&to&group: figures per group and week, for leads and administrators. What days and groups there are, src/stats knows. */
export function addStatistics(app: App, { figures }: FrontDeps, sessions: Sessions): void {
  app.get("/api/statistics", { schema: { querystring: query } }, async (request, reply): Promise<StatisticsReply> => {
    await sessions.need(request, "lead", "admin");
    const { from, to } = request.query;
    if ((Date.parse(to) - Date.parse(from)) / dayMs > maxDays) {
      const message = `From ${from} to ${to} is too long a period.`;
      throw new KontaktlotsError("REQUEST_INVALID", message, `Ask for at most ${maxDays} days at a time.`);
    }
    reply.header("cache-control", "no-store");
    return figures.statistics(request.query);
  });
}
