import { highest, type LineState } from "./line-state.ts";
import { instant } from "./moment.ts";
import type { SwitchRating } from "./switch-rating.ts";

/** Whether the service counts as lost. */
export function isDead(line: LineState, { lostVolts }: SwitchRating): boolean {
  return highest(line.volts) < lostVolts;
}

/** The store after `seconds` on a line that stays: charging under voltage, feeding the board without. */
export function joulesAfter(joules: number, line: LineState, rating: SwitchRating, seconds: number): number {
  const { store } = rating;
  if (isDead(line, rating)) return Math.max(0, joules - store.holdUpWatts * seconds);
  return Math.min(store.capacityJoules, joules + store.chargingWatts * seconds);
}

/** Whether it holds enough for one movement of the switch. */
export function canMove(joules: number, { store }: SwitchRating): boolean {
  return joules >= store.movingJoules - instant;
}

/** Seconds until the store is empty, or holds enough for a movement; Infinity where neither comes. */
export function untilStoreMatters(joules: number, line: LineState, rating: SwitchRating): number {
  const { store } = rating;
  if (isDead(line, rating)) return joules / store.holdUpWatts;
  return canMove(joules, rating) ? Infinity : (store.movingJoules - joules) / store.chargingWatts;
}
