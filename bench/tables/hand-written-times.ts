const secondsPerDay = 86_400;

/** TM_FORMAT 2, STIME_DATE: year, month, day, hour, minute in an octet each; NaN where the month is 0. */
export function moment(view: DataView, at: number): number {
  const month = view.getUint8(at + 1);
  if (month === 0) return Number.NaN;
  return days(2000 + view.getUint8(at), month, view.getUint8(at + 2)) * secondsPerDay + view.getUint8(at + 3) * 3600 + view.getUint8(at + 4) * 60;
}

/** LTIME_DATE: a sixth octet for the seconds. */
export function momentWithSeconds(view: DataView, at: number): number {
  return moment(view, at) + view.getUint8(at + 5);
}

export function putMoment(view: DataView, at: number, seconds: number): void {
  if (Number.isNaN(seconds)) {
    view.setUint32(at, 0);
    view.setUint8(at + 4, 0);
    return;
  }
  const day = Math.floor(seconds / secondsPerDay);
  const minutes = Math.floor((seconds - day * secondsPerDay) / 60);
  const { year, month, day: ofMonth } = civil(day);
  view.setUint8(at, year - 2000);
  view.setUint8(at + 1, month);
  view.setUint8(at + 2, ofMonth);
  view.setUint8(at + 3, Math.floor(minutes / 60));
  view.setUint8(at + 4, minutes % 60);
}

export function putMomentWithSeconds(view: DataView, at: number, seconds: number): void {
  putMoment(view, at, seconds);
  view.setUint8(at + 5, Number.isNaN(seconds) ? 0 : seconds % 60);
}

export function date(word: number): number {
  return word === 0 ? Number.NaN : days(2000 + (word & 127), (word >> 7) & 15, word >> 11) * secondsPerDay;
}

export function wordOfDate(seconds: number): number {
  if (Number.isNaN(seconds)) return 0;
  const { year, month, day } = civil(seconds / secondsPerDay);
  return (year - 2000) | (month << 7) | (day << 11);
}

/** Days since 1970 of a date from 2000 to 2099, where every fourth year is a leap year. */
function days(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return 11_017 + (shifted - 2000) * 365 + ((shifted - 2000) >> 2) + dayOfYear;
}

function civil(daysSince1970: number): { year: number; month: number; day: number } {
  const since = daysSince1970 - 11_017;
  const cycle = Math.floor(since / 1461);
  const ofCycle = since - cycle * 1461;
  const yearOfCycle = Math.min(3, Math.floor(ofCycle / 365));
  const dayOfYear = ofCycle - yearOfCycle * 365;
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: 2000 + cycle * 4 + yearOfCycle + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1 };
}
