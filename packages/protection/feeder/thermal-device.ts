import { secondsAt, type TimedCurve } from "../curves/curve.ts";

/**
 * A fuse or a breaker in the simulation: parts of its times at the currents it carries add up, and it never cools within one run. Stricter than a real one.
 */
export interface ThermalState {
  /** Of its earliest time: 1 melts at the earliest. */
  readonly damage: number;
  /** Of its latest time: 1 has opened for sure. */
  readonly progress: number;
  readonly open: boolean;
}

export const cold: ThermalState = { damage: 0, progress: 0, open: false };

export function heated(earliest: TimedCurve, latest: TimedCurve, state: ThermalState, amperes: number, seconds: number): ThermalState {
  if (state.open) return state;
  const damage = state.damage + seconds / secondsAt(earliest, amperes);
  const progress = state.progress + seconds / secondsAt(latest, amperes);
  return { damage, progress, open: progress >= 1 - 1e-9 };
}

export function untilOpen(latest: TimedCurve, state: ThermalState, amperes: number): number {
  return state.open ? Infinity : Math.max(0, 1 - state.progress) * secondsAt(latest, amperes);
}
