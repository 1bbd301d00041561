import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";

export const publicKeyLength = 32;
export const secretKeyLength = 32;
export const signatureLength = 64;
export const keyIdLength = 8;

/** The id of a key: the first 8 octets of SHA-256 over its 32 octets. It follows from the key, so one id cannot be given to two. */
export function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, keyIdLength);
}

/** Whether the octets are a point of the curve, canonically encoded, without a part of small order. */
export function isPublicKey(octets: Uint8Array): boolean {
  return octets.length === publicKeyLength && isStrictPoint(octets);
}

/** The public key of a 32-octet secret key (RFC 8032 §5.1.5). */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(secretKey);
}

/** RFC 8032 §5.1.6, pure Ed25519. */
export function sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return ed25519.sign(message, secretKey);
}

/**
 * RFC 8032 §5.1.7, and stricter: S below the group's order, and R a canonically encoded point of the prime-order group. Then verification with and
 * without the cofactor agree, and every verifier comes to the same answer. The key must be one by `isPublicKey`.
 */
export function verifies(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== signatureLength || !ed25519.verify(signature, message, publicKey, { zip215: false })) return false;
  return isStrictPoint(signature.subarray(0, 32));
}

function isStrictPoint(bytes: Uint8Array): boolean {
  try {
    const point = ed25519.Point.fromBytes(bytes, false);
    return !point.is0() && point.isTorsionFree();
  } catch {
    return false;
  }
}
