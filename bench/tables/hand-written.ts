/**
 * Tables 23 and 54 of the type rx-2s as a programmer would write them for this one meter: DataView, fixed counts, least significant
 * octet first, INT32 numbers, UINT8 calendar times. One number a field, in the order of the table, as the general codec gives them.
 */
const tiers = 4;
const summations = 2;
const demands = 1;
const secondsPerDay = 86_400;

export const table23Fields = 1 + (1 + tiers) * (summations + demands * 3);
export const table23Octets = 1 + (1 + tiers) * (4 * summations + demands * (5 + 4 + 4));

export function decodeTable23(octets: Uint8Array, into: Float64Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = 0;
  let field = 0;
  into[field++] = view.getUint8(at++);
  for (let block = 0; block <= tiers; block++) {
    for (let i = 0; i < summations; i++, at += 4) into[field++] = view.getInt32(at, true);
    for (let i = 0; i < demands; i++) {
      into[field++] = moment(view, at);
      into[field++] = view.getInt32(at + 5, true);
      into[field++] = view.getInt32(at + 9, true);
      at += 13;
    }
  }
}

export function encodeTable23(from: Float64Array, octets: Uint8Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = 0;
  let field = 0;
  view.setUint8(at++, from[field++]!);
  for (let block = 0; block <= tiers; block++) {
    for (let i = 0; i < summations; i++, at += 4) view.setInt32(at, from[field++]!, true);
    for (let i = 0; i < demands; i++) {
      putMoment(view, at, from[field++]!);
      view.setInt32(at + 5, from[field++]!, true);
      view.setInt32(at + 9, from[field++]!, true);
      at += 13;
    }
  }
}

const nonRecurring = 60;
const recurring = 12;
const switches = 40;
const seasons = 4;
const schedules = 3 + 2;

export const table54Fields = nonRecurring * 4 + recurring * 7 + switches * 4 + seasons * schedules;
export const table54Octets = nonRecurring * 3 + recurring * 3 + switches * 3 + seasons * schedules;

export function decodeTable54(octets: Uint8Array, into: Float64Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = 0;
  let field = 0;
  for (let i = 0; i < nonRecurring; i++, at += 3) {
    into[field++] = date(view.getUint16(at, true));
    field = action(view.getUint8(at + 2), into, field);
  }
  for (let i = 0; i < recurring; i++, at += 3) {
    const rdate = view.getUint16(at, true);
    into[field++] = rdate & 15;
    into[field++] = (rdate >> 4) & 15;
    into[field++] = (rdate >> 8) & 7;
    into[field++] = rdate >> 11;
    field = action(view.getUint8(at + 2), into, field);
  }
  for (let i = 0; i < switches; i++, at += 3) {
    const word = view.getUint16(at, true);
    into[field++] = word & 7;
    into[field++] = (word >> 5) & 63;
    into[field++] = word >> 11;
    into[field++] = view.getUint8(at + 2);
  }
  for (let i = 0; i < seasons * schedules; i++) into[field++] = view.getUint8(at++);
}

export function encodeTable54(from: Float64Array, octets: Uint8Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let at = 0;
  let field = 0;
  for (let i = 0; i < nonRecurring; i++, at += 3) {
    view.setUint16(at, word(from[field++]!), true);
    view.setUint8(at + 2, from[field]! | (from[field + 1]! << 5) | (from[field + 2]! << 6));
    field += 3;
  }
  for (let i = 0; i < recurring; i++, at += 3) {
    view.setUint16(at, from[field]! | (from[field + 1]! << 4) | (from[field + 2]! << 8) | (from[field + 3]! << 11), true);
    view.setUint8(at + 2, from[field + 4]! | (from[field + 5]! << 5) | (from[field + 6]! << 6));
    field += 7;
  }
  for (let i = 0; i < switches; i++, at += 3) {
    view.setUint16(at, from[field]! | (from[field + 1]! << 5) | (from[field + 2]! << 11), true);
    view.setUint8(at + 2, from[field + 3]!);
    field += 4;
  }
  for (let i = 0; i < seasons * schedules; i++) view.setUint8(at++, from[field++]!);
}

function action(octet: number, into: Float64Array, field: number): number {
  into[field] = octet & 31;
  into[field + 1] = (octet >> 5) & 1;
  into[field + 2] = (octet >> 6) & 1;
  return field + 3;
}

function moment(view: DataView, at: number): number {
  const month = view.getUint8(at + 1);
  if (month === 0) return Number.NaN;
  return days(2000 + view.getUint8(at), month, view.getUint8(at + 2)) * secondsPerDay + view.getUint8(at + 3) * 3600 + view.getUint8(at + 4) * 60;
}

function putMoment(view: DataView, at: number, seconds: number): void {
  if (Number.isNaN(seconds)) {
    view.setUint32(at, 0);
    view.setUint8(at + 4, 0);
    return;
  }
  const day = Math.floor(seconds / secondsPerDay);
  const date = civil(day);
  const minutes = (seconds - day * secondsPerDay) / 60;
  view.setUint8(at, date.year - 2000);
  view.setUint8(at + 1, date.month);
  view.setUint8(at + 2, date.day);
  view.setUint8(at + 3, Math.floor(minutes / 60));
  view.setUint8(at + 4, minutes % 60);
}

function date(word: number): number {
  return word === 0 ? Number.NaN : days(2000 + (word & 127), (word >> 7) & 15, word >> 11) * secondsPerDay;
}

function word(seconds: number): number {
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
