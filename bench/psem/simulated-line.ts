import type { ByteChannel, ByteListener } from "@metersmith/base/byte-channel";
import type { Clock } from "@metersmith/base/clock";

export interface LineSettings {
  /** Bits per second; a byte takes ten bits (8N1). */
  readonly baud: number;
  /** Milliseconds that pass each time the line changes direction: the adapter's and the meter's turnaround together. */
  readonly turnaround: number;
}

/** Two ends joined by a serial line that takes its time, in simulation. Chunks arrive whole, when their last bit has. */
export class SimulatedLine {
  readonly ends: readonly [ByteChannel, ByteChannel];
  readonly #clock: Clock;
  readonly #settings: LineSettings;
  readonly #listeners: (ByteListener | undefined)[] = [undefined, undefined];
  #free = 0;
  #direction = 0;

  constructor(clock: Clock, settings: LineSettings) {
    this.#clock = clock;
    this.#settings = settings;
    this.ends = [this.#end(0), this.#end(1)];
  }

  #end(own: 0 | 1): ByteChannel {
    const other = 1 - own;
    return {
      listen: (listener) => void (this.#listeners[own] = listener),
      write: (bytes) => this.#carry(own, bytes.slice(), (chunk) => this.#listeners[other]?.received(chunk)),
      close: () => this.#carry(own, new Uint8Array(0), () => this.#listeners[other]?.closed()),
    };
  }

  #carry(from: 0 | 1, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const now = this.#clock.now();
    const turn = from === this.#direction ? 0 : this.#settings.turnaround;
    this.#direction = from;
    this.#free = Math.max(this.#free, now) + turn + (bytes.length * 10_000) / this.#settings.baud;
    this.#clock.after(this.#free - now, () => deliver(bytes));
  }
}
