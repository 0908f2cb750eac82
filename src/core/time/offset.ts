/**
 * How far the clocks of a place are ahead of UTC at a moment, ms, by the time zone database that `Intl` carries.
 * Offsets change only at quarter hours of UTC (all zones since 1972 do), so one look-up serves 15 minutes; `Intl` itself
 * takes microseconds, which is too slow for every entry of a log.
 */
export function offsetAt(at: number, timezone: string): number {
  let zone = zones.get(timezone);
  if (zone === undefined) {
    zone = { format: makeFormat(timezone), offsets: new Map() };
    zones.set(timezone, zone);
  }
  const quarter = Math.floor(at / quarterMs);
  let offset = zone.offsets.get(quarter);
  if (offset === undefined) {
    if (zone.offsets.size > 100_000) zone.offsets.clear();
    offset = lookUp(quarter * quarterMs, zone.format);
    zone.offsets.set(quarter, offset);
  }
  return offset;
}

/** What offsets change at: the quarter hours of UTC, ms. */
export const quarterMs = 900_000;
const zones = new Map<string, { readonly format: Intl.DateTimeFormat; readonly offsets: Map<number, number> }>();

/** Throws a RangeError for a name that is no time zone; plans are checked for that when they are loaded. */
function makeFormat(timeZone: string): Intl.DateTimeFormat {
  const numeric = "numeric";
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
}

function lookUp(at: number, format: Intl.DateTimeFormat): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - at;
}
