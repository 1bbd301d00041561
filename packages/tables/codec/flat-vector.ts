import { rowLength, type Runs } from "../layout/runs.ts";
import { daysOfOctets, octetOfYear, packedDate, secondsPerDay } from "./civil-date.ts";
import { Unwritable, type Codec } from "./codec.ts";

/**
 * All leaves as numbers, one entry each, into `into`. The caller has checked that `octets` holds the layout.
 * Case numbers are the rows of fast-codes.ts, written out so that the switch is a jump table.
 */
export function readNumbers(runs: Runs, octets: Uint8Array, into: Float64Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const { rows, count } = runs;
  for (let run = 0, row = 0; run < count; run++, row += rowLength) {
    let left = rows[row + 1]!;
    let at = rows[row + 2]!;
    const stride = rows[row + 3]!;
    let to = rows[row + 4]!;
    const step = rows[row + 5]!;
    switch (rows[row]) {
      case 1: for (; left > 0; left--, at += stride, to += step) into[to] = octets[at]!; break;
      case 2: for (; left > 0; left--, at += stride, to += step) into[to] = octets[at]! | (octets[at + 1]! << 8); break;
      case 3: for (; left > 0; left--, at += stride, to += step) into[to] = (octets[at]! << 8) | octets[at + 1]!; break;
      case 4: for (; left > 0; left--, at += stride, to += step) into[to] = octets[at]! | (octets[at + 1]! << 8) | (octets[at + 2]! << 16); break;
      case 5: for (; left > 0; left--, at += stride, to += step) into[to] = (octets[at]! << 16) | (octets[at + 1]! << 8) | octets[at + 2]!; break;
      case 6: for (; left > 0; left--, at += stride, to += step) into[to] = view.getUint32(at, true); break;
      case 7: for (; left > 0; left--, at += stride, to += step) into[to] = view.getUint32(at, false); break;
      case 10: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt8(at); break;
      case 12: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt16(at, true); break;
      case 13: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt16(at, false); break;
      case 14: for (; left > 0; left--, at += stride, to += step) into[to] = octets[at]! | (octets[at + 1]! << 8) | (view.getInt8(at + 2) << 16); break;
      case 15: for (; left > 0; left--, at += stride, to += step) into[to] = (view.getInt8(at) << 16) | (octets[at + 1]! << 8) | octets[at + 2]!; break;
      case 16: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt32(at, true); break;
      case 17: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt32(at, false); break;
      case 18: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt16(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true); break;
      case 19: for (; left > 0; left--, at += stride, to += step) into[to] = view.getInt16(at, false) * 0x1_0000_0000 + view.getUint32(at + 2, false); break;
      case 20: for (; left > 0; left--, at += stride, to += step) into[to] = view.getFloat32(at, true); break;
      case 21: for (; left > 0; left--, at += stride, to += step) into[to] = view.getFloat32(at, false); break;
      case 22: for (; left > 0; left--, at += stride, to += step) into[to] = view.getFloat64(at, true); break;
      case 23: for (; left > 0; left--, at += stride, to += step) into[to] = view.getFloat64(at, false); break;
      case 24: readLanes(rows, row, octets, 0, -1, into); break;
      case 26: readLanes(rows, row, octets, 0, 1, into); break;
      case 27: readLanes(rows, row, octets, 1, 0, into); break;
      case 30:
      case 31: {
        const shift = rows[row + 8]!;
        const mask = rows[row + 9]!;
        const littleEndian = rows[row] === 30;
        for (; left > 0; left--, at += stride, to += step) into[to] = ((view.getUint32(at, littleEndian) >>> shift) & mask) >>> 0;
        break;
      }
      case 32: for (; left > 0; left--, at += stride, to += step) into[to] = calendarSeconds(octets, at, 0); break;
      case 33: for (; left > 0; left--, at += stride, to += step) into[to] = calendarSeconds(octets, at, octets[at + 5]!); break;
      case 34: for (; left > 0; left--, at += stride, to += step) into[to] = dateSeconds(octets[at]! | (octets[at + 1]! << 8)); break;
      case 35: for (; left > 0; left--, at += stride, to += step) into[to] = dateSeconds((octets[at]! << 8) | octets[at + 1]!); break;
      default: {
        const codec = runs.codecs[run]![0]!;
        for (; left > 0; left--, at += stride, to += step) into[to] = codec.number(octets, at);
      }
    }
  }
}

/**
 * The reverse, onto `octets`: leaves without a number keep what is there. Throws `Unwritable` with the leaf's number; what comes
 * before it is written by then.
 */
export function writeNumbers(runs: Runs, octets: Uint8Array, from: Float64Array): void {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const { rows, count, codecs } = runs;
  for (let run = 0, row = 0; run < count; run++, row += rowLength) {
    const codec = codecs[run]![0]!;
    let left = rows[row + 1]!;
    let at = rows[row + 2]!;
    const stride = rows[row + 3]!;
    let of = rows[row + 4]!;
    const step = rows[row + 5]!;
    switch (rows[row]) {
      case 1:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value & 0xff)) octets[at] = value;
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 2:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value & 0xffff)) view.setUint16(at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 3:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value & 0xffff)) view.setUint16(at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 6:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === value >>> 0) view.setUint32(at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 7:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === value >>> 0) view.setUint32(at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 12:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value << 16) >> 16) view.setInt16(at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 13:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value << 16) >> 16) view.setInt16(at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 16:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value | 0)) view.setInt32(at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 17:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (value === (value | 0)) view.setInt32(at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 18:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (isInt48(value)) putInt48(view, at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 19:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (isInt48(value)) putInt48(view, at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 20:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          view.setFloat32(at, value, true);
        }
        break;
      case 21:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          view.setFloat32(at, value, false);
        }
        break;
      case 22:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          view.setFloat64(at, value, true);
        }
        break;
      case 23:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          view.setFloat64(at, value, false);
        }
        break;
      case 24: writeLanes(runs, run, octets, 0, -1, from); break;
      case 26: writeLanes(runs, run, octets, 0, 1, from); break;
      case 27: writeLanes(runs, run, octets, 1, 0, from); break;
      case 32:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (!writeCalendar(octets, at, value)) writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 34:
      case 35: {
        const littleEndian = rows[row] === 34;
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          const word = wordOfDate(value);
          if (word !== 0 || Number.isNaN(value)) view.setUint16(at, word, littleEndian);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      }
      default:
        for (; left > 0; left--, at += stride, of += step) writeSlowly(codec, octets, at, from[of]!, of);
    }
  }
}

/** Bit fields of one octet (`high` -1) or two: `low` and `high` are the places of the octets. */
function readLanes(rows: Int32Array, row: number, octets: Uint8Array, low: number, high: number, into: Float64Array): void {
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  const lanes = rows[row + 6]!;
  const [shift0, mask0, shift1, mask1] = [rows[row + 8]!, rows[row + 9]!, rows[row + 10]!, rows[row + 11]!];
  const [shift2, mask2, shift3, mask3] = [rows[row + 12]!, rows[row + 13]!, rows[row + 14]!, rows[row + 15]!];
  let at = rows[row + 2]!;
  let to = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, to += step) {
    const word = high < 0 ? octets[at]! : octets[at + low]! | (octets[at + high]! << 8);
    into[to] = (word >> shift0) & mask0;
    if (lanes === 1) continue;
    into[to + 1] = (word >> shift1) & mask1;
    if (lanes === 2) continue;
    into[to + 2] = (word >> shift2) & mask2;
    if (lanes === 3) continue;
    into[to + 3] = (word >> shift3) & mask3;
  }
}

/** Bits that no lane has stay as they are. Lanes that are not there have mask 0, and take 0. */
function writeLanes(runs: Runs, run: number, octets: Uint8Array, low: number, high: number, from: Float64Array): void {
  const { rows } = runs;
  const row = run * rowLength;
  const stride = rows[row + 3]!;
  const step = rows[row + 5]!;
  const lanes = rows[row + 6]!;
  const [shift0, mask0, shift1, mask1] = [rows[row + 8]!, rows[row + 9]!, rows[row + 10]!, rows[row + 11]!];
  const [shift2, mask2, shift3, mask3] = [rows[row + 12]!, rows[row + 13]!, rows[row + 14]!, rows[row + 15]!];
  const kept = ~((mask0 << shift0) | (mask1 << shift1) | (mask2 << shift2) | (mask3 << shift3));
  let at = rows[row + 2]!;
  let of = rows[row + 4]!;
  for (let left = rows[row + 1]!; left > 0; left--, at += stride, of += step) {
    const value0 = from[of]!;
    const value1 = lanes > 1 ? from[of + 1]! : 0;
    const value2 = lanes > 2 ? from[of + 2]! : 0;
    const value3 = lanes > 3 ? from[of + 3]! : 0;
    if ((value0 & mask0) !== value0 || (value1 & mask1) !== value1 || (value2 & mask2) !== value2 || (value3 & mask3) !== value3) {
      // Each through its own codec, which refuses the one that does not fit.
      for (let lane = 0; lane < lanes; lane++) writeSlowly(runs.codecs[run]![lane]!, octets, at, from[of + lane]!, of + lane);
      continue;
    }
    const set = (value0 << shift0) | (value1 << shift1) | (value2 << shift2) | (value3 << shift3);
    if (high < 0) {
      octets[at] = (octets[at]! & kept) | set;
    } else {
      octets[at + low] = (octets[at + low]! & kept) | set;
      octets[at + high] = (octets[at + high]! & (kept >> 8)) | (set >> 8);
    }
  }
}

/** What no row writes, or not with this value: the codec does, or says why not. */
function writeSlowly(codec: Codec, octets: Uint8Array, at: number, value: number, leaf: number): void {
  try {
    codec.setNumber(octets, at, value);
  } catch (error) {
    throw error instanceof Unwritable ? new Unwritable(error.expected, leaf) : error;
  }
}

function isInt48(value: number): boolean {
  return value >= -0x8000_0000_0000 && value < 0x8000_0000_0000 && Math.floor(value) === value;
}

function putInt48(view: DataView, at: number, value: number, littleEndian: boolean): void {
  const high = Math.floor(value / 0x1_0000_0000);
  view.setInt16(littleEndian ? at + 4 : at, high, littleEndian);
  view.setUint32(littleEndian ? at : at + 2, value - high * 0x1_0000_0000, littleEndian);
}

/** TM_FORMAT 2: year, month, day, hour, minute in an octet each. */
function calendarSeconds(octets: Uint8Array, at: number, second: number): number {
  const month = octets[at + 1]!;
  const hour = octets[at + 3]!;
  const minute = octets[at + 4]!;
  const days = month > 15 || octets[at]! > 127 ? -1 : daysOfOctets(octets[at]! | (month << 7), octets[at + 2]!);
  return days < 0 || hour > 23 || minute > 59 || second > 59 ? Number.NaN : days * secondsPerDay + hour * 3600 + minute * 60 + second;
}

/** DATE: 0-6 year, 7-10 month, 11-15 day. */
function dateSeconds(word: number): number {
  const days = daysOfOctets(word & 0x7ff, word >> 11);
  return days < 0 ? Number.NaN : days * secondsPerDay;
}

/** False where five octets of a calendar do not hold the moment; NaN is no moment, and zero. */
function writeCalendar(octets: Uint8Array, at: number, seconds: number): boolean {
  if (Number.isNaN(seconds)) {
    octets[at] = octets[at + 1] = octets[at + 2] = octets[at + 3] = octets[at + 4] = 0;
    return true;
  }
  const days = Math.floor(seconds / secondsPerDay);
  const date = packedDate(days);
  const minutes = (seconds - days * secondsPerDay) / 60;
  if (date === 0 || minutes !== Math.floor(minutes)) return false;
  octets[at] = octetOfYear(date >> 9);
  octets[at + 1] = (date >> 5) & 15;
  octets[at + 2] = date & 31;
  octets[at + 3] = Math.floor(minutes / 60);
  octets[at + 4] = minutes % 60;
  return true;
}

/** 0 where a DATE does not hold it, and for NaN. */
function wordOfDate(seconds: number): number {
  const days = Math.floor(seconds / secondsPerDay);
  const date = packedDate(days);
  return date === 0 || days * secondsPerDay !== seconds ? 0 : octetOfYear(date >> 9) | (((date >> 5) & 15) << 7) | ((date & 31) << 11);
}
