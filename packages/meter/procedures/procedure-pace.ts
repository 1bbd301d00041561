import type { Clock, Timer } from "@metersmith/base/clock";

/**
 * When procedures end: at once, or, where the model says so, after their time; of those one at a time. They belong to the meter and not to the
 * session that began them: one that has begun ends though its client is gone. A loss of power ends it with nothing done.
 */
export class ProcedurePace {
  readonly #clock: Clock;
  readonly #seconds: ReadonlyMap<number, number>;
  #running: Timer | undefined;

  constructor(clock: Clock, seconds: ReadonlyMap<number, number>) {
    this.#clock = clock;
    this.#seconds = seconds;
  }

  /** `ended`: `work` has run. `begun`: it will. `busy`: another is under way, and it will not. */
  start(number: number, work: () => void): "ended" | "begun" | "busy" {
    const seconds = this.#seconds.get(number) ?? 0;
    if (seconds === 0) {
      work();
      return "ended";
    }
    if (this.#running) return "busy";
    this.#running = this.#clock.after(seconds * 1000, () => {
      this.#running = undefined;
      try {
        work();
      } catch {
        // Memory failed: table 3 says so, and table 8 never answers.
      }
    });
    return "begun";
  }

  stop(): void {
    this.#running?.cancel();
    this.#running = undefined;
  }
}
