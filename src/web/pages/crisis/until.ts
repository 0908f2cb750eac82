import { dateLocale } from "../../text/format.ts";

/** How long an announcement may be chosen to last, minutes; the middle of a crisis is no time to count hours. */
export const lasting = [30, 60, 120, 240, 480, 1440, 4320, 10_080] as const;
export const usualMinutes = 120;

/** "16:40", or "tis 24 nov. 08:00" on another day than today. */
export function untilWords(at: number, language: string, now = Date.now()): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const day = { weekday: "short", day: "numeric", month: "short" } as const;
  return new Intl.DateTimeFormat(dateLocale(language), sameDay ? time : { ...day, ...time }).format(at);
}
