import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { Failure } from "@metersmith/base/errors";

/** A secret that only a passphrase opens, as text fields of a file: scrypt (RFC 7914), then AES-256-GCM over it, the purpose authenticated. */
export interface SealedSecret {
  readonly cost: number;
  readonly salt: string;
  readonly nonce: string;
  readonly sealed: string;
}

/** N of scrypt, with r = 8 and p = 1: 128 MiB, and some tenths of a second, for each guess. */
const usualCost = 2 ** 17;
const mostCost = 2 ** 20;
const [blockSize, parallel] = [8, 1];
const tagOctets = 16;
export const shortestPassphrase = 8;

export async function sealSecret(secret: Uint8Array, passphrase: string, purpose: string, cost = usualCost): Promise<SealedSecret> {
  if (passphrase.length < shortestPassphrase) throw new Failure("misuse", "passphrase", `the passphrase has ${passphrase.length} characters; ${shortestPassphrase} at least`);
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv("aes-256-gcm", await stretched(passphrase, salt, cost), nonce).setAAD(Buffer.from(purpose));
  const body = Buffer.concat([cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
  return { cost, salt: salt.toString("hex"), nonce: nonce.toString("hex"), sealed: body.toString("hex") };
}

/** @throws Failure `passphrase` where it does not open; nothing tells a wrong passphrase from a changed file */
export async function openSecret({ cost, salt, nonce, sealed }: SealedSecret, passphrase: string, purpose: string): Promise<Uint8Array> {
  if (!Number.isSafeInteger(Math.log2(cost)) || cost < 2 || cost > mostCost) throw new Failure("input", "bad-key", `a cost of ${cost} is not taken`);
  const body = Buffer.from(sealed, "hex");
  try {
    const decipher = createDecipheriv("aes-256-gcm", await stretched(passphrase, Buffer.from(salt, "hex"), cost), Buffer.from(nonce, "hex")).setAAD(Buffer.from(purpose));
    decipher.setAuthTag(body.subarray(-tagOctets));
    return new Uint8Array(Buffer.concat([decipher.update(body.subarray(0, -tagOctets)), decipher.final()]));
  } catch (cause) {
    throw new Failure("input", "passphrase", "the passphrase does not open this key, or its file was changed", {}, cause);
  }
}

function stretched(passphrase: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize("NFC"), salt, 32, { N: cost, r: blockSize, p: parallel, maxmem: 256 * cost * blockSize }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
