import type { Plan } from "../core/plan/plan.ts";
import type { LogReader } from "../store/event-log.ts";
import type { GroupFigures, StatisticsQuery, StatisticsReply } from "./report.ts";
import { statistics } from "./statistics.ts";
import { TodayTally } from "./today.ts";

/** Everything the front shows of figures, computed from the log alone. `now`: ms since the epoch, default Date.now. */
export function logFigures(
  reader: LogReader,
  plan: Plan,
  now?: () => number,
): {
  statistics(query: StatisticsQuery): Promise<StatisticsReply>;
  today(): Promise<readonly GroupFigures[]>;
} {
  const today = new TodayTally(reader, plan, now);
  return { statistics: (query) => statistics(reader, plan, query), today: () => today.rows() };
}
