import { fromHex, toHex } from "@metersmith/base/bytes";
import type { FieldValue } from "../field-value.ts";

/** What a leaf is, for people and for programs that choose how to show or compare it. */
export type LeafKind =
  | "uint" | "int" | "bool" | "float" | "decimal" | "char-number"
  | "char" | "binary" | "bcd" | "set"
  | "date-time" | "date" | "time";

/**
 * How one scalar lies in octets. `at` is its first octet; the caller has checked that the octets are there.
 * `read` never throws. `write` throws `Unwritable` where the value does not fit, and leaves bits that are not its own alone.
 */
export interface Codec {
  readonly kind: LeafKind;
  /** Octets. */
  readonly width: number;
  /** Least significant bit and number of bits within the unsigned integer of `width` octets; 0 and 8 × width for whole octets. */
  readonly shift: number;
  readonly bits: number;
  /** Row of the flat vector's switch; `slow` where it has none. */
  readonly fast: number;
  read(octets: Uint8Array, at: number): FieldValue;
  write(octets: Uint8Array, at: number, value: FieldValue): void;
  /** As a number: dates as seconds since 1970 of the meter's own clock face, times as seconds since midnight; NaN where there is none. */
  number(octets: Uint8Array, at: number): number;
  /** The reverse of `number`, for any number but NaN. Throws `Unwritable`. */
  setNumber(octets: Uint8Array, at: number, value: number): void;
}

/** A value that its field cannot hold; the caller, who knows the field, turns it into a `TablesError`. */
export class Unwritable extends Error {
  readonly expected: string;
  /** Number of the leaf in the flat vector, where the flat writer knows it. */
  readonly leaf: number | undefined;

  constructor(expected: string, leaf?: number) {
    super(expected);
    this.expected = expected;
    this.leaf = leaf;
  }
}

const rawPrefix = "raw:";

/** Octets that mean nothing in their type. */
export function rawText(octets: Uint8Array, at: number, width: number): string {
  return rawPrefix + toHex(octets.subarray(at, at + width));
}

/** Writes a `raw:` text of exactly `width` octets; false where the value is no such text. */
export function writeRaw(octets: Uint8Array, at: number, width: number, value: FieldValue): boolean {
  if (typeof value !== "string" || !value.startsWith(rawPrefix)) return false;
  const digits = value.slice(rawPrefix.length);
  if (digits.length !== 2 * width || !/^[0-9a-f]*$/.test(digits)) throw new Unwritable(`raw: and ${2 * width} hexadecimal digits`);
  octets.set(fromHex(digits), at);
  return true;
}

export function isRaw(text: string): boolean {
  return text.startsWith(rawPrefix);
}

/** Types that have no number: the flat vector shows NaN and does not write. */
export const withoutNumber = {
  number: (): number => Number.NaN,
  setNumber: (): void => undefined,
};
