import type { FieldValue } from "../field-value.ts";
import { Unwritable, type Codec } from "./codec.ts";
import type { DataFormats } from "./data-formats.ts";
import { fast } from "./fast-codes.ts";

/** Octets as an unsigned integer of at most 6 octets. */
export function readUnsigned(octets: Uint8Array, at: number, width: number, littleEndian: boolean): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + octets[littleEndian ? at + width - 1 - i : at + i]!;
  return value;
}

export function writeUnsigned(octets: Uint8Array, at: number, width: number, littleEndian: boolean, value: number): void {
  let rest = value;
  for (let i = 0; i < width; i++) {
    octets[littleEndian ? at + i : at + width - 1 - i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function readWide(octets: Uint8Array, at: number, width: number, littleEndian: boolean): bigint {
  let value = 0n;
  for (let i = 0; i < width; i++) value = (value << 8n) | BigInt(octets[littleEndian ? at + width - 1 - i : at + i]!);
  return value;
}

function writeWide(octets: Uint8Array, at: number, width: number, littleEndian: boolean, value: bigint): void {
  let rest = value;
  for (let i = 0; i < width; i++) {
    octets[littleEndian ? at + i : at + width - 1 - i] = Number(rest & 255n);
    rest >>= 8n;
  }
}

/** UINT8 … UINT64 in the meter's data order. 40 bits and more read as bigint. */
export function unsignedInteger(width: number, formats: DataFormats): Codec {
  const le = formats.littleEndian;
  const most = (1n << BigInt(8 * width)) - 1n;
  const toNumber = (octets: Uint8Array, at: number): number =>
    width <= 6 ? readUnsigned(octets, at, width, le) : Number(readWide(octets, at, width, le));
  const put = (octets: Uint8Array, at: number, value: FieldValue): void => {
    const whole = wholeNumber(value);
    if (whole === undefined || whole < 0n || whole > most) throw new Unwritable(`a whole number from 0 to ${most}`);
    writeWide(octets, at, width, le, whole);
  };
  return {
    kind: "uint", width, shift: 0, bits: 8 * width, fast: fast.unsigned(width, le),
    read: width >= 5 ? (octets, at) => readWide(octets, at, width, le) : toNumber,
    write: put,
    number: toNumber,
    setNumber: put,
  };
}

/**
 * INT8 … INT64 by INT_FORMAT. `asNumber`: for NI formats, whose values are numbers as long as no digit is lost. One's complement and sign and
 * magnitude have a second zero: it is the number −0 at every width, and −0 is written as it.
 */
export function signedInteger(width: number, formats: DataFormats, asNumber = false): Codec {
  const le = formats.littleEndian;
  const bits = BigInt(8 * width);
  const signBit = 1n << (bits - 1n);
  const allOnes = (1n << bits) - 1n;
  const form = formats.integers;
  const least = form === 0 ? -signBit : 1n - signBit;

  const fromUnsigned = (raw: bigint): bigint => {
    if ((raw & signBit) === 0n) return raw;
    if (form === 0) return raw - allOnes - 1n;
    return form === 1 ? -(raw ^ allOnes) : -(raw & (signBit - 1n));
  };
  const toUnsigned = (value: bigint): bigint => {
    if (value >= 0n) return value;
    if (form === 0) return value + allOnes + 1n;
    return form === 1 ? -value ^ allOnes : signBit | -value;
  };
  const exact = (octets: Uint8Array, at: number): bigint => fromUnsigned(readWide(octets, at, width, le));
  const secondZero = form === 1 ? allOnes : signBit;
  const isSecondZero = (octets: Uint8Array, at: number): boolean => form !== 0 && readWide(octets, at, width, le) === secondZero;
  const twos = 2 ** (8 * width);
  const toNumber = (octets: Uint8Array, at: number): number => {
    if (isSecondZero(octets, at)) return -0;
    if (width > 6 || form !== 0) return Number(exact(octets, at));
    const raw = readUnsigned(octets, at, width, le);
    return raw >= twos / 2 ? raw - twos : raw;
  };
  const put = (octets: Uint8Array, at: number, value: FieldValue): void => {
    const whole = wholeNumber(value);
    if (whole === undefined || whole < least || whole >= signBit) throw new Unwritable(`a whole number from ${least} to ${signBit - 1n}`);
    writeWide(octets, at, width, le, form !== 0 && Object.is(value, -0) ? secondZero : toUnsigned(whole));
  };
  const exactOrNumber = (octets: Uint8Array, at: number): FieldValue => {
    const value = toNumber(octets, at);
    return Number.isSafeInteger(value) ? value : exact(octets, at);
  };
  const wide = (octets: Uint8Array, at: number): FieldValue => (isSecondZero(octets, at) ? -0 : exact(octets, at));
  return {
    kind: "int", width, shift: 0, bits: 8 * width,
    fast: form === 0 ? fast.signed(width, le) : fast.slow,
    read: width < 5 ? toNumber : asNumber ? exactOrNumber : wide,
    write: put,
    number: toNumber,
    setNumber: put,
  };
}

/** Sub-field of a bit field of 1 to 4 octets: bit 0 is the least significant of the integer after the data order is undone. */
export function bitRange(width: number, first: number, last: number, boolean: boolean, formats: DataFormats): Codec {
  const le = formats.littleEndian;
  const bits = last - first + 1;
  const mask = bits === 32 ? 0xffffffff : 2 ** bits - 1;
  const get = (octets: Uint8Array, at: number): number => ((readUnsigned(octets, at, width, le) >>> first) & mask) >>> 0;
  const put = (octets: Uint8Array, at: number, value: FieldValue): void => {
    const whole = typeof value === "boolean" && bits === 1 ? Number(value) : value;
    if (typeof whole !== "number" || !Number.isInteger(whole) || whole < 0 || whole > mask) {
      throw new Unwritable(boolean ? "true or false" : `a whole number from 0 to ${mask}`);
    }
    const kept = (readUnsigned(octets, at, width, le) & ~(mask << first)) >>> 0;
    writeUnsigned(octets, at, width, le, (kept | (whole << first)) >>> 0);
  };
  return {
    kind: boolean ? "bool" : "uint", width, shift: first, bits, fast: fast.bits(width, le),
    read: boolean ? (octets, at) => get(octets, at) === 1 : get,
    write: put,
    number: get,
    setNumber: put,
  };
}

/** The bits under a mask, where they stand in the unsigned integer of 1 to 4 octets; those beside it are 0 in the value and left alone in the octets. */
export function bitsUnder(width: number, mask: number, formats: DataFormats): Codec {
  const le = formats.littleEndian;
  const get = (octets: Uint8Array, at: number): number => (readUnsigned(octets, at, width, le) & mask) >>> 0;
  const put = (octets: Uint8Array, at: number, value: FieldValue): void => {
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > mask || (value & ~mask) !== 0) throw new Unwritable(`bits of ${mask}`);
    writeUnsigned(octets, at, width, le, ((readUnsigned(octets, at, width, le) & ~mask) | value) >>> 0);
  };
  return { kind: "uint", width, shift: 0, bits: 8 * width, fast: fast.slow, read: get, write: put, number: get, setNumber: put };
}

function wholeNumber(value: FieldValue): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isInteger(value) ? BigInt(value) : undefined;
}
