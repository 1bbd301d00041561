import { rowLength, type Runs } from "../layout/runs.ts";
import { secondsOfOctets } from "./civil-date.ts";

/**
 * All leaves as numbers, one entry each, into `into`. The caller has checked that `octets` holds the layout.
 *
 * Case numbers are the rows of fast-codes.ts, written out so that the switch is a jump table. Each form has a loop of its own in a function of its own: in one
 * large function a form that is new would throw away the machine code of all. Accesses are as few and as wide as can be: in a process in which some
 * buffer was ever detached (type stripping does) each access in a loop that also stores is checked anew.
 */
export function readNumbers(runs: Runs, octets: Uint8Array, into: Float64Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const { rows, count } = runs;
  for (let run = 0, row = 0; run < count; run++, row += rowLength) {
    switch (rows[row]) {
      case 1: unsigned8(rows, row, view, into); break;
      case 2: unsigned16(rows, row, view, into, true); break;
      case 3: unsigned16(rows, row, view, into, false); break;
      case 4: unsigned24(rows, row, view, into, true); break;
      case 5: unsigned24(rows, row, view, into, false); break;
      case 6: unsigned32(rows, row, view, into, true); break;
      case 7: unsigned32(rows, row, view, into, false); break;
      case 8: unsigned48(rows, row, view, into, true); break;
      case 9: unsigned48(rows, row, view, into, false); break;
      case 10: signed8(rows, row, view, into); break;
      case 12: signed16(rows, row, view, into, true); break;
      case 13: signed16(rows, row, view, into, false); break;
      case 14: signed24(rows, row, view, into, true); break;
      case 15: signed24(rows, row, view, into, false); break;
      case 16: signed32(rows, row, view, into, true); break;
      case 17: signed32(rows, row, view, into, false); break;
      case 18: signed48(rows, row, view, into, true); break;
      case 19: signed48(rows, row, view, into, false); break;
      case 20: float32(rows, row, view, into, true); break;
      case 21: float32(rows, row, view, into, false); break;
      case 22: float64(rows, row, view, into, true); break;
      case 23: float64(rows, row, view, into, false); break;
      case 24: readLanes(rows, row, view, 1, true, into); break;
      case 26: readLanes(rows, row, view, 2, true, into); break;
      case 27: readLanes(rows, row, view, 2, false, into); break;
      case 30: bitsOf32(rows, row, view, into, true); break;
      case 31: bitsOf32(rows, row, view, into, false); break;
      case 32: shortCalendars(rows, row, view, into); break;
      case 33: longCalendars(rows, row, view, into); break;
      case 34: dates(rows, row, view, into, true); break;
      case 35: dates(rows, row, view, into, false); break;
      case 36: nothing(rows, row, into); break;
      default: throughCodec(runs, run, row, octets, into);
    }
  }
}

function unsigned8(rows: Int32Array, row: number, view: DataView, into: Float64Array): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getUint8(at);
}

function unsigned16(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getUint16(at, le);
}

function unsigned24(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = (view.getUint8(le ? at + 2 : at) << 16) | view.getUint16(le ? at : at + 1, le);
}

function unsigned32(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getUint32(at, le);
}

function unsigned48(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getUint16(le ? at + 4 : at, le) * 0x1_0000_0000 + view.getUint32(le ? at : at + 2, le);
}

function signed8(rows: Int32Array, row: number, view: DataView, into: Float64Array): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getInt8(at);
}

function signed16(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getInt16(at, le);
}

function signed24(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = (view.getInt8(le ? at + 2 : at) << 16) | view.getUint16(le ? at : at + 1, le);
}

function signed32(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getInt32(at, le);
}

function signed48(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getInt16(le ? at + 4 : at, le) * 0x1_0000_0000 + view.getUint32(le ? at : at + 2, le);
}

function float32(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getFloat32(at, le);
}

function float64(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = view.getFloat64(at, le);
}

function shortCalendars(rows: Int32Array, row: number, view: DataView, into: Float64Array): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = calendarSeconds(view, at, 0);
}

function longCalendars(rows: Int32Array, row: number, view: DataView, into: Float64Array): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = calendarSeconds(view, at, view.getUint8(at + 5));
}

function dates(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = dateSeconds(view.getUint16(at, le));
}

/** Bit fields of four octets, one lane a run. */
function bitsOf32(rows: Int32Array, row: number, view: DataView, into: Float64Array, le: boolean): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  const shift = rows[row + 8]!;
  const mask = rows[row + 9]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = ((view.getUint32(at, le) >>> shift) & mask) >>> 0;
}

/** Text, octets, sets. */
function nothing(rows: Int32Array, row: number, into: Float64Array): void {
  const step = rows[row + 5]!;
  for (let left = rows[row + 1]!, to = rows[row + 4]!; left > 0; left--, to += step) into[to] = Number.NaN;
}

function throughCodec({ rows, codecs }: Runs, run: number, row: number, octets: Uint8Array, into: Float64Array): void {
  const codec = codecs[run]![0]!;
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) into[to] = codec.number(octets, at);
}

/** Bit fields of one octet or two, read once for all their lanes. */
function readLanes(rows: Int32Array, row: number, view: DataView, width: 1 | 2, littleEndian: boolean, into: Float64Array): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  const lanes = rows[row + 6]!;
  const shift0 = rows[row + 8]!;
  const mask0 = rows[row + 9]!;
  const shift1 = rows[row + 10]!;
  const mask1 = rows[row + 11]!;
  const shift2 = rows[row + 12]!;
  const mask2 = rows[row + 13]!;
  const shift3 = rows[row + 14]!;
  const mask3 = rows[row + 15]!;
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) {
    const word = width === 1 ? view.getUint8(at) : view.getUint16(at, littleEndian);
    into[to] = (word >> shift0) & mask0;
    if (lanes > 1) into[to + 1] = (word >> shift1) & mask1;
    if (lanes > 2) into[to + 2] = (word >> shift2) & mask2;
    if (lanes > 3) into[to + 3] = (word >> shift3) & mask3;
  }
}

/** TM_FORMAT 2: year, month, day, hour, minute in an octet each. */
function calendarSeconds(view: DataView, at: number, second: number): number {
  const word = view.getUint32(at, false);
  const minute = view.getUint8(at + 4);
  const year = word >>> 24;
  const month = (word >> 16) & 0xff;
  const hour = word & 0xff;
  if (year > 99 || month > 12 || hour > 23 || minute > 59 || second > 59) return Number.NaN;
  return secondsOfOctets(year | (month << 7), (word >> 8) & 0xff) + hour * 3600 + minute * 60 + second;
}

/** DATE: the year in bits 0-6, the month in 7-10, the day in 11-15. */
function dateSeconds(word: number): number {
  return secondsOfOctets(word & 2047, word >> 11);
}
