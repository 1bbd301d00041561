import { PsemError } from "../../psem-error.ts";

/** Octets of the longest identifier that we read or write. */
export const longestIdentifier = 64;

/** Arcs are read as numbers; 32 bits are more than any registered one needs. */
const largestArc = 0xffff_ffff;

/**
 * The numbers of an identifier's content octets, seven bits each, most significant first. An absolute identifier's first number
 * holds its first two arcs (40 × first + second). Undefined where the octets are not that, in shortest form.
 */
export function arcsOf(octets: Uint8Array, relative: boolean): readonly number[] | undefined {
  if (octets.length > longestIdentifier || (octets.length === 0 && !relative)) return undefined;
  const arcs: number[] = [];
  let value = 0;
  let begun = false;
  for (const octet of octets) {
    if (!begun && octet === 0x80) return undefined;
    value = value * 128 + (octet & 0x7f);
    if (value > largestArc) return undefined;
    begun = octet >= 0x80;
    if (begun) continue;
    arcs.push(value);
    value = 0;
  }
  if (begun) return undefined;
  const [first] = arcs;
  if (relative || first === undefined) return arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - 40 * root, ...arcs.slice(1)];
}

/** Content octets of arcs. Throws `bad-argument`. */
export function identifierOctets(arcs: readonly number[], relative: boolean): Uint8Array {
  const [root = 0, second = 0, ...rest] = arcs;
  if (!relative && (arcs.length < 2 || root > 2 || (root < 2 && second > 39))) throw noIdentifier(arcs.join("."));
  const numbers = relative ? arcs : [40 * root + second, ...rest];
  const octets = numbers.flatMap((arc) => {
    if (!Number.isInteger(arc) || arc < 0 || arc > largestArc) throw noIdentifier(arcs.join("."));
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 | (left % 128));
    return groups;
  });
  if (octets.length > longestIdentifier) throw noIdentifier(arcs.join("."));
  return Uint8Array.from(octets);
}

/** Content octets of "2.16.124.113620.1.22.0", or of ".123.4" as a relative identifier. Throws `bad-argument`. */
export function parseIdentifier(text: string): { readonly octets: Uint8Array; readonly relative: boolean } {
  const relative = text.startsWith(".");
  const arcs = (relative ? text.slice(1) : text).split(".");
  if (!arcs.every((arc) => /^\d{1,10}$/.test(arc))) throw noIdentifier(text);
  return { octets: identifierOctets(arcs.map(Number), relative), relative };
}

function noIdentifier(text: string): PsemError {
  return new PsemError("bad-argument", `"${text.slice(0, 80)}" is no object identifier; one like 2.16.124.113620.1.22.0, or .123.4 relative to a base, was expected.`, { field: "title" });
}

/** The base that relative titles add to, unless a network has its own. Source: docs/reference/c1222.md 2. */
export const networkContext = parseIdentifier("2.16.124.113620.1.22.0").octets;

/** Application context of C12.22. Source: docs/reference/c1222.md 2. */
export const applicationContext = parseIdentifier("2.16.124.113620.1.22").octets;

/** The security mechanism of C12.22-2008: AES-128 in EAX'. Source: docs/reference/c1222.md 2. */
export const securityMechanism = parseIdentifier("2.16.124.113620.1.22.2.1").octets;
