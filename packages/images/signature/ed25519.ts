import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ImagesError } from "../images-error.ts";

export const publicKeyLength = 32;
export const secretKeyLength = 32;
export const signatureLength = 64;
export const keyIdLength = 8;

/** The id of a key: the first 8 octets of SHA-256 over its 32 octets. It follows from the key, so one id cannot be given to two. */
export function keyIdOf(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).slice(0, keyIdLength);
}

/** Throws `bad-key` where the octets are no point of the curve, are not its canonical encoding, or have a part of small order. */
export function checkPublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== publicKeyLength) throw badKey(`an Ed25519 public key has ${publicKeyLength} octets, this one ${publicKey.length}`);
  if (!isStrictPoint(publicKey)) throw badKey("these octets are no Ed25519 public key in the prime-order group, canonically encoded");
}

/** The public key of a 32-octet secret key (RFC 8032 §5.1.5). Throws `bad-key`. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  if (secretKey.length !== secretKeyLength) throw badKey(`an Ed25519 secret key has ${secretKeyLength} octets, this one ${secretKey.length}`);
  return ed25519.getPublicKey(secretKey);
}

/** RFC 8032 §5.1.6, pure Ed25519. */
export function sign(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return ed25519.sign(message, secretKey);
}

/**
 * RFC 8032 §5.1.7, and stricter: S below the group's order, and R a canonically encoded point of the prime-order group. Then verification with and
 * without the cofactor agree, and every verifier comes to the same answer. The key must have passed `checkPublicKey`.
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

function badKey(what: string): ImagesError {
  return new ImagesError("input", "bad-key", `${what}.`, { place: "key" });
}
