import type { EpochMillis } from "@metersmith/base/clock";
import { durableRecord, type DurableRecord } from "../memory/durable-record.ts";
import type { MeterMemory } from "../memory/meter-memory.ts";

/** Attempts that failed in a row; over all connections, and over restarts. */
export interface LockoutState {
  readonly failures: number;
  /** Until then every password is refused unread; 0 where none is. */
  readonly lockedUntil: EpochMillis;
}

const freeAttempts = 3;
const firstDelay = 10_000;
const longestDelay = 15 * 60_000;

/**
 * Slows down guessing: after three failures in a row, 10 s, doubling with each further one up to 15 minutes. Ours. It can be used to keep
 * a technician out, at worst for the longest delay, which is why it never grows past that.
 */
export class Lockout {
  readonly #record: DurableRecord<LockoutState>;

  constructor(memory: MeterMemory) {
    this.#record = durableRecord<LockoutState>(memory, "lockout", { failures: 0, lockedUntil: 0 }, parseLockout);
  }

  get state(): LockoutState {
    return this.#record.value;
  }

  isLocked(now: EpochMillis): boolean {
    const remaining = this.state.lockedUntil - now;
    // More than the longest delay means that the clock went back: nobody stays locked out for that.
    return remaining > 0 && remaining <= longestDelay;
  }

  failed(now: EpochMillis): void {
    const failures = this.state.failures + 1;
    const doublings = Math.min(failures - freeAttempts, 16);
    const delay = doublings < 0 ? 0 : Math.min(firstDelay * 2 ** doublings, longestDelay);
    this.#record.write({ failures, lockedUntil: delay === 0 ? 0 : now + delay });
  }

  passed(): void {
    if (this.state.failures > 0) this.#record.write({ failures: 0, lockedUntil: 0 });
  }
}

function parseLockout(stored: unknown): LockoutState | undefined {
  if (typeof stored !== "object" || stored === null || !("failures" in stored) || !("lockedUntil" in stored)) return undefined;
  const { failures, lockedUntil } = stored;
  return typeof failures === "number" && typeof lockedUntil === "number" ? { failures, lockedUntil } : undefined;
}
