/** The Gregorian calendar counted out day by day and year by year: slow, and without arithmetic that could be wrong. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

export function exists({ year, month, day }: Day): boolean {
  return Number.isInteger(year) && month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
}

/** Days from 1970-01-01 to a day from then on. */
export function countDays({ year, month, day }: Day): number {
  let days = 0;
  for (let passed = 1970; passed < year; passed++) days += isLeap(passed) ? 366 : 365;
  for (let passed = 1; passed < month; passed++) days += daysOfMonth(year, passed);
  return days + day - 1;
}

/** The day that many days after 1970-01-01. */
export function dayAfter(days: number): Day {
  let rest = days;
  let year = 1970;
  for (; rest >= (isLeap(year) ? 366 : 365); year++) rest -= isLeap(year) ? 366 : 365;
  let month = 1;
  for (; rest >= daysOfMonth(year, month); month++) rest -= daysOfMonth(year, month);
  return { year, month, day: rest + 1 };
}
