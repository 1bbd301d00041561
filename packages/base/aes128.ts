import { unsafe } from "@noble/ciphers/aes.js";

/**
 * AES-128 under one key, one block at a time, synchronous: for protocols whose messages are short. A block is four words, each four
 * octets least significant first (octet 0 is the low byte of word 0).
 */
export interface Aes128 {
  /** Encrypts in place. */
  encryptBlock(block: Uint32Array): void;
}

export const aesBlockLength = 16;

/**
 * The default implementation; the key is expanded once. Table-based: its timing depends on key and data on machines whose cache an attacker
 * shares. Throws `RangeError` where the key is not 16 bytes.
 */
export function aes128(key: Uint8Array): Aes128 {
  if (key.length !== aesBlockLength) throw new RangeError(`an AES-128 key has 16 bytes, this one ${key.length}`);
  const schedule = unsafe.expandKeyLE(key);
  return {
    encryptBlock(block) {
      const { s0, s1, s2, s3 } = unsafe.encrypt(schedule, block[0] ?? 0, block[1] ?? 0, block[2] ?? 0, block[3] ?? 0);
      block[0] = s0;
      block[1] = s1;
      block[2] = s2;
      block[3] = s3;
    },
  };
}
