import type { FieldValue } from "../field-value.ts";
import type { Order } from "./integers.ts";

/** A scalar's octets and what they mean. `read` gives undefined for octets without a meaning, `write` for a value that does not fit. */
export interface Form<Value extends FieldValue | undefined = FieldValue | undefined> {
  readonly width: number;
  read(octets: readonly number[]): Value;
  write(value: FieldValue): number[] | undefined;
}

/** IEEE 754. NaN and the infinities mean nothing. */
export function floatNumber(width: 4 | 8, order: Order): Form {
  const littleEndian = order === "least first";
  return {
    width,
    read: (octets) => {
      const view = new DataView(Uint8Array.from(octets).buffer);
      const value = width === 4 ? view.getFloat32(0, littleEndian) : view.getFloat64(0, littleEndian);
      return Number.isFinite(value) ? value : undefined;
    },
    write: (value) => {
      if (typeof value !== "number") return undefined;
      const view = new DataView(new ArrayBuffer(width));
      if (width === 4) view.setFloat32(0, value, littleEndian);
      else view.setFloat64(0, value, littleEndian);
      return Number.isFinite(width === 4 ? view.getFloat32(0, littleEndian) : value) ? [...new Uint8Array(view.buffer)] : undefined;
    },
  };
}

/** FIXED_BCD: two decimal digits an octet, the last four of them decimals. */
export function decimalNumber(width: number): Form {
  const write = (value: FieldValue): number[] | undefined => {
    if (typeof value !== "number" || !(value >= 0) || value >= 1e21) return undefined;
    const digits = value.toFixed(4).replace(".", "").padStart(2 * width, "0");
    if (digits.length > 2 * width) return undefined;
    return Array.from({ length: width }, (_, octet) => Number(digits[2 * octet]) * 16 + Number(digits[2 * octet + 1]));
  };
  return {
    width,
    write,
    read: (octets) => {
      if (octets.some((octet) => octet % 16 > 9 || octet >= 0xa0)) return undefined;
      const digits = octets.map((octet) => `${Math.floor(octet / 16)}${octet % 16}`).join("");
      const value = Number(`${digits.slice(0, -4)}.${digits.slice(-4)}`);
      // More digits than a number keeps: another number would be written back.
      return write(value)?.join() === octets.join() ? value : undefined;
    },
  };
}

/** FLOAT_CHAR: a decimal number in characters, blank-padded; read wherever it stands in its octets, as characters where we would spell it otherwise. */
export function characterNumber(width: number): Form {
  const numberIn = /^[ \0]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[ \0]*$/;
  const write = (value: FieldValue): number[] | undefined => {
    if (typeof value === "string") return numberIn.test(value) && value.length <= width ? [...new TextEncoder().encode(value.padEnd(width))] : undefined;
    if (typeof value !== "number" || !Number.isFinite(value)) return undefined;
    const spellings = [Object.is(value, -0) ? "-0" : String(value), value.toExponential()].map((spelling) => spelling.replace("e+", "e"));
    const fitting = spellings.find((spelling) => spelling.length <= width && Number(spelling) === value);
    return fitting === undefined ? undefined : [...new TextEncoder().encode(fitting.padEnd(width))];
  };
  return {
    width,
    write,
    read: (octets) => {
      const characters = octets.map((octet) => String.fromCharCode(octet)).join("");
      const spelling = numberIn.exec(characters)?.[1];
      if (spelling === undefined) return undefined;
      const asNumber = write(Number(spelling));
      return asNumber?.join() === octets.join() ? Number(spelling) : characters.replace(/ +$/, "");
    },
  };
}
