export const secondsPerDay = 86_400;

/** Year octets hold 1990 to 2089, in which every fourth year is a leap year; dates of the meter are in this span. */
const firstYear = 1990;
const lastYear = 2089;

/** Days before each month of a common year, and of a leap year from 16 on: row `month` or `16 + month`; the row after December closes it. */
const daysBefore = Uint16Array.from([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365, 0, 0, 0, 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366]);

/** Days from 1970-01-01 to January 1st of a year of the span. */
function newYear(year: number): number {
  return (year - 1970) * 365 + ((year - 1969) >> 2);
}

/** Days from 1970-01-01 to a date; -1 where there is no such date from 1990 to 2089. */
export function daysSince1970(year: number, month: number, day: number): number {
  if (!(year >= firstYear && year <= lastYear && month >= 1 && month <= 12 && day >= 1)) return -1;
  const row = (year & 3) === 0 ? 16 + month : month;
  const before = daysBefore[row]!;
  return before + day > daysBefore[row + 1]! ? -1 : newYear(year) + before + day - 1;
}

/** The date that many days after 1970-01-01 as one number, year × 512 + month × 32 + day; 0 where the date is not from 1990 to 2089. */
export function packedDate(days: number): number {
  if (!(days >= newYear(firstYear) && days < newYear(lastYear + 1))) return 0;
  let year = 1970 + Math.floor((days * 4 + 2) / 1461);
  if (days < newYear(year)) year--;
  const leap = (year & 3) === 0 ? 16 : 0;
  const dayOfYear = days - newYear(year);
  let month = (dayOfYear >> 5) + 1;
  if (dayOfYear >= daysBefore[leap + month + 1]!) month++;
  return (year << 9) | (month << 5) | (dayOfYear - daysBefore[leap + month]! + 1);
}

/** Year octet: 00-89 are 2000-2089, 90-99 are 1990-1999, -1 above. Unverified: recalled from the standard, no open source confirms it. */
export function yearOfOctet(octet: number): number {
  return octet < 90 ? 2000 + octet : octet < 100 ? 1900 + octet : -1;
}

/** Of a year from 1990 to 2089. */
export function octetOfYear(year: number): number {
  return year >= 2000 ? year - 2000 : year - 1900;
}

/** Months by year octet | month << 7: days from 1970-01-01 to the first of it << 5 | the days it has; 0 where there is no such month. */
const months = new Int32Array(2048);
for (let octet = 0; octet < 100; octet++) {
  for (let month = 1; month <= 12; month++) {
    const row = (yearOfOctet(octet) & 3) === 0 ? 16 + month : month;
    months[octet | (month << 7)] = (daysSince1970(yearOfOctet(octet), month, 1) << 5) | (daysBefore[row + 1]! - daysBefore[row]!);
  }
}

/** Seconds from 1970 to a date given as year octet (below 128) | month (below 16) << 7, by table; NaN where there is no such date. */
export function secondsOfOctets(yearAndMonth: number, day: number): number {
  const month = months[yearAndMonth]!;
  return (day - 1) >>> 0 < (month & 31) ? ((month >> 5) + day - 1) * secondsPerDay : Number.NaN;
}
