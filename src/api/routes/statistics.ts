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

/** GET /api/statistics?from&to&group: figures per group and week, for leads and administrators. */
export function addStatistics(app: App, { figures, plan }: FrontDeps, sessions: Sessions): void {
  app.get("/api/statistics", { schema: { querystring: query } }, async (request, reply): Promise<StatisticsReply> => {
    await sessions.need(request, "lead", "admin");
    const { from, to, group } = request.query;
    const days = (instant(to) - instant(from)) / dayMs;
    if (!(days >= 0 && days <= maxDays)) {
      throw new KontaktlotsError(
        "REQUEST_INVALID",
        `There is no period from ${from} to ${to}.`,
        `Give two days as YYYY-MM-DD, the later one second, at most ${maxDays} days apart.`,
      );
    }
    if (group !== undefined && plan.groups[group] === undefined) {
      throw new KontaktlotsError("NOT_FOUND", `There is no group ${group}.`, "/api/plan lists the groups.");
    }
    reply.header("cache-control", "no-store");
    return figures.statistics({ from, to, ...(group === undefined ? {} : { group }) });
  });
}

/** ms of the day's start; NaN for a day that is not in the calendar, such as 2026-02-30. */
function instant(text: string): number {
  const at = Date.parse(`${text}T00:00:00Z`);
  return new Date(at || 0).toISOString().startsWith(text) ? at : Number.NaN;
}
