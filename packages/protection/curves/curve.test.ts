import { expect, test } from "vitest";
import { secondsAt, secondsAtMultiple, type CurveData } from "./curve.ts";
import { deviceCurves } from "./device-curves.ts";
import { relayCurves } from "./relay-curves.ts";

/** Each curve rounds to `digits` as its source prints it. */
function expectTimes(data: CurveData, dial: number, multiples: readonly number[], times: readonly number[], digits = 3): void {
  expect(multiples.map((multiple) => (dial * secondsAtMultiple(data, multiple)).toFixed(digits))).toEqual(times.map((time) => time.toFixed(digits)));
}

// A published relay manual (GE M60, "IEEE inverse time curve trip times"), TD 1 and TD 10.
const published = [1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test("[OCP-3] IEEE curves give the times of a published table of trip times", () => {
  expectTimes(relayCurves["ieee-very-inverse"], 1, published, [16.179, 7.028, 2.942, 1.798, 1.308, 1.051, 0.9, 0.802, 0.736, 0.689]);
  expectTimes(relayCurves["ieee-moderately-inverse"], 1, published, [6.439, 3.803, 2.432, 1.946, 1.688, 1.526, 1.412, 1.327, 1.26, 1.207]);
  expectTimes(relayCurves["ieee-extremely-inverse"], 10, published, [226.817, 95.217, 36.467, 20.017, 12.967, 9.274, 7.092, 5.693, 4.742, 4.065]);
});

test("[OCP-3] IEEE curves give the times of the tables that another program ships", () => {
  // OpenDSS default curves mod_inv, very_inv, ext_inv (curves/opendss-licence.md), four decimals.
  const multiples = [1.1, 1.3, 2, 5, 20, 100];
  expectTimes(relayCurves["ieee-moderately-inverse"], 1, multiples, [27.1053, 9.9029, 3.8032, 1.6883, 0.9481, 0.6478], 4);
  expectTimes(relayCurves["ieee-very-inverse"], 1, multiples, [93.872, 28.9113, 7.0277, 1.3081, 0.5401, 0.493], 4);
  expectTimes(relayCurves["ieee-extremely-inverse"], 1, multiples, [134.4074, 40.9913, 9.5217, 1.2967, 0.1924, 0.1245], 4);
});

test("[OCP-3] IEC curves give the times that their formulas give by hand", () => {
  // By hand: 13.5/(2−1), 13.5/(10−1); 80/(2²−1), 80/(10²−1); 120/(3−1), 120/(5−1); .14/(2^.02−1) with 2^.02 = 1.0139595, 10^.02 = 1.0471285.
  expectTimes(relayCurves["iec-very-inverse"], 1, [2, 10], [13.5, 1.5]);
  expectTimes(relayCurves["iec-extremely-inverse"], 1, [2, 10], [26.667, 0.808]);
  expectTimes(relayCurves["iec-long-time-inverse"], 1, [3, 5], [60, 30]);
  expectTimes(relayCurves["iec-standard-inverse"], 1, [2, 10], [10.029, 2.971]);
});

test("the time dial multiplies, a definite time is the dial, added time is added, and at pickup nothing happens", () => {
  const curve = { data: relayCurves["iec-very-inverse"], pickupAmperes: 100, dial: 0.5 };
  expect(secondsAt(curve, 200)).toBeCloseTo(6.75, 12);
  expect(secondsAt({ ...curve, addedSeconds: 0.25 }, 200)).toBeCloseTo(7, 12);
  expect(secondsAt(curve, 100)).toBe(Infinity);
  expect(secondsAt({ ...curve, addedSeconds: 0.25 }, 99)).toBe(Infinity);
  expect(secondsAt({ data: relayCurves["definite-time"], pickupAmperes: 100, dial: 3 }, 100.1)).toBe(3);
});

test("curves of points go through their points and are straight on log-log paper between them", () => {
  const { "fuse-k": fuse, "recloser-a": fast } = deviceCurves;
  fuse.multiples.forEach((multiple, index) => expect(secondsAtMultiple(fuse, multiple)).toBeCloseTo(fuse.seconds[index] ?? NaN, 12));
  // Half way between 3 and 4 on the logarithmic scale, half way between 4 s and 1.3 s: √12 and √5.2.
  expect(secondsAtMultiple(fuse, Math.sqrt(12))).toBeCloseTo(Math.sqrt(5.2), 12);
  expect(secondsAtMultiple(fuse, 1.99)).toBe(Infinity);
  expect(secondsAtMultiple(fuse, NaN)).toBe(Infinity);
  expect(secondsAtMultiple(fuse, 1000)).toBe(0.02);
  expect(secondsAtMultiple(fast, 1)).toBe(0.15);
});

test("no delayed curve is faster than the fast one", () => {
  for (let multiple = 1; multiple < 100; multiple *= 1.01) {
    expect(secondsAtMultiple(deviceCurves["recloser-d"], multiple)).toBeGreaterThan(secondsAtMultiple(deviceCurves["recloser-a"], multiple));
  }
});
