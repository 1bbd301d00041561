/** A date and a time of day without a zone, as a number: seconds since 1970-01-01T00:00:00 of that same reading. */
export type CivilSeconds = number;
/** Days since 1970-01-01 of a reading without a zone. */
export type CivilDay = number;

export const secondsOfDay = 86_400;

/** Day of a date; undefined for one that does not exist (30 February). `month` 1–12. */
export function civilDay(year: number, month: number, day: number): CivilDay | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() / (1000 * secondsOfDay) : undefined;
}

export function dateOf(day: CivilDay): { readonly year: number; readonly month: number; readonly day: number } {
  const date = new Date(day * 1000 * secondsOfDay);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(day: CivilDay): number {
  return (((day + 4) % 7) + 7) % 7;
}

export function dayOf(seconds: CivilSeconds): CivilDay {
  return Math.floor(seconds / secondsOfDay);
}

/** `2026-11-21T07:05:09`. */
export function civilText(seconds: CivilSeconds): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19);
}

/** Reads `2026-11-21T07:05:09`; undefined for any other text and for dates that do not exist. */
export function civilSeconds(text: string): CivilSeconds | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined;
  const milliseconds = Date.parse(`${text}Z`);
  return Number.isNaN(milliseconds) || civilText(milliseconds / 1000) !== text ? undefined : milliseconds / 1000;
}
