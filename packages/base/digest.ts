import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { toHex } from "./bytes.ts";
import { encodeCbor } from "./cbor.ts";

/** A SHA-256 digest written `sha256:` and 64 lowercase hexadecimal digits. */
export type Digest = `sha256:${string}`;

/** SHA-256, 32 octets. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

export function digestOf(bytes: Uint8Array): Digest {
  return `sha256:${toHex(sha256(bytes))}`;
}

/** The digest of a value's deterministic CBOR: equal values have equal digests whatever the order of their keys. */
export function digestOfValue(value: unknown): Digest {
  return digestOf(encodeCbor(value));
}
