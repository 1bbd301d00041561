import { aesBlockLength, type Aes128 } from "@metersmith/base/aes128";
import { PsemError } from "../../psem-error.ts";

/** Octets of the message authentication code. */
export const macLength = 4;

/**
 * EAX' (EAX-prime), the mode of C12.22: a header that is authenticated and a payload that is encrypted and authenticated as well.
 * It is unsafe where the header is one block or less (IACR eprint 2012/018): such a header is refused as `bad-argument`. Nothing is
 * decrypted before its code is verified, and codes are compared in constant time. Not reentrant; source: docs/reference/c1222.md 4.
 */
export class EaxPrime {
  readonly #aes: Aes128;
  readonly #d: Uint32Array;
  readonly #q: Uint32Array;
  readonly #headerTag = new Uint32Array(4);
  readonly #payloadTag = new Uint32Array(4);
  readonly #counter = new Uint32Array(4);
  readonly #stream = new Uint32Array(4);
  readonly #padded = new Uint8Array(aesBlockLength);

  constructor(aes: Aes128) {
    this.#aes = aes;
    const l = new Uint32Array(4);
    aes.encryptBlock(l);
    this.#d = doubled(l);
    this.#q = doubled(this.#d);
  }

  /** The code of a header alone; in security mode 1 the clear text is its last part. */
  authenticate(header: Uint8Array): Uint8Array {
    this.#authenticateHeader(header);
    return macOf(this.#headerTag[3] ?? 0);
  }

  verify(header: Uint8Array, mac: Uint8Array): boolean {
    return sameMac(this.authenticate(header), mac);
  }

  seal(header: Uint8Array, payload: Uint8Array): { readonly ciphertext: Uint8Array; readonly mac: Uint8Array } {
    this.#authenticateHeader(header);
    const ciphertext = this.#crypt(payload);
    return { ciphertext, mac: this.#macWith(ciphertext) };
  }

  /** The payload, or undefined where the code is not that of header and ciphertext under this key. */
  open(header: Uint8Array, ciphertext: Uint8Array, mac: Uint8Array): Uint8Array | undefined {
    this.#authenticateHeader(header);
    return sameMac(this.#macWith(ciphertext), mac) ? this.#crypt(ciphertext) : undefined;
  }

  #authenticateHeader(header: Uint8Array): void {
    if (header.length <= aesBlockLength) {
      throw new PsemError("bad-argument", `The clear text before the payload has ${header.length} bytes; EAX' is safe only for more than ${aesBlockLength}.`, {
        field: "header",
        actual: header.length,
      });
    }
    this.#chain(this.#d, header, this.#headerTag);
  }

  #macWith(ciphertext: Uint8Array): Uint8Array {
    const tag = this.#headerTag[3] ?? 0;
    if (ciphertext.length === 0) return macOf(tag);
    this.#chain(this.#q, ciphertext, this.#payloadTag);
    return macOf(tag ^ (this.#payloadTag[3] ?? 0));
  }

  /** CMAC': a CBC chain from `start`, whose last block is masked by D where full, padded and masked by Q where not. */
  #chain(start: Uint32Array, bytes: Uint8Array, state: Uint32Array): void {
    state.set(start);
    const last = aesBlockLength * (Math.ceil(bytes.length / aesBlockLength) - 1);
    for (let at = 0; at < last; at += aesBlockLength) {
      xorBlock(state, bytes, at);
      this.#aes.encryptBlock(state);
    }
    const left = bytes.length - last;
    if (left === aesBlockLength) {
      xorBlock(state, bytes, last);
      xorWords(state, this.#d);
    } else {
      const padded = this.#padded.fill(0);
      for (let i = 0; i < left; i++) padded[i] = bytes[last + i] ?? 0;
      padded[left] = 0x80;
      xorBlock(state, padded, 0);
      xorWords(state, this.#q);
    }
    this.#aes.encryptBlock(state);
  }

  /** Counter mode from the header's tag. Two bits are cleared, so that the count never carries out of the last word. */
  #crypt(bytes: Uint8Array): Uint8Array {
    const out = bytes.slice();
    const counter = this.#counter;
    counter.set(this.#headerTag);
    counter[3] = (counter[3] ?? 0) & 0xff7fff7f;
    let count = swapped(counter[3] ?? 0);
    for (let at = 0; at < out.length; at += aesBlockLength) {
      this.#stream.set(counter);
      this.#aes.encryptBlock(this.#stream);
      const end = Math.min(aesBlockLength, out.length - at);
      for (let i = 0; i < end; i++) out[at + i] = (out[at + i] ?? 0) ^ ((this.#stream[i >> 2] ?? 0) >>> (8 * (i & 3)));
      count = (count + 1) >>> 0;
      counter[3] = swapped(count);
    }
    return out;
  }
}

/** The block as a number whose octet 0 is least significant, times two in GF(2^128). CMAC's doubling is the other way round. */
function doubled(block: Uint32Array): Uint32Array {
  const [a = 0, b = 0, c = 0, d = 0] = block;
  const carry = d >>> 31 ? 0x87 : 0;
  return Uint32Array.of((a << 1) ^ carry, (b << 1) | (a >>> 31), (c << 1) | (b >>> 31), (d << 1) | (c >>> 31));
}

function xorBlock(state: Uint32Array, bytes: Uint8Array, at: number): void {
  state[0] = (state[0] ?? 0) ^ wordAt(bytes, at);
  state[1] = (state[1] ?? 0) ^ wordAt(bytes, at + 4);
  state[2] = (state[2] ?? 0) ^ wordAt(bytes, at + 8);
  state[3] = (state[3] ?? 0) ^ wordAt(bytes, at + 12);
}

function xorWords(state: Uint32Array, words: Uint32Array): void {
  for (let i = 0; i < 4; i++) state[i] = (state[i] ?? 0) ^ (words[i] ?? 0);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

function swapped(word: number): number {
  return ((word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24)) >>> 0;
}

function macOf(word: number): Uint8Array {
  return Uint8Array.of(word, word >>> 8, word >>> 16, word >>> 24);
}

function sameMac(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0);
  return difference === 0;
}
