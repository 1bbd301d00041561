import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { SignatureCheck } from "../rules/chain.ts";

/** As the platform wants them; a record is signed by few keys. */
const known = new WeakMap<Uint8Array, KeyObject>();

/** Ed25519 by the platform (RFC 8032 §5.1.7). The key has been looked at before: `trustIn`. */
export const checkSignature: SignatureCheck = (signature, octets, publicKey) => {
  let key = known.get(publicKey);
  if (!key) {
    key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(publicKey).toString("base64url") }, format: "jwk" });
    known.set(publicKey, key);
  }
  return verify(null, octets, key, signature);
};
