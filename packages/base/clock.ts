declare const unit: unique symbol;
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMillis = number & { readonly [unit]?: "epoch-ms" };

export interface Timer {
  cancel(): void;
}

/** Time as a port: what the time is, and being called once after a delay in milliseconds. */
export interface Clock {
  now(): EpochMillis;
  after(milliseconds: number, fire: () => void): Timer;
}

/** A clock that moves only when told. Timers fire in order of their due time, then of their making. */
export class FakeClock implements Clock {
  #now: number;
  #sequence = 0;
  #pending: { due: number; sequence: number; fire: () => void }[] = [];

  constructor(start: EpochMillis = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): EpochMillis {
    return this.#now;
  }

  after(milliseconds: number, fire: () => void): Timer {
    const entry = { due: this.#now + Math.max(0, milliseconds), sequence: this.#sequence++, fire };
    this.#pending.push(entry);
    return { cancel: () => void (this.#pending = this.#pending.filter((other) => other !== entry)) };
  }

  /** Moves time forward, firing what falls due on the way at its own time. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#pending
        .filter((entry) => entry.due <= end)
        .sort((a, b) => a.due - b.due || a.sequence - b.sequence)[0];
      if (!next) break;
      this.#pending = this.#pending.filter((entry) => entry !== next);
      this.#now = Math.max(this.#now, next.due);
      next.fire();
    }
    this.#now = end;
  }

  /** Milliseconds until the next timer, or undefined where none is set. */
  get untilNext(): number | undefined {
    return this.#pending.length === 0 ? undefined : Math.min(...this.#pending.map((entry) => entry.due)) - this.#now;
  }
}
