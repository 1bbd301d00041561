import { resetSecondsAtMultiple, secondsAtMultiple, type CurveData } from "./curve.ts";

/**
 * What an element does once the current is below pickup: `disk` falls back by the curve's own reset characteristic, `at-once` begins anew, and a number of seconds
 * holds the travel that long, then begins anew.
 */
export type ResetRule = "disk" | "at-once" | number;

export interface ElementCurve {
  readonly data: CurveData;
  readonly pickupAmperes: number;
  readonly dial: number;
  readonly reset: ResetRule;
}

/** Travel 0 at rest, 1 operates. `below`: seconds spent below pickup, for a held reset. */
export interface Disk {
  readonly travel: number;
  readonly below: number;
}

export const diskAtRest: Disk = { travel: 0, below: 0 };

/** Travel per second: IEEE C37.112 integrates dt / t(I), so that any constant current operates after exactly t(I). Negative: falling back. */
function speed({ data, pickupAmperes, dial }: ElementCurve, amperes: number): number {
  const multiple = amperes / pickupAmperes;
  const toOperate = secondsAtMultiple(data, multiple) * dial;
  if (toOperate !== Infinity) return 1 / toOperate;
  const toRest = resetSecondsAtMultiple(data, multiple);
  return toRest === undefined ? 0 : -1 / (toRest * dial);
}

/** The disk after `seconds` at a constant current. It stops at 1. */
export function turned(curve: ElementCurve, disk: Disk, amperes: number, seconds: number): Disk {
  const rate = speed(curve, amperes);
  if (rate > 0) return { travel: Math.min(1, disk.travel + rate * seconds), below: 0 };
  if (disk.travel === 0) return diskAtRest;
  if (curve.reset === "disk") return { travel: Math.max(0, disk.travel + rate * seconds), below: 0 };
  const below = disk.below + seconds;
  return curve.reset === "at-once" || below >= curve.reset ? diskAtRest : { travel: disk.travel, below };
}

/** Seconds until the disk operates if the current stays; Infinity where it never does. */
export function untilOperation(curve: ElementCurve, disk: Disk, amperes: number): number {
  const rate = speed(curve, amperes);
  return rate > 0 ? Math.max(0, (1 - disk.travel) / rate) : Infinity;
}
