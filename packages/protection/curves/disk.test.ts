import fc from "fast-check";
import { expect, test } from "vitest";
import { secondsAtMultiple } from "./curve.ts";
import { diskAtRest, turned, untilOperation, type ElementCurve } from "./disk.ts";
import { relayCurves } from "./relay-curves.ts";

const veryInverse: ElementCurve = { data: relayCurves["ieee-very-inverse"], pickupAmperes: 100, dial: 1, reset: "disk" };

test("at a constant current it operates after exactly the curve's time, in whatever steps", () => {
  fc.assert(fc.property(fc.constantFrom(...Object.values(relayCurves)), fc.double({ min: 1.01, max: 50, noNaN: true }), fc.integer({ min: 1, max: 40 }), (data, multiple, steps) => {
    const curve: ElementCurve = { data, pickupAmperes: 100, dial: 0.7, reset: "at-once" };
    const time = 0.7 * secondsAtMultiple(data, multiple);
    let disk = diskAtRest;
    for (let step = 0; step < steps; step++) disk = turned(curve, disk, 100 * multiple, (0.999 * time) / steps);
    expect(disk.travel).toBeCloseTo(0.999, 9);
    expect(untilOperation(curve, disk, 100 * multiple)).toBeCloseTo(0.001 * time, 6 - Math.ceil(Math.log10(time + 1)));
  }));
});

test("a current that varies operates when the parts of its times make one", () => {
  // IEEE very inverse: 7.0277 s at twice pickup, 1.3081 s at five times. Half of the first, then half of the second.
  const half = turned(veryInverse, diskAtRest, 200, 7.02766667 / 2);
  expect(half.travel).toBeCloseTo(0.5, 6);
  expect(untilOperation(veryInverse, half, 500)).toBeCloseTo(1.30808333 / 2, 6);
});

test("the disk falls back by the reset characteristic: 21.6/(1−M²) seconds from full travel", () => {
  const full = { travel: 1, below: 0 };
  // Without current 21.6 s; at half the pickup 21.6/.75 = 28.8 s.
  expect(turned(veryInverse, full, 0, 10.8).travel).toBeCloseTo(0.5, 12);
  expect(turned(veryInverse, full, 50, 14.4).travel).toBeCloseTo(0.5, 12);
  expect(turned(veryInverse, full, 0, 1000)).toEqual(diskAtRest);
  expect(turned(veryInverse, full, 100, 1000).travel).toBe(1);
});

test("a reset at once begins anew, a held one keeps its travel for so long", () => {
  const half = { travel: 0.5, below: 0 };
  expect(turned({ ...veryInverse, reset: "at-once" }, half, 99, 0.001)).toEqual(diskAtRest);
  const held: ElementCurve = { ...veryInverse, reset: 2 };
  const waiting = turned(held, half, 0, 1.5);
  expect(waiting.travel).toBe(0.5);
  expect(turned(held, waiting, 0, 0.5)).toEqual(diskAtRest);
  expect(turned(held, waiting, 200, 0.001).travel).toBeGreaterThan(0.5);
});
