import { PsemError } from "../../psem-error.ts";

export interface BerElement {
  readonly tag: number;
  /** Where its tag stands in the whole message. */
  readonly offset: number;
  readonly contentOffset: number;
  readonly length: number;
}

/** Octets that a length may take after its first. Four would do for any message of ours; more is hostile. */
const mostLengthOctets = 4;

/**
 * Reads elements one after the other between two offsets of a message and never outside them. Tags of one octet, definite lengths: other
 * forms of BER do not occur in C12.22. Throws `bad-apdu` with the offset.
 */
export class BerReader {
  readonly bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  get offset(): number {
    return this.#at;
  }

  get ended(): boolean {
    return this.#at >= this.#end;
  }

  /** The next element; the cursor moves behind it. */
  element(): BerElement {
    const offset = this.#at;
    const tag = this.#octet();
    if ((tag & 0x1f) === 0x1f) throw badApdu(`a tag of several octets`, offset);
    const length = this.length();
    const contentOffset = this.#at;
    this.#at += length;
    return { tag, offset, contentOffset, length };
  }

  /** The next element, which must have this tag. `what` names it for the person. */
  expect(tag: number, what: string): BerElement {
    const offset = this.#at;
    const element = this.element();
    if (element.tag !== tag) throw badApdu(`tag ${hex(element.tag)} where ${what} (${hex(tag)}) was expected`, offset);
    return element;
  }

  /** The tag of the next element, undefined at the end. */
  peek(): number | undefined {
    return this.ended ? undefined : this.bytes[this.#at];
  }

  /** A length, whose octets must be there. */
  length(): number {
    const offset = this.#at;
    const first = this.#octet();
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0) throw badApdu("an indefinite length", offset);
      if (count > mostLengthOctets) throw badApdu(`a length of ${count} octets`, offset);
      length = 0;
      for (let i = 0; i < count; i++) length = length * 256 + this.#octet();
    }
    if (length > this.#end - this.#at) throw badApdu(`a length of ${length}; ${this.#end - this.#at} octets are left`, offset);
    return length;
  }

  /** A length and a copy of the octets it counts, without a tag: so EPSEM strings its services together. */
  chunk(): Uint8Array {
    const length = this.length();
    this.#at += length;
    return this.bytes.slice(this.#at - length, this.#at);
  }

  /** An octet that counts, and a copy of the octets it counts. */
  counted(): Uint8Array {
    const offset = this.#at;
    const length = this.#octet();
    if (length > this.#end - this.#at) throw badApdu(`a length of ${length}; ${this.#end - this.#at} octets are left`, offset);
    this.#at += length;
    return this.bytes.slice(this.#at - length, this.#at);
  }

  inside({ contentOffset, length }: BerElement): BerReader {
    return new BerReader(this.bytes, contentOffset, contentOffset + length);
  }

  /** A copy. */
  content({ contentOffset, length }: BerElement): Uint8Array {
    return this.bytes.slice(contentOffset, contentOffset + length);
  }

  mustEnd(what: string): void {
    if (!this.ended) throw badApdu(`${this.#end - this.#at} octets behind ${what}`, this.#at);
  }

  #octet(): number {
    const octet = this.#at < this.#end ? this.bytes[this.#at] : undefined;
    if (octet === undefined) throw badApdu("an end in the middle of an element", this.#at);
    this.#at += 1;
    return octet;
  }
}

export function badApdu(what: string, offset: number): PsemError {
  return new PsemError("bad-apdu", `The message is no C12.22 message: it has ${what} (at byte ${offset}).`, { offset });
}

export function hex(octet: number): string {
  return octet.toString(16).padStart(2, "0").toUpperCase();
}
