/** Which octet of an integer comes first: DATA_ORDER of table 0. */
export type Order = "least first" | "most first";

/** Octets as an unsigned integer. */
export function integerOf(octets: readonly number[], order: Order): bigint {
  const mostFirst = order === "most first" ? octets : octets.toReversed();
  return mostFirst.reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

/** An unsigned integer as octets; undefined where it does not fit. */
export function octetsOf(value: bigint, width: number, order: Order): number[] | undefined {
  if (value < 0n || value >= 256n ** BigInt(width)) return undefined;
  const leastFirst = Array.from({ length: width }, (_, octet) => Number((value / 256n ** BigInt(octet)) % 256n));
  return order === "least first" ? leastFirst : leastFirst.toReversed();
}

/** INT_FORMAT: how the negative numbers of that many bits are written. */
export type SignForm = "two's complement" | "one's complement" | "sign and magnitude";

export function signedOf(unsigned: bigint, bits: number, form: SignForm): bigint {
  const half = 2n ** BigInt(bits - 1);
  if (unsigned < half) return unsigned;
  switch (form) {
    case "two's complement": return unsigned - 2n * half;
    case "one's complement": return unsigned - (2n * half - 1n);
    case "sign and magnitude": return -(unsigned - half);
  }
}

/** Undefined where it does not fit. */
export function unsignedOf(signed: bigint, bits: number, form: SignForm): bigint | undefined {
  const half = 2n ** BigInt(bits - 1);
  if (signed >= 0n) return signed < half ? signed : undefined;
  if (form === "two's complement") return signed >= -half ? signed + 2n * half : undefined;
  if (signed <= -half) return undefined;
  return form === "one's complement" ? signed + (2n * half - 1n) : half - signed;
}

/** The octets of −0: all ones in one's complement, the sign alone beside a magnitude; in two's complement there is one zero. */
export function secondZero(bits: number, form: SignForm): bigint {
  if (form === "two's complement") return 0n;
  return form === "one's complement" ? 2n ** BigInt(bits) - 1n : 2n ** BigInt(bits - 1);
}

export function isSecondZero(unsigned: bigint, bits: number, form: SignForm): boolean {
  return unsigned !== 0n && unsigned === secondZero(bits, form);
}
