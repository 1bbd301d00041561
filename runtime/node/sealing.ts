import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { fromHex } from "@metersmith/base/bytes";
import { Failure } from "@metersmith/base/errors";

const ALGORITHM = "aes-256-gcm";
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;

/** Keeps secrets unreadable in the database. What is sealed for one purpose does not open for another. */
export interface Sealing {
  seal(secret: Uint8Array, purpose: string): string;
  open(sealed: string, purpose: string): Uint8Array;
}

/** AES-256-GCM; the sealed text is base64url of nonce ‖ tag ‖ ciphertext, the purpose is authenticated. `key` is 32 bytes in hexadecimal. */
export function sealing(key: string): Sealing {
  const keyBytes = fromHex(key);
  if (keyBytes.length !== 32) throw new Failure("misuse", "sealing-key", "the sealing key must be 32 bytes (64 hexadecimal digits)");
  return {
    seal(secret, purpose) {
      const nonce = randomBytes(NONCE_OCTETS);
      const cipher = createCipheriv(ALGORITHM, keyBytes, nonce).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64url");
    },
    open(sealed, purpose) {
      const whole = Buffer.from(sealed, "base64url");
      try {
        const decipher = createDecipheriv(ALGORITHM, keyBytes, whole.subarray(0, NONCE_OCTETS)).setAAD(Buffer.from(purpose));
        decipher.setAuthTag(whole.subarray(NONCE_OCTETS, NONCE_OCTETS + TAG_OCTETS));
        return Buffer.concat([decipher.update(whole.subarray(NONCE_OCTETS + TAG_OCTETS)), decipher.final()]);
      } catch (cause) {
        throw new Failure("input", "sealed-secret", `a sealed secret (${purpose}) does not open with this site's key`, {}, cause);
      }
    },
  };
}
