import { diskAtRest, turned, untilOperation, type Disk } from "../curves/disk.ts";
import type { Study } from "../study/study.ts";

/** A simulated recloser: opens by the curve of its shot, recloses, locks out after the last. */
export interface RecloserState {
  readonly closed: boolean;
  readonly lockedOut: boolean;
  /** Openings since it reset. */
  readonly shots: number;
  readonly openings: number;
  readonly disk: Disk;
  /** While open: when it closes. While closed after a shot: when it resets. */
  readonly actsAt: number;
}

export const recloserAtRest: RecloserState = { closed: true, lockedOut: false, shots: 0, openings: 0, disk: diskAtRest, actsAt: Infinity };

export function recloserAfter(study: Study, state: RecloserState, amperes: number, from: number, to: number): RecloserState {
  const curve = elementOf(study, state);
  if (!state.closed) return to >= state.actsAt - tolerance ? { ...state, closed: true, disk: diskAtRest, actsAt: to + study.recloser.resetSeconds } : state;
  if (curve && untilOperation(curve, state.disk, amperes) <= to - from + tolerance) {
    const wait = study.recloser.openSeconds[state.shots];
    return { ...state, closed: false, lockedOut: wait === undefined, shots: state.shots + 1, openings: state.openings + 1, disk: diskAtRest, actsAt: wait === undefined ? Infinity : to + wait };
  }
  const disk = curve ? turned(curve, state.disk, amperes, to - from) : state.disk;
  const resets = to >= state.actsAt - tolerance && disk.travel === 0;
  return { ...state, disk, ...(resets ? { shots: 0, actsAt: Infinity } : {}) };
}

/** When it does something by itself at this current. */
export function recloserNext(study: Study, state: RecloserState, amperes: number, now: number): number {
  const curve = elementOf(study, state);
  if (!state.closed) return state.actsAt;
  const trip = curve ? now + untilOperation(curve, state.disk, amperes) : Infinity;
  return Math.min(trip, state.actsAt > now + tolerance ? state.actsAt : Infinity);
}

const tolerance = 1e-6;

function elementOf({ shots, recloser }: Study, state: RecloserState) {
  const shot = shots[Math.min(state.shots, shots.length - 1)];
  return shot && { data: shot.data, pickupAmperes: recloser.tripAmperes, dial: shot.dial, reset: "at-once" as const };
}
