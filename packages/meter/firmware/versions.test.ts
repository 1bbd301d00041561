import { expect, test } from "vitest";
import { isFault } from "./firmware-runner.ts";
import { version1, version2 } from "./images.generated.ts";
import { inThreadRunner } from "./in-thread-runner.ts";
import { energyKind, input, mostStateOctets, mostSteps, output } from "./interface.ts";

const runner = inThreadRunner();
const { active, reactive, apparent } = energyKind;

interface Phase {
  readonly volts: number;
  readonly amperes: number;
  readonly degrees: number;
}

/** Counts of `steps` steps of `seconds` each; `state` goes on. */
function measured(image: Uint8Array, phases: readonly Phase[], { steps = 1, seconds = 900, state = new Uint8Array(mostStateOctets) } = {}): (place: number) => number {
  const firmware = runner.load(image);
  if (isFault(firmware)) throw new Error(firmware.what);
  const inputs = new Float64Array(steps * input.length);
  const outputs = new Float64Array(steps * output.length);
  for (let step = 0; step < steps; step++) {
    const at = step * input.length;
    inputs[at + input.seconds] = seconds;
    for (const [index, { volts, amperes, degrees }] of phases.entries()) {
      inputs[at + input.volts + index] = volts;
      inputs[at + input.amperes + index] = amperes;
      inputs[at + input.cosine + index] = Math.cos((degrees * Math.PI) / 180);
      inputs[at + input.sine + index] = Math.sin((degrees * Math.PI) / 180);
    }
  }
  expect(runner.run(firmware, { state, inputs, outputs, steps })).toBeUndefined();
  return (place) => Array.from({ length: steps }, (_, step) => outputs[step * output.length + place] ?? 0).reduce((sum, count) => sum + count, 0);
}

test.each([
  [30, 1], [150, 2], [-150, 3], [-30, 4],
])("a current that lags by %i degrees is of quadrant %i", (degrees, quadrant) => {
  // 240 V × 10 A for a quarter of an hour are 600 VAh; cos 30° is .8660254, sin 30° is .5.
  const counts = measured(version2, [{ volts: 240, amperes: 10, degrees }]);
  const all = [1, 2, 3, 4].map((one) => [counts(output.energy(0, active, one)), counts(output.energy(0, reactive, one)), counts(output.energy(0, apparent, one))]);
  expect(all).toEqual([1, 2, 3, 4].map((one) => (one === quadrant ? [519_615, expect.closeTo(300_000, -0.5), expect.closeTo(600_000, -0.5)] : [0, 0, 0])));
});

test("version 1 takes energy received for energy delivered; version 2 does not", () => {
  const received: Phase = { volts: 240, amperes: 10, degrees: 180 };
  const kinds = (image: Uint8Array): { delivered: number; received: number } => {
    const counts = measured(image, [received]);
    const of = (...quadrants: readonly number[]): number => quadrants.reduce((sum, quadrant) => sum + counts(output.energy(0, active, quadrant)), 0);
    return { delivered: of(1, 4), received: of(2, 3) };
  };
  expect(kinds(version1)).toEqual({ delivered: 600_000, received: 0 });
  expect(kinds(version2)).toEqual({ delivered: 0, received: 600_000 });
});

test("each phase has its counts, and all phases together are vectors: what one delivers another may give back", () => {
  const counts = measured(version2, [{ volts: 120, amperes: 10, degrees: 0 }, { volts: 120, amperes: 5, degrees: 180 }, { volts: 120, amperes: 1, degrees: 90 }]);
  const place = (segment: number, kind: number, quadrant: number): number => counts(output.energy(segment, kind, quadrant));
  expect([place(1, active, 1), place(2, active, 2), place(3, reactive, 1)]).toEqual([300_000, 150_000, 30_000]);
  expect([place(0, active, 1), place(0, reactive, 1), place(0, apparent, 1)]).toEqual([150_000, 30_000, Math.floor(Math.hypot(150_000, 30_000))]);
});

test("what makes no whole milliwatt-hour is kept for the next step, over any number of calls", () => {
  const state = new Uint8Array(mostStateOctets);
  // 1 V × 1 A for one second: .2777… mWh; 360 of them are a tenth of a watt-hour.
  let sum = 0;
  for (let call = 0; call < 4; call++) sum += measured(version2, [{ volts: 1, amperes: 1, degrees: 0 }], { steps: 90, seconds: 1, state })(output.energy(0, active, 1));
  expect(Math.abs(sum - 100)).toBeLessThanOrEqual(1);
});

test("a call takes 96 steps, each as if it were alone", () => {
  const phase = { volts: 240, amperes: 10, degrees: 0 };
  expect(measured(version2, [phase], { steps: mostSteps, seconds: 60 })(output.energy(0, active, 1))).toBe(96 * 40_000);
});
