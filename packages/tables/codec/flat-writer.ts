import { rowLength, type Runs } from "../layout/runs.ts";
import { octetOfYear, packedDate, secondsPerDay } from "./civil-date.ts";
import { Unwritable, type Codec } from "./codec.ts";

/**
 * The reverse of `readNumbers`, onto `octets`: leaves without a number, and those for which there is NaN, keep what is there. Throws `Unwritable` with the leaf's number; what comes
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
          const word = value & 0xffff;
          if (value === word) view.setUint16(at, word, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 3:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          const word = value & 0xffff;
          if (value === word) view.setUint16(at, word, false);
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
          if (Number.isFinite(Math.fround(value))) view.setFloat32(at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 21:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (Number.isFinite(Math.fround(value))) view.setFloat32(at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 22:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (Number.isFinite(value)) view.setFloat64(at, value, true);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 23:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (Number.isFinite(value)) view.setFloat64(at, value, false);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 24: writeLanes(runs, run, octets, view, 1, true, from); break;
      case 26: writeLanes(runs, run, octets, view, 2, true, from); break;
      case 27: writeLanes(runs, run, octets, view, 2, false, from); break;
      case 32:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (!writeCalendar(view, at, value, false)) writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 33:
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          if (!writeCalendar(view, at, value, true)) writeSlowly(codec, octets, at, value, of);
        }
        break;
      case 34:
      case 35: {
        const littleEndian = rows[row] === 34;
        for (; left > 0; left--, at += stride, of += step) {
          const value = from[of]!;
          const word = wordOfDate(value);
          if (word !== 0) view.setUint16(at, word, littleEndian);
          else writeSlowly(codec, octets, at, value, of);
        }
        break;
      }
      case 36: break;
      default:
        for (; left > 0; left--, at += stride, of += step) writeSlowly(codec, octets, at, from[of]!, of);
    }
  }
}

/** Bits that no lane has stay as they are. Lanes that are not there have mask 0, and take 0. */
function writeLanes(runs: Runs, run: number, octets: Uint8Array, view: DataView, width: 1 | 2, littleEndian: boolean, from: Float64Array): void {
  const { rows } = runs;
  const row = run * rowLength;
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
    if (width === 1) view.setUint8(at, (view.getUint8(at) & kept) | set);
    else view.setUint16(at, (view.getUint16(at, littleEndian) & kept) | set, littleEndian);
  }
}

/**
 * What no row writes, or not with this value: the codec does, or says why not. NaN keeps what is there, and so does the number that is there: it may
 * stand for more digits than a double has, or be spelled otherwise than we would.
 */
function writeSlowly(codec: Codec, octets: Uint8Array, at: number, value: number, leaf: number): void {
  if (Number.isNaN(value) || Object.is(codec.number(octets, at), value)) return;
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

/** False where the five or six octets of a calendar do not hold the moment. */
function writeCalendar(view: DataView, at: number, seconds: number, withSeconds: boolean): boolean {
  const days = Math.floor(seconds / secondsPerDay);
  const date = packedDate(days);
  const time = seconds - days * secondsPerDay;
  const whole = time | 0;
  const minutes = (whole / 60) | 0;
  const second = whole - minutes * 60;
  if (date === 0 || time !== whole || (second !== 0 && !withSeconds)) return false;
  const hour = (minutes / 60) | 0;
  view.setUint32(at, (octetOfYear(date >> 9) << 24) | (((date >> 5) & 15) << 16) | ((date & 31) << 8) | hour, false);
  view.setUint8(at + 4, minutes - hour * 60);
  if (withSeconds) view.setUint8(at + 5, second);
  return true;
}

/** 0 where a DATE does not hold it. */
function wordOfDate(seconds: number): number {
  const days = Math.floor(seconds / secondsPerDay);
  const date = packedDate(days);
  return date === 0 || days * secondsPerDay !== seconds ? 0 : octetOfYear(date >> 9) | (((date >> 5) & 15) << 7) | ((date & 31) << 11);
}
