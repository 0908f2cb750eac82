import type { Plan } from "../core/plan/plan.ts";
import type { LogReader } from "../store/event-log.ts";
import { DayBook } from "./days.ts";
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
  const days = new DayBook(reader, plan, now);
  const today = new TodayTally(reader, plan, now);
  return { statistics: (query) => statistics(reader, plan, query, days), today: () => today.rows() };
}
