import { rawText, Unwritable, writeRaw, type Codec } from "./codec.ts";
import type { DataFormats } from "./data-formats.ts";
import { fast } from "./fast-codes.ts";
import { signedInteger } from "./integer.ts";

/**
 * Decimals implied by FIXED_BCD formats. Unverified: open sources give four for NI_FORMAT 4 only; that the BCD forms have the same is
 * recalled from the standard.
 */
const bcdDecimals = 4;

/** A number in the form that NI_FORMAT1 or NI_FORMAT2 of table 0 names (codes 0-13, checked by `dataFormats`). */
export function numberItem(format: number, formats: DataFormats): Codec {
  switch (format) {
    case 0: return float(8, formats);
    case 1: return float(4, formats);
    case 2: return characterNumber(12);
    case 3: return characterNumber(6);
    case 4: return tenThousandths(formats);
    case 5: return fixedBcd(6);
    case 6: return fixedBcd(4);
    case 7: return signedInteger(3, formats, true);
    case 8: return signedInteger(4, formats, true);
    case 9: return signedInteger(5, formats, true);
    case 10: return signedInteger(6, formats, true);
    case 11: return signedInteger(8, formats, true);
    case 12: return fixedBcd(8);
    case 13: return characterNumber(21);
    default: throw new RangeError(`NI format ${format}`);
  }
}

/** IEEE 754 in the meter's data order. NaN and the infinities read as `raw:`. */
export function float(width: 4 | 8, formats: DataFormats): Codec {
  const le = formats.littleEndian;
  const view = (octets: Uint8Array): DataView => new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const get = (octets: Uint8Array, at: number): number => (width === 4 ? view(octets).getFloat32(at, le) : view(octets).getFloat64(at, le));
  const put = (octets: Uint8Array, at: number, value: unknown): void => {
    if (typeof value !== "number" || !Number.isFinite(width === 4 ? Math.fround(value) : value)) throw new Unwritable("a finite number");
    if (width === 4) view(octets).setFloat32(at, value, le);
    else view(octets).setFloat64(at, value, le);
  };
  return {
    kind: "float", width, shift: 0, bits: 8 * width, fast: fast.float(width, le),
    read: (octets, at) => {
      const value = get(octets, at);
      return Number.isFinite(value) ? value : rawText(octets, at, width);
    },
    write: (octets, at, value) => {
      if (writeRaw(octets, at, width, value)) return;
      put(octets, at, value);
    },
    number: get,
    setNumber: put,
  };
}

/** NI_FORMAT 4: INT32 with the decimal point before its last four digits: 1 is 0.0001. */
function tenThousandths(formats: DataFormats): Codec {
  const whole = signedInteger(4, formats);
  const put = (octets: Uint8Array, at: number, value: unknown): void => {
    if (typeof value !== "number" || Math.abs(value) > 214_748.3648) throw new Unwritable("a number from -214748.3648 to 214748.3647");
    whole.write(octets, at, Math.round(value * 10_000));
  };
  const get = (octets: Uint8Array, at: number): number => whole.number(octets, at) / 10_000;
  return { kind: "decimal", width: 4, shift: 0, bits: 32, fast: fast.slow, read: get, write: put, number: get, setNumber: put };
}

/** FIXED_BCDn: 2n decimal digits, most significant first, no sign; digits above 9 read as `raw:`. */
function fixedBcd(width: number): Codec {
  const digits = 2 * width;
  const most = 10n ** BigInt(digits);
  const scale = 10 ** bcdDecimals;
  const digitsAt = (octets: Uint8Array, at: number): string | undefined => {
    let read = "";
    for (let i = at; i < at + width; i++) read += octets[i]!.toString(16).padStart(2, "0");
    return /^\d*$/.test(read) ? read : undefined;
  };
  /** The nearest number: beyond 15 digits it may stand for another number of the same form. */
  const get = (octets: Uint8Array, at: number): number => {
    const read = digitsAt(octets, at);
    return read === undefined ? Number.NaN : Number(`${read.slice(0, -bcdDecimals)}.${read.slice(-bcdDecimals)}`);
  };
  const digitsOf = (value: number): string => {
    const units = Math.floor(value);
    return (BigInt(units) * BigInt(scale) + BigInt(Math.round((value - units) * scale))).toString().padStart(digits, "0");
  };
  const put = (octets: Uint8Array, at: number, value: unknown): void => {
    if (typeof value !== "number" || !Number.isFinite(value) || value < 0 || BigInt(Math.ceil(value)) > most / BigInt(scale)) {
      throw new Unwritable(`a number of at most ${digits - bcdDecimals} digits and ${bcdDecimals} decimals, not negative`);
    }
    const written = digitsOf(value);
    if (written.length > digits) throw new Unwritable(`a number of at most ${digits} digits`);
    for (let i = 0; i < width; i++) octets[at + i] = Number.parseInt(written.slice(2 * i, 2 * i + 2), 16);
  };
  return {
    kind: "decimal", width, shift: 0, bits: 8 * width, fast: fast.slow,
    read: (octets, at) => {
      const value = get(octets, at);
      return Number.isNaN(value) || digitsOf(value) !== digitsAt(octets, at) ? rawText(octets, at, width) : value;
    },
    write: (octets, at, value) => {
      if (!writeRaw(octets, at, width, value)) put(octets, at, value);
    },
    number: get,
    setNumber: put,
  };
}

/** A decimal number in characters, wherever it stands among blanks and NULs. */
const spelledNumber = /^[ \0]*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[ \0]*$/;

/**
 * FLOAT_CHARn: a decimal number in ISO 646 characters, left-justified and blank-padded by us; any justification is read (the standard's is unverified). What
 * we would spell otherwise (`+1.50`, `007`, more digits than a double holds, right-justified) reads as its characters, and goes back as they are.
 */
function characterNumber(width: number): Codec {
  const charactersAt = (octets: Uint8Array, at: number): string => {
    let read = "";
    for (let i = at; i < at + width; i++) read += String.fromCharCode(octets[i]!);
    return read.replace(/ +$/, "");
  };
  const get = (octets: Uint8Array, at: number): number => {
    const read = charactersAt(octets, at);
    return spelledNumber.test(read) ? Number(read.replaceAll("\0", " ")) : Number.NaN;
  };
  const put = (octets: Uint8Array, at: number, value: unknown): void => {
    const spelled = typeof value === "string" && value.length <= width && spelledNumber.test(value) ? value : undefined;
    const written = typeof value === "number" && Number.isFinite(value) ? shortest(value, width) : spelled;
    if (written === undefined) throw new Unwritable(`a number that ${width} characters can hold`);
    for (let i = 0; i < width; i++) octets[at + i] = i < written.length ? written.charCodeAt(i) : 0x20;
  };
  return {
    kind: "char-number", width, shift: 0, bits: 8 * width, fast: fast.slow,
    read: (octets, at) => {
      const read = charactersAt(octets, at);
      if (!spelledNumber.test(read)) return rawText(octets, at, width);
      const value = Number(read.replaceAll("\0", " "));
      return Number.isFinite(value) && shortest(value, width) === read ? value : read;
    },
    write: (octets, at, value) => {
      if (!writeRaw(octets, at, width, value)) put(octets, at, value);
    },
    number: get,
    setNumber: put,
  };
}

/** The exact decimal form of a number in at most `width` characters. */
function shortest(value: number, width: number): string | undefined {
  if (Object.is(value, -0)) return "-0";
  return [String(value), value.toExponential()].map((written) => written.replace("e+", "e")).find((written) => written.length <= width && Number(written) === value);
}
