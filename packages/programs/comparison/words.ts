/** Octets as words of 32 bits in the machine's order, copied; the last word is filled up with zeros. */
export function words(bytes: Uint8Array): Int32Array {
  const copy = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  copy.set(bytes);
  return new Int32Array(copy.buffer);
}

/** What octets have to be, under which mask, by octets and by words. */
export interface WantedWords {
  readonly bytes: Uint8Array;
  readonly mask: Uint8Array;
  readonly wantedWords: Int32Array;
  readonly maskWords: Int32Array;
}

/** Compares word by word. Octets that do not begin at a whole word of their memory are copied first; nothing else is made anew for a table. */
export class WordReader {
  #octets = new Uint8Array(4096);
  #copied = new Int32Array(this.#octets.buffer);
  /** The memory that the last table lay in, as words. */
  #memory: ArrayBufferLike | undefined;
  #words: Int32Array = this.#copied;

  /** Whether octets differ from the wanted ones in any bit of the mask. They are as long as those. */
  differs(bytes: Uint8Array, { bytes: wanted, mask, wantedWords, maskWords }: WantedWords): boolean {
    const whole = bytes.length >> 2;
    const found = this.#wordsOf(bytes);
    const from = found === this.#copied ? 0 : bytes.byteOffset >> 2;
    let difference = 0;
    for (let at = 0; at < whole; at++) difference |= ((found[from + at] ?? 0) ^ (wantedWords[at] ?? 0)) & (maskWords[at] ?? 0);
    for (let at = whole * 4; at < bytes.length; at++) difference |= ((bytes[at] ?? 0) ^ (wanted[at] ?? 0)) & (mask[at] ?? 0);
    return difference !== 0;
  }

  #wordsOf(bytes: Uint8Array): Int32Array {
    const { buffer, byteOffset, length } = bytes;
    if (byteOffset % 4 === 0) {
      if (buffer === this.#memory) return this.#words;
      this.#memory = buffer;
      this.#words = new Int32Array(buffer, 0, buffer.byteLength >> 2);
      return this.#words;
    }
    if (length > this.#octets.length) {
      this.#octets = new Uint8Array(Math.ceil(length / 4) * 4);
      this.#copied = new Int32Array(this.#octets.buffer);
    }
    this.#octets.set(bytes);
    return this.#copied;
  }
}
