import { isPublicKey, publicKeyLength, publicKeyOf as publicKeyOfSecret, secretKeyLength } from "@metersmith/base/ed25519";
import { ImagesError } from "../images-error.ts";

/** Throws `bad-key` where the octets are no point of the curve, are not its canonical encoding, or have a part of small order. */
export function checkPublicKey(publicKey: Uint8Array): void {
  if (publicKey.length !== publicKeyLength) throw badKey(`an Ed25519 public key has ${publicKeyLength} octets, this one ${publicKey.length}`);
  if (!isPublicKey(publicKey)) throw badKey("these octets are no Ed25519 public key in the prime-order group, canonically encoded");
}

/** The public key of a 32-octet secret key. Throws `bad-key`. */
export function publicKeyOf(secretKey: Uint8Array): Uint8Array {
  if (secretKey.length !== secretKeyLength) throw badKey(`an Ed25519 secret key has ${secretKeyLength} octets, this one ${secretKey.length}`);
  return publicKeyOfSecret(secretKey);
}

function badKey(what: string): ImagesError {
  return new ImagesError("input", "bad-key", `${what}.`, { place: "key" });
}
