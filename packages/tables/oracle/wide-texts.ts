import { integerOf, octetsOf, type Order } from "./integers.ts";
import type { Form } from "./numbers.ts";

/** CHAR of UTF-16 and UTF-32: whole units in the meter's order, blanks at the end no part of the text, octets left over zero. */
export function wideText(width: number, unit: 2 | 4, order: Order): Form {
  const used = width - (width % unit);
  return {
    width,
    read: (octets) => {
      if (octets.slice(used).some((octet) => octet > 0)) return undefined;
      const units: bigint[] = [];
      for (let at = 0; at < used; at += unit) units.push(integerOf(octets.slice(at, at + unit), order));
      while (units.at(-1) === 0x20n) units.pop();
      const read = unit === 2 ? fromUtf16(units) : fromUtf32(units);
      return read?.startsWith("raw:") ? undefined : read;
    },
    write: (value) => {
      if (typeof value !== "string" || !value.isWellFormed()) return undefined;
      const units = unit === 2 ? value.split("").map((half) => half.charCodeAt(0)) : Array.from(value, (character) => character.codePointAt(0)!);
      if (units.length * unit > used) return undefined;
      while (units.length * unit < used) units.push(0x20);
      return [...units.flatMap((code) => octetsOf(BigInt(code), unit, order)!), ...Array.from({ length: width - used }, () => 0)];
    },
  };
}

function fromUtf16(units: readonly bigint[]): string | undefined {
  try {
    const octets = units.flatMap((code) => octetsOf(code, 2, "least first")!);
    return new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(octets));
  } catch {
    return undefined;
  }
}

/** Halves of surrogate pairs are no characters of UTF-32, not even two in a row. */
function fromUtf32(units: readonly bigint[]): string | undefined {
  if (units.some((code) => code > 0x10ffffn || (code >= 0xd800n && code <= 0xdfffn))) return undefined;
  return units.map((code) => String.fromCodePoint(Number(code))).join("");
}
