import { canonicalize } from "@tufjs/canonical-json";
import { isPlainText } from "@metersmith/base/plain-text";
import { refused } from "../trust-error.ts";

/** A value of canonical JSON: no fractions, no `undefined`. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const deepest = 12;

/** Canonical JSON (OLPC), over which The Update Framework signs: keys in order, no white space, whole numbers. UTF-8. */
export function encodeJson(value: Json): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalize(value));
}

/**
 * Reads exactly what `encodeJson` writes: any other order, white space, spelling of a number or a character, and so every key that stands there twice, is
 * refused. Throws `bad-metadata`; the caller bounds the length.
 */
export function decodeJson(octets: Uint8Array, place: string): Json {
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw refused("bad-metadata", place, "no JSON", cause);
  }
  checkValues(value, place, deepest);
  if (canonicalize(value) !== text) throw refused("bad-metadata", place, "not canonical JSON: keys out of order or twice, white space, or another spelling");
  return value;
}

/** Before the encoder sees it: that one recurses, and would join texts whose control characters make them ambiguous. */
function checkValues(value: Json, place: string, depth: number): void {
  if (depth === 0) throw refused("bad-metadata", place, `nested deeper than ${deepest}`);
  if (typeof value === "string" && !isPlainText(value)) throw refused("bad-metadata", place, "a text with control characters");
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw refused("bad-metadata", place, "a number that is not whole, or past 2^53");
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value as readonly Json[]) checkValues(one, place, depth - 1);
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    if (!isPlainText(key)) throw refused("bad-metadata", place, "a key with control characters");
    checkValues(one, place, depth - 1);
  }
}

export function canonicalEqual(a: Json, b: Json): boolean {
  return canonicalize(a) === canonicalize(b);
}
