import type { Calendar } from "./calendar.ts";
import { civilDate, dayNumber, daysInMonth, isoDate, parseIsoDate } from "./civil-date.ts";

/** Months before its end from which a calendar is warned of: a new version has to be written, approved and carried to every meter. Ours. */
export const warnedMonths = 18;

/** What to tell of a calendar's end on a day. */
export interface CalendarEnd {
  /** The last day that its dated entries speak for. */
  readonly endsOn: string;
  /** The first day on which it is warned of. */
  readonly warnedFrom: string;
  readonly state: "far" | "near" | "over";
  /** What to do, empty while the end is far. */
  readonly advice: string;
}

/** `today`: a day by the meter's clock, `2026-11-21`. Null for a calendar without dated entries, which never ends. */
export function calendarEnd({ endsOn }: Pick<Calendar, "endsOn">, today: string): CalendarEnd | null {
  const last = endsOn === null ? undefined : parseIsoDate(endsOn);
  if (endsOn === null || last === undefined) return null;
  const { year, month, day } = civilDate(last);
  const months = year * 12 + (month - 1) - warnedMonths;
  const [warnedYear, warnedMonth] = [Math.floor(months / 12), (months % 12) + 1];
  const warnedFrom = isoDate(dayNumber(warnedYear, warnedMonth, Math.min(day, daysInMonth(warnedYear, warnedMonth))));
  const state = today > endsOn ? "over" : today >= warnedFrom ? "near" : "far";
  const advice = {
    far: "",
    near: `Holidays and changes of the clock are entered until ${endsOn} only: bring a version with later years to the meters before then.`,
    over: `Holidays and changes of the clock were entered until ${endsOn} only, which is past: meters run without them until they get a version with later years.`,
  }[state];
  return { endsOn, warnedFrom, state, advice };
}
