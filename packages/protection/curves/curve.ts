/**
 * A time-current characteristic as data, over multiples of pickup (relays, reclosers) or of rated current (fuses, breakers). `source` says where its numbers come from.
 */
export type CurveData =
  | {
      readonly form: "inverse";
      readonly name: string;
      /** t = dial · (a / (Mᵖ − 1) + b), seconds. */
      readonly a: number;
      readonly b: number;
      readonly p: number;
      /** t = dial · reset / (1 − M²), seconds from full travel to rest; absent where no open source gives it. */
      readonly reset?: number;
      readonly source: string;
    }
  | { readonly form: "definite"; readonly name: string; readonly source: string }
  | {
      readonly form: "points";
      readonly name: string;
      /** Rising; below the first nothing happens. */
      readonly multiples: readonly number[];
      readonly seconds: readonly number[];
      readonly source: string;
    };

/** A curve with its dial, over amperes at the device's own place. */
export interface TimedCurve {
  readonly data: CurveData;
  /** Amperes at M = 1. */
  readonly pickupAmperes: number;
  /** Factor of the time; with a definite time the seconds themselves. */
  readonly dial: number;
  /** Added to every time: opening, arcing. Seconds. */
  readonly addedSeconds?: number;
}

/** Seconds at a constant current; Infinity where the device never acts. */
export function secondsAt(curve: TimedCurve, amperes: number): number {
  const seconds = curve.dial * secondsAtMultiple(curve.data, amperes / curve.pickupAmperes);
  return seconds === Infinity ? Infinity : seconds + (curve.addedSeconds ?? 0);
}

/** Seconds at dial 1. The pickup itself does not act (C37.112 and 60255-151 define M > 1); a table acts from its first point on. */
export function secondsAtMultiple(data: CurveData, multiple: number): number {
  if (data.form === "points") return interpolated(data, multiple);
  if (multiple <= 1) return Infinity;
  return data.form === "definite" ? 1 : data.a / (multiple ** data.p - 1) + data.b;
}

/** Seconds from full travel to rest at dial 1 and a multiple below 1. Undefined where the curve has no such characteristic. */
export function resetSecondsAtMultiple(data: CurveData, multiple: number): number | undefined {
  if (data.form !== "inverse" || data.reset === undefined) return undefined;
  return multiple >= 1 ? Infinity : data.reset / (1 - multiple ** 2);
}

/** Amperes from which the device acts at all. */
export function leastAmperes(curve: TimedCurve): number {
  return curve.pickupAmperes * (curve.data.form === "points" ? (curve.data.multiples[0] ?? Infinity) : 1);
}

/** Straight lines between the points on log-log paper, as such tables are drawn; past the last point its time stands. */
function interpolated({ multiples, seconds }: Extract<CurveData, { form: "points" }>, multiple: number): number {
  const first = multiples[0] ?? Infinity;
  if (!(multiple >= first)) return Infinity;
  const after = multiples.findIndex((point) => point > multiple);
  if (after === -1) return seconds.at(-1) ?? Infinity;
  const [m0, m1, t0, t1] = [multiples[after - 1] ?? first, multiples[after] ?? first, seconds[after - 1] ?? Infinity, seconds[after] ?? Infinity];
  return t0 * (t1 / t0) ** (Math.log(multiple / m0) / Math.log(m1 / m0));
}
