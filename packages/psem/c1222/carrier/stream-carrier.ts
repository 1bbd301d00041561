import type { ByteChannel } from "@metersmith/base/byte-channel";
import type { Clock, Timer } from "@metersmith/base/clock";
import { PsemError } from "../../psem-error.ts";
import { largestApdu, type ApduCarrier, type ApduListener, type ApduPath } from "./apdu-carrier.ts";
import { ApduSplitter } from "./apdu-splitter.ts";

export interface StreamOptions {
  /** For people: "10.1.2.3:1153". */
  readonly name?: string;
  /** Octets of the largest message taken. */
  readonly largest?: number;
  /** Milliseconds that a message may take to arrive from its first octet on; 30 s by default. Then the stream is closed. */
  readonly patience?: number;
}

/** Messages over a stream such as TCP, one after the other. A peer out of step is hung up on. */
export function overStream(channel: ByteChannel, clock: Clock, options: StreamOptions = {}): ApduCarrier {
  return new StreamCarrier(channel, clock, options);
}

class StreamCarrier implements ApduCarrier {
  readonly lossy = false;
  readonly peer: ApduPath;
  readonly #channel: ByteChannel;
  readonly #clock: Clock;
  readonly #splitter: ApduSplitter;
  readonly #patience: number;
  #listener: ApduListener | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(channel: ByteChannel, clock: Clock, { name = "stream", largest = largestApdu, patience = 30_000 }: StreamOptions) {
    this.#channel = channel;
    this.#clock = clock;
    this.#splitter = new ApduSplitter(largest);
    this.#patience = patience;
    this.peer = { name, send: (apdu) => (this.#closed ? undefined : channel.write(apdu)), hangUp: () => this.close() };
  }

  listen(listener: ApduListener): void {
    this.#listener = listener;
    this.#channel.listen({ received: (chunk) => this.#received(chunk), closed: (reason) => this.#end(reason) });
  }

  close(): void {
    if (this.#closed) return;
    this.#channel.close();
    this.#end();
  }

  #received(chunk: Uint8Array): void {
    if (this.#closed) return;
    const fail = (failure: PsemError): void => {
      this.#channel.close();
      this.#end(failure);
    };
    try {
      const messages = this.#splitter.take(chunk);
      // From the first octet on: a peer that sends one octet now and then must not hold its connection for good.
      if (messages.length > 0 || !this.#splitter.midway) {
        this.#timer?.cancel();
        this.#timer = undefined;
      }
      if (this.#splitter.midway) this.#timer ??= this.#clock.after(this.#patience, () => fail(new PsemError("timeout", `A message did not end within ${this.#patience / 1000} s.`)));
      for (const message of messages) if (!this.#closed) this.#listener?.received(message, this.peer);
    } catch (error) {
      if (!(error instanceof PsemError)) throw error;
      fail(error);
    }
  }

  #end(reason?: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#listener?.closed(reason);
  }
}
