import type { EventBudget } from "./event-kind.ts";

/** An entry of the log is kept for at least so long, seconds. Source: I2NFR5. */
export const keptSeconds = 45 * 86_400;

/**
 * When the next entry of a kind may come, seconds of the running hardware. `entered`: when the kind's entries of the last 45 days came, newest first; times later than
 * `now` (a host whose clock went back) count as of now.
 */
export function nextEntryAt({ atOnce, most }: EventBudget, entered: readonly number[], now: number): number {
  const expires = (index: number): number => {
    const at = entered[index];
    return at === undefined ? now : Math.min(at, now) + keptSeconds;
  };
  const newest = entered[0];
  const spaced = newest === undefined ? now : Math.min(newest, now) + Math.ceil(keptSeconds / (most - atOnce + 1));
  return Math.min(expires(atOnce - 1), Math.max(spaced, expires(most - 1)));
}
