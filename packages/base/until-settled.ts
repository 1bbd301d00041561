import type { FakeClock } from "./clock.ts";

/** Turns of the microtask queue taken to be enough for whatever can go on without the clock. */
const turns = 2000;

/**
 * Lets a promise come to its end on a fake clock: runs what can run now, then moves the clock to its next timer, and again. Rejects with the promise's
 * reason, and where nothing is left that could settle it or `limit` milliseconds have gone by: that is a hang.
 */
export async function untilSettled<Value>(clock: FakeClock, promise: Promise<Value>, limit = 3_600_000): Promise<Value> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  const end = clock.now() + limit;
  for (;;) {
    await quiet();
    if (settled) return promise;
    const next = clock.untilNext;
    if (next === undefined) throw new Error("hangs: no timer is set and the promise is not settled");
    if (clock.now() + next > end) throw new Error(`hangs: not settled within ${limit} ms`);
    clock.advance(next);
  }
}

/** Lets everything happen that needs no time. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
}
