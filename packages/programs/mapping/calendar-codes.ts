import type { DatedEntry } from "../calendar/calendar.ts";

/**
 * CALENDAR_CTRL of a CALENDAR_ACTION (table 54): 0 none, 1 daylight saving on, 2 off, 3–18 season 0–15, 19–30 special schedule
 * 0–11, 31 end of list. Source: facts, ST54 (an open driver, and a dump of a meter of another maker).
 */
export const endOfList = 31;
const daylightOn = 1;
const daylightOff = 2;
const firstSeason = 3;
const firstSpecial = 19;

/** DAY_SCH_NUM of a tier switch that no schedule has: the place is unused. Ours. */
export const noSchedule = 255;

export type CalendarAction = { action: "daylight-on" | "daylight-off" } | { action: "season"; season: number } | { action: "special"; special: number };

export function seasonCode(season: number): number {
  return firstSeason + season;
}

export function actionCode(entry: DatedEntry): number {
  switch (entry.action) {
    case "daylight-on": return daylightOn;
    case "daylight-off": return daylightOff;
    case "season": return seasonCode(entry.season);
    case "special": return firstSpecial + entry.special;
  }
}

/** Undefined for 0, which only resets or reads registers, and for the end of the list. */
export function actionOf(code: number): CalendarAction | undefined {
  if (code === daylightOn) return { action: "daylight-on" };
  if (code === daylightOff) return { action: "daylight-off" };
  if (code >= firstSeason && code < firstSpecial) return { action: "season", season: code - firstSeason };
  if (code >= firstSpecial && code < endOfList) return { action: "special", special: code - firstSpecial };
  return undefined;
}
