import type { Form } from "./numbers.ts";

/** CHAR: blanks at the end are no part of the text. */
export function text(width: number, characters: number): Form {
  const decode = (octets: readonly number[]): string | undefined => {
    if (characters !== 3) return octets.some((octet) => octet > highest(characters)) ? undefined : String.fromCharCode(...octets);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(octets));
    } catch {
      return undefined;
    }
  };
  return {
    width,
    read: (octets) => {
      const kept = [...octets];
      while (kept.length > 0 && kept.at(-1) === 0x20) kept.pop();
      const read = decode(kept);
      return read?.startsWith("raw:") ? undefined : read;
    },
    write: (value) => {
      if (typeof value !== "string" || !value.isWellFormed()) return undefined;
      const octets = characters === 3 ? [...new TextEncoder().encode(value)] : Array.from({ length: value.length }, (_, at) => value.charCodeAt(at));
      if (octets.length > width || (characters !== 3 && octets.some((octet) => octet > highest(characters)))) return undefined;
      while (octets.length < width) octets.push(0x20);
      return octets;
    },
  };
}

/** ISO 646 has 7 bits, ISO 8859-1 has 8. */
const highest = (characters: number): number => (characters === 1 ? 127 : 255);

/** BINARY and BCD: octets as they are, shown as digits. */
export function plainOctets(width: number): Form {
  return {
    width,
    read: (octets) => octets.map((octet) => octet.toString(16).padStart(2, "0")).join(""),
    write: (value) => {
      if (typeof value !== "string" || value.length !== 2 * width || /[^0-9a-fA-F]/.test(value)) return undefined;
      return Array.from({ length: width }, (_, octet) => Number.parseInt(value.slice(2 * octet, 2 * octet + 2), 16));
    },
  };
}

/** SET: member k is bit k mod 8 of octet k / 8. */
export function set(width: number): Form {
  return {
    width,
    read: (octets) => octets.flatMap((octet, at) => [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => Math.floor(octet / 2 ** bit) % 2 === 1).map((bit) => 8 * at + bit)),
    write: (value) => {
      if (!Array.isArray(value)) return undefined;
      const members = new Set<unknown>(value);
      const octets = Array.from({ length: width }, (_, at) => [0, 1, 2, 3, 4, 5, 6, 7].reduce((octet, bit) => octet + (members.delete(8 * at + bit) ? 2 ** bit : 0), 0));
      return members.size === 0 && value.length === new Set<unknown>(value).size ? octets : undefined;
    },
  };
}
