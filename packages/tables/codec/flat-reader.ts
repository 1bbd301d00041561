import { rowLength, type Runs } from "../layout/runs.ts";
import { secondsOfOctets } from "./civil-date.ts";

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
      case 34: for (; left > 0; left--, at += stride, to += step) into[to] = secondsOfOctets(octets[at]! | ((octets[at + 1]! & 7) << 8), octets[at + 1]! >> 3); break;
      case 35: for (; left > 0; left--, at += stride, to += step) into[to] = secondsOfOctets(((octets[at]! & 7) << 8) | octets[at + 1]!, octets[at]! >> 3); break;
      default: {
        const codec = runs.codecs[run]![0]!;
        for (; left > 0; left--, at += stride, to += step) into[to] = codec.number(octets, at);
      }
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

/** TM_FORMAT 2: year, month, day, hour, minute in an octet each. */
function calendarSeconds(octets: Uint8Array, at: number, second: number): number {
  const year = octets[at]!;
  const month = octets[at + 1]!;
  const hour = octets[at + 3]!;
  const minute = octets[at + 4]!;
  if (year > 99 || month > 12 || hour > 23 || minute > 59 || second > 59) return Number.NaN;
  return secondsOfOctets(year | (month << 7), octets[at + 2]!) + hour * 3600 + minute * 60 + second;
}
