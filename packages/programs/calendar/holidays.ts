import { dayNumber, daysInMonth, isoDate, parseIsoDate, weekdayOf, type DayNumber } from "./civil-date.ts";
import type { Holiday } from "../parameters/schema.ts";

/** The dates on which a holiday is observed in the years given (both included), in order, each once. */
export function holidayDates(holiday: Holiday, firstYear: number, lastYear: number): string[] {
  const first = dayNumber(firstYear, 1, 1);
  const last = dayNumber(lastYear, 12, 31);
  const days = new Set<DayNumber>();
  // One year more on each side: New Year's Day on a Saturday may be observed on the last day of the year before.
  for (let year = firstYear - 1; year <= lastYear + 1; year++) {
    for (const day of daysInYear(holiday, year)) days.add(observed(day, holiday.observance));
  }
  return [...days].filter((day) => day >= first && day <= last).sort((a, b) => a - b).map(isoDate);
}

function daysInYear(holiday: Holiday, year: number): DayNumber[] {
  const { rule } = holiday;
  switch (rule.kind) {
    case "fixed":
      return rule.day <= daysInMonth(year, rule.month) ? [dayNumber(year, rule.month, rule.day)] : [];
    case "nth-weekday": {
      const first = dayNumber(year, rule.month, 1);
      const date = 1 + ((rule.weekday - weekdayOf(first) + 7) % 7) + (rule.nth - 1) * 7;
      return date <= daysInMonth(year, rule.month) ? [first + date - 1 + rule.plusDays] : [];
    }
    case "last-weekday": {
      const last = dayNumber(year, rule.month, daysInMonth(year, rule.month));
      return [last - ((weekdayOf(last) - rule.weekday + 7) % 7)];
    }
    case "dates":
      return rule.dates.map(parseIsoDate).filter((day): day is DayNumber => day !== undefined && isoDate(day).startsWith(`${year}-`));
  }
}

function observed(day: DayNumber, observance: Holiday["observance"]): DayNumber {
  const weekday = weekdayOf(day);
  if (weekday === 0 && observance !== "actual") return day + 1;
  if (weekday === 6 && observance === "nearest-weekday") return day - 1;
  return day;
}
