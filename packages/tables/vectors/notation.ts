import { fromHex, toHex } from "@metersmith/base/bytes";
import type { FieldValue } from "../field-value.ts";

/**
 * One table worked out by hand from the public facts on it (docs/reference/tdl.md names their sources). `octets` is in the notation of `octetsIn`; the reasoning
 * stands beside it where it is not plain.
 */
export interface Vector {
  readonly table: number;
  readonly octets: string;
  readonly value: FieldValue;
}

export type DataOrder = "least first" | "most first";

/**
 * Hexadecimal digits as they stand in the table, but: the octets of one integer are in `<…>`, most significant first, and are turned round for
 * a meter with the least significant first; `"RX-2S"8` is text, blank-padded to eight octets; `00*6` is an octet six times.
 */
export function octetsIn(notation: string, order: DataOrder): Uint8Array {
  const digits = notation
    .replace(/<([0-9a-f]+)>/g, (_, integer: string) => (order === "most first" ? integer : (integer.match(/../g) ?? []).toReversed().join("")))
    .replace(/"([^"]*)"(\d+)/g, (_, text: string, width: string) => toHex(new TextEncoder().encode(text.padEnd(Number(width)))))
    .replace(/([0-9a-f]{2})\*(\d+)/g, (_, octet: string, times: string) => octet.repeat(Number(times)));
  return fromHex(digits);
}

/** Flags by name, those named second being set. */
export function flags(all: string, set = ""): { readonly [flag: string]: boolean } {
  const isSet = set.split(" ");
  return Object.fromEntries(all.split(" ").map((flag) => [flag, isSet.includes(flag)]));
}
