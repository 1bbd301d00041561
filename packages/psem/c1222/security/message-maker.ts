import type { Clock } from "@metersmith/base/clock";
import type { Random } from "@metersmith/base/random";
import { integerOctets } from "../ber/ber-writer.ts";
import { ivLength } from "../apdu/authentication-value.ts";

/** What makes a message of ours different from every other under the same key. */
export interface Identity {
  /** Content octets of the calling invocation. */
  readonly invocation: Uint8Array;
  /** The second of its making, or the next one: never that of the message before. */
  readonly iv: Uint8Array;
}

const invocations = 2 ** 31;

/**
 * Numbers the messages of one node. EAX' breaks where clear text and key are used twice, so no two messages share their invocation: they
 * count up from a random start. Vectors follow the clock; two in a row differ, which an open client does because, it says, the standard asks for it.
 */
export class MessageMaker {
  readonly #clock: Clock;
  #invocation: number;
  #seconds = 0;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#invocation = Math.floor(random.next() * invocations);
  }

  next(): Identity {
    this.#invocation = (this.#invocation + 1) % invocations;
    const seconds = Math.floor(this.#clock.now() / 1000);
    this.#seconds = seconds === this.#seconds ? seconds + 1 : seconds;
    const iv = new Uint8Array(ivLength);
    new DataView(iv.buffer).setUint32(0, this.#seconds);
    return { invocation: integerOctets(this.#invocation), iv };
  }
}
