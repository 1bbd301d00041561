import { PsemError } from "../../psem-error.ts";
import { apduTag } from "../apdu/apdu.ts";
import { badApdu, hex } from "../ber/ber-reader.ts";

/** Octets of a length of a message: one, and up to four more. */
const mostLengthOctets = 4;

/**
 * Cuts a stream into messages by their own lengths: nothing stands between them. Holds at most one message and a chunk. A stream that is
 * out of step cannot be found again, so after an error it is of no use any more.
 */
export class ApduSplitter {
  readonly #largest: number;
  #kept = new Uint8Array(0);
  #filled = 0;

  constructor(largest: number) {
    this.#largest = largest;
  }

  /** Whether a message has begun and not ended. */
  get midway(): boolean {
    return this.#filled > 0;
  }

  /** The messages that `chunk` completes. Throws `bad-apdu`. */
  take(chunk: Uint8Array): readonly Uint8Array[] {
    this.#append(chunk);
    const messages: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const length = messageLength(this.#kept, at, this.#filled, this.#largest);
      if (length === undefined || at + length > this.#filled) break;
      messages.push(this.#kept.slice(at, at + length));
      at += length;
    }
    this.#kept.copyWithin(0, at, this.#filled);
    this.#filled -= at;
    return messages;
  }

  #append(chunk: Uint8Array): void {
    const needed = this.#filled + chunk.length;
    if (needed > this.#kept.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(2 * this.#kept.length, this.#largest)));
      larger.set(this.#kept.subarray(0, this.#filled));
      this.#kept = larger;
    }
    this.#kept.set(chunk, this.#filled);
    this.#filled = needed;
  }
}

/** Octets of the message that begins at `at`, or undefined where its length has not arrived. */
function messageLength(bytes: Uint8Array, at: number, end: number, largest: number): number | undefined {
  if (at >= end) return undefined;
  const tag = bytes[at] ?? 0;
  if (tag !== apduTag.message) throw badApdu(`tag ${hex(tag)} where a message (60) begins`, 0);
  const first = at + 1 < end ? (bytes[at + 1] ?? 0) : undefined;
  if (first === undefined) return undefined;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > mostLengthOctets) throw badApdu(`a length of ${count} octets`, 1);
  if (at + 2 + count > end) return undefined;
  const length = 2 + count + bytes.subarray(at + 2, at + 2 + count).reduce((sum, octet) => sum * 256 + octet, 0);
  if (length > largest) {
    throw new PsemError("bad-apdu", `The peer announces a message of ${length} bytes; at most ${largest} are taken.`, { expected: largest, actual: length });
  }
  return length;
}
