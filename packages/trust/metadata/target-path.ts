import { sha256 } from "@noble/hashes/sha2.js";

/** `<kind>/<owner>/<name>`: what it is, whose it is (a utility, a family of device types), and its name. Ours. */
export const targetPathForm = /^[a-z][a-z-]{0,31}\/[a-z0-9][a-z0-9-]{0,31}\/[A-Za-z0-9][A-Za-z0-9._-]{0,95}$/;
/** All targets of one kind and owner; the only patterns that are delegated. */
export const pathPatternForm = /^[a-z][a-z-]{0,31}\/[a-z0-9][a-z0-9-]{0,31}\/\*$/;

export function matchesPattern(path: string, pattern: string): boolean {
  return path.startsWith(pattern.slice(0, -1));
}

/** A bin's name: the prefix and the bin's number in as many hexadecimal digits as the last one needs (TAP 15). */
export function binName(prefix: string, bits: number, bin: number): string {
  return `${prefix}-${bin.toString(16).padStart((2 ** bits - 1).toString(16).length, "0")}`;
}

/** In which of 2^bits bins a path lies: the first bits of its SHA-256 (TAP 15). */
export function binOf(path: string, bits: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = sha256(new TextEncoder().encode(path));
  return (((a << 24) | (b << 16) | (c << 8) | d) >>> 0) >>> (32 - bits);
}

export function binNames(prefix: string, bits: number): readonly string[] {
  return Array.from({ length: 2 ** bits }, (_, bin) => binName(prefix, bits, bin));
}
