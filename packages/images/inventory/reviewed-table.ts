import { sha256 } from "@noble/hashes/sha2.js";

/** A table as it was when the image was reviewed: the digest of its octets under a mask that is as long as the table. */
export interface ReviewedTable {
  readonly table: number;
  /** Bit 1 = this bit had to be as it was. */
  readonly mask: Uint8Array;
  /** SHA-256 over all octets of the table, those bits that the mask leaves out being 0. */
  readonly digest: Uint8Array;
}

/** The digest of a table under a mask of its length; undefined where the two are not equally long: then it is another table. */
export function reviewedDigest(bytes: Uint8Array, mask: Uint8Array): Uint8Array | undefined {
  if (bytes.length !== mask.length) return undefined;
  return sha256(bytes.map((octet, at) => octet & (mask[at] ?? 0)));
}
