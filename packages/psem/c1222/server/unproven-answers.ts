import type { EpochMillis } from "@metersmith/base/clock";

/** Answers to senders that proved nothing, in a row and then in a second. Ours: a person's mistakes are answered, a flood is not. */
const burst = 32;
const perSecond = 8;

/**
 * How many datagrams a node sends to whoever asks, without knowing who that is: their address may be forged, and the answer would go to
 * somebody who asked for none. A bucket that fills with time.
 */
export class UnprovenAnswers {
  #left = burst;
  #at: EpochMillis | undefined;

  /** Whether one more may be sent now; counts it. */
  take(now: EpochMillis): boolean {
    const passed = Math.max(0, now - (this.#at ?? now));
    this.#left = Math.min(burst, this.#left + (passed * perSecond) / 1000);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
