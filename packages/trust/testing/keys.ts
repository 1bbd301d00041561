import { publicKeyOf, sign } from "@metersmith/base/ed25519";
import { publicKey, type Signer } from "../index.ts";

/** A key that everyone knows, by number. */
export function testKey(number: number): Signer {
  const secret = new Uint8Array(32).fill(number);
  return { key: publicKey(publicKeyOf(secret)), sign: (message) => sign(message, secret) };
}
