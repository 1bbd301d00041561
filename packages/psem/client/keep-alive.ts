import type { Clock, Timer } from "@metersmith/base/clock";

/**
 * Keeps a session from ending by silence while its client has nothing to ask: after half of the time that the meter allows, `extend` asks it to wait
 * for `waitSeconds`, and again after half of those. Nothing runs before `begin` and after `stop`.
 */
export class KeepAlive {
  readonly #clock: Clock;
  readonly #extend: (seconds: number) => Promise<void>;
  #timer: Timer | undefined;
  #begun = false;
  #allowed = 0;
  #extended = false;

  constructor(clock: Clock, extend: (seconds: number) => Promise<void>) {
    this.#clock = clock;
    this.#extend = extend;
  }

  /** A session is open that ends after `milliseconds` of silence. */
  begin(milliseconds: number): void {
    this.#begun = true;
    this.#allowed = milliseconds;
  }

  /** A request is on its way. */
  pause(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Everything asked is answered. */
  rest(): void {
    this.pause();
    if (!this.#begun) return;
    const allowed = this.#extended ? waitSeconds * 1000 : this.#allowed;
    this.#extended = false;
    this.#timer = this.#clock.after(allowed / 2, () => this.#ask());
  }

  stop(): void {
    this.pause();
    this.#begun = false;
  }

  /** A meter that refuses to wait, or a link that failed, is left alone: the next call finds out. */
  #ask(): void {
    this.#extended = true;
    this.#extend(waitSeconds).catch(() => this.stop());
  }
}

/** Long enough that an idle session costs the line little, short enough that a client that vanishes is forgotten soon. Ours. */
const waitSeconds = 30;
