import fc from "fast-check";
import { expect, test } from "vitest";
import { byAccount, byAddress, byRecipient, counted, type Failures, waitFor } from "./growing-delay.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Attempts that one guesser gets through in a time, who tries again the moment it is let. */
function guesses(span: number): number {
  let failures: Failures | undefined;
  let made = 0;
  for (let now = 0; now < span; now += Math.max(1, waitFor(byAccount, failures, now))) {
    if (waitFor(byAccount, failures, now) > 0) continue;
    failures = counted(byAccount, failures, now);
    made += 1;
  }
  return made;
}

test("the first failures cost no time, then the wait doubles up to a quarter of an hour", () => {
  const waits = [4, 5, 6, 7, 14, 15, 1000].map((count) => waitFor(byAccount, { count, lastAt: 0 }, 0) / 1000);
  expect(waits).toEqual([0, 1, 2, 4, 512, 900, 900]);
});

test("brute force: a guesser who never rests has about a hundred attempts a day at one account", () => {
  expect(guesses(DAY)).toBeLessThan(115);
});

test("whoever failed waits for a bounded time, whatever the clock does, and then is let through", () => {
  const delays = fc.constantFrom(byAccount, byAddress, byRecipient);
  fc.assert(
    fc.property(delays, fc.nat(10_000), fc.nat(10 * DAY), fc.nat(10 * DAY), (delay, count, lastAt, now) => {
      const wait = waitFor(delay, { count, lastAt }, now);
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(delay.longest);
      expect(waitFor(delay, { count, lastAt }, lastAt + delay.longest)).toBe(0);
    }),
  );
});

test("after a day without a failure the count begins anew", () => {
  expect(counted(byAccount, { count: 40, lastAt: 0 }, DAY)).toEqual({ count: 1, lastAt: DAY });
  expect(counted(byAccount, { count: 40, lastAt: 0 }, DAY - 1)).toEqual({ count: 41, lastAt: DAY - 1 });
});
